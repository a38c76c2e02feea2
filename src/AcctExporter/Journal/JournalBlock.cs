// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Records;

namespace AcctExporter.Journal;

/// <summary>
/// What one pass counted: exits, the decisions that they need, and the position in the source behind them. One object
/// is filled, written and emptied over and over, and allocates nothing once it has grown.
/// </summary>
internal sealed class JournalBlock
{
    /// <summary>The most exits in a block.</summary>
    public const int MaxExits = 4096;

    /// <summary>The most bytes of decisions in a block.</summary>
    public const int MaxDecisionBytes = 1 << 20;

    /// <summary>The most bytes of extensions in a block, over all exits.</summary>
    public const int MaxExtensionBytes = 1 << 20;

    /// <summary>The pair of exits that are counted under no name of their own.</summary>
    public const int OtherPair = -1;

    /// <summary>The pair of exits that are counted nowhere.</summary>
    public const int DroppedPair = -2;

    private byte[] records = [];
    private int[] recordEnds = [];
    private int[] pairs = [];
    private byte[] extensions = [];
    private int[] extensionEnds = [];
    private int recordBytes;
    private int extensionBytes;

    /// <summary>Number of the block, from 1, without gaps: given by the journal when it is appended.</summary>
    public ulong Sequence { get; set; }

    /// <summary>Wall clock when it was counted, in microseconds since 1970.</summary>
    public long UnixMicroseconds { get; set; }

    /// <summary>Where the source stands behind this block.</summary>
    public SourcePosition Position { get; set; }

    /// <summary>Number of exits.</summary>
    public int Count { get; private set; }

    /// <summary>True when no further exit fits.</summary>
    public bool IsFull => Count == MaxExits;

    /// <summary>Decisions, opaque to the journal: they are applied before the exits of the same block.</summary>
    public ArrayBufferWriter<byte> Decisions { get; } = new();

    /// <summary>The raw records one behind the other.</summary>
    public ReadOnlySpan<byte> Records => records.AsSpan(0, recordBytes);

    /// <summary>The pair of each exit.</summary>
    public ReadOnlySpan<int> Pairs => pairs.AsSpan(0, Count);

    /// <summary>Bytes of extensions over all exits; 0 when no exit has one.</summary>
    public int ExtensionBytes => extensionBytes;

    /// <summary>Empties the block and keeps its memory.</summary>
    public void Clear()
    {
        Sequence = 0;
        UnixMicroseconds = 0;
        Position = default;
        Count = 0;
        recordBytes = 0;
        extensionBytes = 0;
        Decisions.ResetWrittenCount();
    }

    /// <summary>Adds one exit.</summary>
    /// <param name="rawRecord">The record as the kernel wrote it: <see cref="AcctRecord.SizeOf"/> bytes.</param>
    /// <param name="pair">The pair that it is counted under, from <see cref="DroppedPair"/> up.</param>
    /// <param name="extension">What another source knows of the exit; mostly nothing.</param>
    public void Add(ReadOnlySpan<byte> rawRecord, int pair, ReadOnlySpan<byte> extension)
    {
        if (rawRecord.Length < 2 || rawRecord.Length != AcctRecord.SizeOf(rawRecord[1]))
        {
            throw new ArgumentException($"{rawRecord.Length} bytes are no record", nameof(rawRecord));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(pair, DroppedPair);
        if (Count >= MaxExits || extension.Length > MaxExtensionBytes - extensionBytes)
        {
            throw new InvalidOperationException(
                $"a block holds at most {MaxExits} exits and {MaxExtensionBytes} bytes of extensions");
        }

        rawRecord.CopyTo(NextRecord());
        AddNext(rawRecord.Length, pair, extension);
    }

    /// <summary>Where the next record goes: room for the longest. Only a reader may write there.</summary>
    public Span<byte> NextRecord()
    {
        Reserve();
        return records.AsSpan(recordBytes, AcctRecord.Size);
    }

    /// <summary>Adds the exit whose record is in <see cref="NextRecord"/>, of a block that was checked.</summary>
    /// <param name="length">The record's length.</param>
    /// <param name="pair">The pair that it is counted under.</param>
    /// <param name="extension">What another source knows of the exit.</param>
    public void AddNext(int length, int pair, ReadOnlySpan<byte> extension)
    {
        recordBytes += length;
        recordEnds[Count] = recordBytes;
        pairs[Count] = pair;
        if (!extension.IsEmpty)
        {
            AddExtension(extension);
        }

        extensionEnds[Count] = extensionBytes;
        Count++;
    }

    /// <summary>The raw record of an exit.</summary>
    public ReadOnlySpan<byte> RecordOf(int i) => Part(records, recordEnds, i);

    /// <summary>The pair that an exit is counted under.</summary>
    public int PairOf(int i) => Pairs[i];

    /// <summary>What another source knows of an exit.</summary>
    public ReadOnlySpan<byte> ExtensionOf(int i) => Part(extensions, extensionEnds, i);

    private ReadOnlySpan<byte> Part(byte[] bytes, int[] ends, int i)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)Count, nameof(i));
        var start = i == 0 ? 0 : ends[i - 1];
        return bytes.AsSpan(start, ends[i] - start);
    }

    private void AddExtension(ReadOnlySpan<byte> extension)
    {
        if (extensionBytes + extension.Length > extensions.Length)
        {
            Array.Resize(ref extensions, Math.Max(extensions.Length * 2, extensionBytes + extension.Length));
        }

        extension.CopyTo(extensions.AsSpan(extensionBytes));
        extensionBytes += extension.Length;
    }

    private void Reserve()
    {
        if (Count == pairs.Length)
        {
            var size = Math.Clamp(Count * 2, 64, MaxExits);
            Array.Resize(ref pairs, size);
            Array.Resize(ref recordEnds, size);
            Array.Resize(ref extensionEnds, size);
            Array.Resize(ref records, size * AcctRecord.Size);
        }
    }
}
