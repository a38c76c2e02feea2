// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>Records of a stream, one behind the other or from any byte on: for who looks for a plausible one.</summary>
internal sealed class SlidingRecords
{
    private readonly Stream input;
    private readonly byte[] ahead;
    private int used;
    private int held;
    private long read;

    /// <summary>Reads the first bytes, which tell the layout.</summary>
    public SlidingRecords(Stream input)
    {
        this.input = input;
        ahead = new byte[UtmpLayout.SampleRecords * UtmpLayout.WideSize];
        held = input.ReadAtLeast(ahead, ahead.Length, throwOnEndOfStream: false);
        Layout = UtmpLayout.Detect(ahead.AsSpan(0, held), held < ahead.Length ? held : -1);
    }

    /// <summary>How the records lie.</summary>
    public UtmpLayout Layout { get; }

    /// <summary>Where the last record began, in bytes.</summary>
    public long Offset => read - Layout.Size;

    /// <summary>The record behind the last one; false when no whole one is left.</summary>
    public bool TryNext(Span<byte> record) => TryRead(record);

    /// <summary>The record that begins one byte later than the last one; false at the end.</summary>
    public bool TrySlide(Span<byte> record)
    {
        record[1..].CopyTo(record);
        return TryRead(record[^1..]);
    }

    private bool TryRead(Span<byte> into)
    {
        while (into.Length > 0)
        {
            if (used == held)
            {
                (used, held) = (0, input.Read(ahead));
                if (held == 0)
                {
                    return false;
                }
            }

            var part = Math.Min(into.Length, held - used);
            ahead.AsSpan(used, part).CopyTo(into);
            used += part;
            read += part;
            into = into[part..];
        }

        return true;
    }
}
