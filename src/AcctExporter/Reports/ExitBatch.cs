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
    private ushort[]? ticksRoom;
    private ExitTruth[]? truthsRoom;

    /// <summary>The most exits in a batch.</summary>
    public const int Capacity = 4096;

    /// <summary>The records' bytes: <see cref="Capacity"/> records of 64 bytes in the machine's byte order.</summary>
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(Capacity * AcctRecord.Size);

    /// <summary>Exits in it.</summary>
    public int Count { get; set; }

    /// <summary>Ticks a second of each; null when all have 100.</summary>
    public ushort[]? TicksPerSecond { get; private set; }

    /// <summary>What is known better of each; null when the records are all there is.</summary>
    public ExitTruth[]? Truths { get; private set; }

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

    /// <summary>Empties it and keeps its memory.</summary>
    public void Clear()
    {
        Count = 0;
        TicksPerSecond = null;
        Truths = null;
        IsSystemV = false;
    }

    /// <summary>Where the record of an exit stands, to be written.</summary>
    public Span<byte> Slot(int i) => Bytes.AsSpan(i * AcctRecord.Size, AcctRecord.Size);

    /// <summary>Says the ticks a second of an exit; the others have 100 until it is said.</summary>
    public void SetTicks(int i, ushort ticksPerSecond)
    {
        if (TicksPerSecond is null)
        {
            if (ticksPerSecond == AcctRecord.DefaultTicksPerSecond)
            {
                return;
            }

            TicksPerSecond = ticksRoom ??= new ushort[Capacity];
            Array.Fill(TicksPerSecond, (ushort)AcctRecord.DefaultTicksPerSecond);
        }

        TicksPerSecond[i] = ticksPerSecond;
    }

    /// <summary>Says what is known better of an exit; of the others nothing is known until it is said.</summary>
    public void SetTruth(int i, in ExitTruth truth)
    {
        if (Truths is null)
        {
            Truths = truthsRoom ??= new ExitTruth[Capacity];
            Array.Clear(Truths);
        }

        Truths[i] = truth;
    }

    /// <summary>Turns the order of the exits round.</summary>
    public void Reverse()
    {
        MemoryMarshal.Cast<byte, RawV3>(Bytes.AsSpan())[..Count].Reverse();
        TicksPerSecond?.AsSpan(0, Count).Reverse();
        Truths?.AsSpan(0, Count).Reverse();
    }
}
