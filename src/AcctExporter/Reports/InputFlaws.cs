// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>What in a file is no record: how often, why, and where first.</summary>
internal sealed class InputFlaws
{
    private readonly ulong[] counts = new ulong[RejectReason.Count];
    private long first = -1;

    /// <summary>How often.</summary>
    public ulong Total
    {
        get
        {
            var sum = 0UL;
            foreach (var count in counts)
            {
                sum += count;
            }

            return sum;
        }
    }

    /// <summary>By <see cref="DecodeStatus"/>, for the scanner to add to.</summary>
    public Span<ulong> Counts => counts;

    /// <summary>Adds one more.</summary>
    public void Add(DecodeStatus status, long place)
    {
        counts[(int)status]++;
        Note(place);
    }

    /// <summary>Keeps the place of a flaw if it is the first one in the file.</summary>
    public void Note(long place) => first = first < 0 ? place : Math.Min(first, place);

    /// <summary>
    /// After the scanner has added flaws: keeps the place of the first, which is where a record does not follow the one
    /// before it.
    /// </summary>
    /// <param name="data">What was scanned.</param>
    /// <param name="place">Where in the file it begins.</param>
    /// <param name="offsets">Where the records were found.</param>
    public void NoteGap(ReadOnlySpan<byte> data, long place, ReadOnlySpan<int> offsets)
    {
        var expected = 0;
        foreach (var offset in offsets)
        {
            if (offset != expected)
            {
                break;
            }

            expected = offset + AcctRecord.SizeOf(data[offset + 1]);
        }

        Note(place + expected);
    }

    /// <summary>For a person: <c>1 place is no accounting record (1 of zeros), the first at byte 640</c>.</summary>
    public override string ToString()
    {
        var reasons = RejectReason.All.Where(status => counts[(int)status] > 0)
            .Select(status => $"{counts[(int)status]} {Words(status)}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{Total} {(Total == 1 ? "place is no accounting record" : "places are no accounting records")}"
            + $" ({string.Join(", ", reasons)}), the first at byte {first}");
    }

    private static string Words(DecodeStatus status) => status switch
    {
        DecodeStatus.Hole => "of zeros",
        DecodeStatus.UnknownVersion => "of an unknown version",
        DecodeStatus.BadFlags => "with impossible flags",
        DecodeStatus.BadElapsed => "with an impossible elapsed time",
        DecodeStatus.BadCommand => "with an impossible name",
        DecodeStatus.BadPid => "without a process id",
        DecodeStatus.ImplausibleV0 => "of implausible v0",
        DecodeStatus.Misaligned => "in the wrong place",
        DecodeStatus.Torn => "cut off",
        _ => RejectReason.Label(status),
    };
}
