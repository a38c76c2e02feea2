// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Some thousand exits on their way from an <see cref="ExitInput"/> to a report, in the order in which the report shows
/// them. One object is filled over and over and allocates nothing once it has grown.
/// </summary>
internal sealed class ExitBatch
{
    /// <summary>The most exits in a batch.</summary>
    public const int Capacity = 4096;

    /// <summary>The records' bytes: <see cref="Capacity"/> records of 64 bytes in the machine's byte order.</summary>
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(Capacity * AcctRecord.Size);

    /// <summary>Exits in it.</summary>
    public int Count { get; set; }

    /// <summary>Ticks a second of each; null when all have 100.</summary>
    public ushort[]? TicksPerSecond { get; set; }

    /// <summary>What is known better of each; null when the records are all there is.</summary>
    public ExitTruth[]? Truths { get; set; }

    /// <summary>True for records of System V: their memory is pages summed over CPU ticks.</summary>
    public bool IsSystemV { get; set; }

    /// <summary>True when the records say everything: what a fast path asks.</summary>
    public bool IsPlain => TicksPerSecond is null && Truths is null && !IsSystemV;

    /// <summary>The records.</summary>
    public Span<RawV3> Records => MemoryMarshal.Cast<byte, RawV3>(Bytes.AsSpan())[..Count];

    /// <summary>One exit.</summary>
    public AcctEntry this[int i] => new(
        ref Records[i],
        TicksPerSecond?[i] ?? (ushort)AcctRecord.DefaultTicksPerSecond,
        ref Truths is null ? ref Unsafe.NullRef<ExitTruth>() : ref Truths[i]);
}
