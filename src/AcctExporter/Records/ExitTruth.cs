// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// What is known of an exit beside its accounting record, as far as reports show it: from taskstats, through the
/// journal. All zero when nothing is known.
/// </summary>
internal struct ExitTruth
{
    /// <summary>CPU time in user mode.</summary>
    public ulong UserMicroseconds;

    /// <summary>CPU time in the kernel.</summary>
    public ulong SystemMicroseconds;

    /// <summary>Time from the start of the process to its end.</summary>
    public ulong ElapsedMicroseconds;

    /// <summary>Bytes read and written by system calls (<see cref="TaskFigures"/>).</summary>
    public ulong CallBytes;

    /// <summary>Bytes read from storage, and those that storage must write.</summary>
    public ulong StorageBytes;

    /// <summary>True when the figures above are known.</summary>
    public bool IsKnown;
}
