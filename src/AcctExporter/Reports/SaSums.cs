// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Intrinsics;

namespace AcctExporter.Reports;

/// <summary>
/// What <c>sa</c> adds up for a row: doubles, added record by record in the order of the input, for the last digits of
/// the classic report depend on it.
/// </summary>
internal struct SaSums
{
    /// <summary>Seconds of CPU in user mode and in the kernel, seconds from start to end, and I/O.</summary>
    public Vector256<double> Times;

    /// <summary>Memory in the classic unit (KiB over the KiB of a page), minor faults, major faults, swaps.</summary>
    public Vector256<double> Usage;

    /// <summary>Exits.</summary>
    public ulong Calls;

    /// <summary>Seconds of CPU in user mode.</summary>
    public readonly double User => Times[0];

    /// <summary>Seconds of CPU in the kernel.</summary>
    public readonly double System => Times[1];

    /// <summary>Seconds from start to end.</summary>
    public readonly double Elapsed => Times[2];

    /// <summary>Of records, <c>ac_io</c> over the ticks of a second, as GNU sa has it; of true exits, blocks.</summary>
    public readonly double Io => Times[3];

    /// <summary>The address space at exit: KiB over the KiB of a page, as GNU sa has it.</summary>
    public readonly double Memory => Usage[0];

    /// <summary>Page faults served without storage.</summary>
    public readonly double MinorFaults => Usage[1];

    /// <summary>Page faults that waited for storage.</summary>
    public readonly double MajorFaults => Usage[2];

    /// <summary><c>ac_swaps</c>.</summary>
    public readonly double Swaps => Usage[3];

    /// <summary>CPU seconds.</summary>
    public readonly double Cpu => User + System;

    /// <summary>Adds another row's sums to these.</summary>
    public void Add(in SaSums other)
    {
        Times += other.Times;
        Usage += other.Usage;
        Calls += other.Calls;
    }
}
