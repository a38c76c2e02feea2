// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>How to read total accounting.</summary>
internal sealed record TacctInput
{
    /// <summary>What is neither ours nor text has this layout; null: it is not read.</summary>
    public TacctLayout? ReadAs { get; init; }

    /// <summary>It is text, whatever it looks like.</summary>
    public bool IsText { get; init; }

    /// <summary>The fields of a line of text; null for lines of 13 or 18.</summary>
    public int[]? Fields { get; init; }

    /// <summary>
    /// As the originals: what cannot be read, and a record without a name, end the input. Fees of 16 bits, or, on AIX,
    /// floats.
    /// </summary>
    public bool Compat { get; init; }

    /// <summary>By the rules of AIX.</summary>
    public bool IsAix { get; init; }
}

/// <summary>
/// Records of total accounting one after the other: of a file of ours, of text, or of a classic layout, whichever it
/// is. Bad records are left out and counted. Of the data it keeps one block.
/// </summary>
internal sealed class TacctRecords
{
    private const int LooksAt = 512;

    private readonly InputStream input;
    private readonly TacctInput options;
    private readonly byte[] name = new byte[FieldText.LongestBytes];
    private readonly byte[] record = new byte[TacctLayout.LongestSize];
    private readonly TacctFileReader? ours;
    private readonly TextLines? lines;
    private readonly Stream buffered;
    private int nameBytes;
    private bool hasEnded;
    private TacctSums sums;
    private ClassicTacct figures;

    private TacctRecords(InputStream input, Stream buffered, TacctInput options)
    {
        this.input = input;
        this.buffered = buffered;
        this.options = options;
        var begin = input.Peek(LooksAt);
        IsEmpty = begin.IsEmpty;
        if (options.IsText || (!TacctFile.IsOurs(begin) && IsText(begin)))
        {
            lines = new(input);
        }
        else if (TacctFile.IsOurs(begin) || begin.IsEmpty)
        {
            ours = new(buffered);
        }
        else if (options.ReadAs is null)
        {
            Fault = TacctFault.Foreign;
            hasEnded = true;
        }
    }

    /// <summary>Looks at the beginning, to see what it is.</summary>
    /// <param name="input">What to read; not closed.</param>
    /// <param name="options">How.</param>
    public static TacctRecords Of(InputStream input, TacctInput options) =>
        new(input, new BufferedStream(input, 64 * 1024), options);

    /// <summary>There is nothing in it at all.</summary>
    public bool IsEmpty { get; }

    /// <summary>Why nothing of it can be read.</summary>
    public TacctFault Fault { get; private set; }

    /// <summary>Why it could not be read to its end; null when it could, or when <see cref="Fault"/> says it.</summary>
    public Exception? ReadFault => input.Fault;

    /// <summary>Records that were read and are good.</summary>
    public long Count { get; private set; }

    /// <summary>Records or lines that are none: left out.</summary>
    public ulong BadRecords { get; private set; }

    /// <summary>The number of the first of them, from 1.</summary>
    public long FirstBad { get; private set; }

    /// <summary>It is text: <see cref="FirstBad"/> is a line.</summary>
    public bool IsOfLines => lines is not null;

    /// <summary>The user's number of the last record.</summary>
    public uint Uid { get; private set; }

    /// <summary>The user's name, which is not empty; good until the next one.</summary>
    public ReadOnlySpan<byte> Name => name.AsSpan(0, nameBytes);

    /// <summary>The figures.</summary>
    public ref readonly TacctSums Sums => ref sums;

    /// <summary>The figures in the precision of the originals; only by their rules.</summary>
    public ref readonly ClassicTacct Figures => ref figures;

    /// <summary>Reads the next good record.</summary>
    /// <returns>False at the end.</returns>
    public bool TryRead()
    {
        while (!hasEnded)
        {
            var isGood = ours is not null ? ReadOurs() : lines is not null ? ReadLine() : ReadClassic();
            if (isGood is null)
            {
                hasEnded = true;
            }
            else if (nameBytes == 0 && options.Compat)
            {
                // It looks like the end to the originals.
                hasEnded = true;
            }
            else if (isGood == true)
            {
                if (nameBytes == 0)
                {
                    name[nameBytes++] = UserNames.Unknown[0];
                }

                Count++;
                return true;
            }
            else
            {
                FirstBad = BadRecords++ == 0 ? lines?.Number ?? Count + 1 : FirstBad;
            }
        }

        return false;
    }

    /// <summary>Text has no NUL, and begins with a number.</summary>
    private static bool IsText(ReadOnlySpan<byte> begin)
    {
        var first = begin.TrimStart(" \t\r\n"u8);
        return !begin.IsEmpty && !begin.Contains((byte)0)
            && (first.IsEmpty || first[0] is (byte)'-' or (byte)'+' or (>= (byte)'0' and <= (byte)'9'));
    }

    /// <returns>Null at the end.</returns>
    private bool? ReadOurs()
    {
        if (!ours!.TryRead())
        {
            Fault = ours.Reading.Fault;
            FirstBad = BadRecords == 0 && ours.Reading.BadRecords > 0 ? Count + 1 : FirstBad;
            BadRecords += ours.Reading.BadRecords;
            return null;
        }

        Take(ours.Uid, ours.Name);
        sums = ours.Sums;
        if (options.Compat)
        {
            figures = ClassicTacct.Of(sums).InFields(options.IsAix);
        }

        return true;
    }

    private bool? ReadClassic()
    {
        var layout = options.ReadAs!.Value;
        var room = record.AsSpan(0, layout.Size);
        var got = buffered.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
        if (got < room.Length)
        {
            FirstBad = BadRecords == 0 && got > 0 ? Count + 1 : FirstBad;
            BadRecords += got > 0 ? 1UL : 0;
            return null;
        }

        Take(layout.Uid(room), layout.Name(room));
        figures = layout.Read(room);
        var isGood = figures.TrySums(out sums);
        figures = options.Compat ? figures.InFields(options.IsAix) : figures;
        return isGood || options.Compat;
    }

    private bool? ReadLine()
    {
        ReadOnlySpan<byte> line;
        do
        {
            if (!lines!.TryRead(out line))
            {
                return null;
            }
        }
        while (line.Trim(" \t\r"u8).IsEmpty);

        if (options.Compat)
        {
            return ReadCompat(line);
        }

        var isGood = options.Fields is { } fields
            ? TacctLine.TryRead(line, fields, name, out nameBytes, out var uid, out sums)
            : TacctLine.TryRead(line, name, out nameBytes, out uid, out sums);
        Uid = uid;
        return isGood;
    }

    private bool ReadCompat(ReadOnlySpan<byte> line)
    {
        var fields = options.Fields ?? (options.IsAix ? TacctField.All : TacctField.Classic);
        var isWhole = CompatTacctLine.TryRead(
            line, fields, options.IsAix, name, out nameBytes, out var uid, out figures);
        Uid = uid;
        figures.TrySums(out sums);
        // What stopped the original is still before it when it wants the next record: that has no name.
        BadRecords += isWhole ? 0UL : 1;
        FirstBad = isWhole ? FirstBad : lines!.Number;
        hasEnded = !isWhole;
        return true;
    }

    private void Take(uint uid, ReadOnlySpan<byte> from)
    {
        Uid = uid;
        nameBytes = from.Length;
        from.CopyTo(name);
    }
}
