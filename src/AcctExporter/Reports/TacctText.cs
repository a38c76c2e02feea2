// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// Total accounting as lines: user number, name, and figures in minutes, kcore minutes, blocks and counts, between
/// tabs. <c>acctmerg -i</c> reads them back.
/// </summary>
/// <param name="text">Where they go.</param>
/// <param name="form">What they look like.</param>
internal sealed class TacctText(ReportText text, TacctForm form)
{
    /// <summary>Letters of a name by the classic rules.</summary>
    public const int CompatNameLength = 8;

    private const int FewestDecimals = 6;

    /// <summary>By the number of decimals: with so many every double can be told.</summary>
    private static readonly string[] Formats =
        [.. Enumerable.Range(0, 17).Select(decimals => string.Create(CultureInfo.InvariantCulture, $"e{decimals}"))];

    private readonly bool isClassic = form.Fields.AsSpan().SequenceEqual(TacctField.Classic) && form.IsVerbose;

    /// <summary>The names of the fields.</summary>
    public void AddHeadings()
    {
        for (var column = 0; column < form.Fields.Length; column++)
        {
            text.Add(TacctField.Heading(form.Fields[column]));
            End(column);
        }
    }

    /// <summary>A record.</summary>
    public void Add(uint uid, ReadOnlySpan<byte> name, in TacctSums sums)
    {
        for (var column = 0; column < form.Fields.Length; column++)
        {
            var field = form.Fields[column];
            if (!IsKey(field, uid, name))
            {
                Add(field, sums);
            }

            End(column);
        }
    }

    /// <summary>The figures of a record in the middle of a line.</summary>
    public void AddFigures(in TacctSums sums)
    {
        for (var column = 0; column < form.Fields.Length; column++)
        {
            if (column > 0)
            {
                text.Add((byte)'\t');
            }

            Add(form.Fields[column], sums);
        }
    }

    /// <summary>A record in the precision of the originals.</summary>
    public void Add(uint uid, ReadOnlySpan<byte> name, in ClassicTacct figures)
    {
        for (var column = 0; column < form.Fields.Length; column++)
        {
            var field = form.Fields[column];
            if (IsKey(field, uid, name))
            {
            }
            else if (TacctField.IsCount(field) || (field == TacctField.Fee && !form.IsAix))
            {
                text.Add((long)figures[field]);
            }
            else
            {
                Figure(figures[field], FewestDecimals);
            }

            End(column);
        }
    }

    private bool IsKey(int field, uint uid, ReadOnlySpan<byte> name)
    {
        if (field == TacctField.Uid)
        {
            text.Add(uid);
        }
        else if (field == TacctField.Name)
        {
            Name(name);
        }

        return field is TacctField.Uid or TacctField.Name;
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        if (!form.IsCut)
        {
            text.Advance(FieldText.Write(name, text.Room(FieldText.LongestBytes)));
            return;
        }

        foreach (var value in name[..Math.Min(name.Length, CompatNameLength)])
        {
            // A line feed would begin a record of its own.
            text.Add(value is < (byte)' ' or 0x7f ? (byte)'?' : value);
        }
    }

    private void Add(int field, in TacctSums sums)
    {
        if (TacctField.IsCount(field))
        {
            text.Add(TacctField.GetCount(sums, field));
        }
        else if (field == TacctField.Fee)
        {
            Fee(sums.FeeMilliunits);
        }
        else
        {
            var isExact = form.IsVerbose && !form.IsRounded;
            Figure(TacctField.Get(sums, field), isExact ? Decimals(field, sums) : FewestDecimals);
        }
    }

    /// <summary>So many that the figure is read back as it is; not more than a double has.</summary>
    private static int Decimals(int field, in TacctSums sums)
    {
        Span<byte> digits = stackalloc byte[FixedText.LongestBytes];
        var value = TacctField.Get(sums, field);
        for (var decimals = FewestDecimals; decimals < Formats.Length - 1; decimals++)
        {
            var length = Scientific(value, decimals, digits);
            var read = sums;
            if (TacctLine.TryNumber(digits[..length], out var again))
            {
                TacctField.Set(ref read, field, again);
            }

            if (read == sums)
            {
                return decimals;
            }
        }

        return Formats.Length - 1;
    }

    private void Fee(long milliunits)
    {
        var (whole, part) = Math.DivRem(milliunits, TacctSums.FeeParts);
        if (milliunits < 0 && whole == 0)
        {
            text.Add((byte)'-');
        }

        text.Add(whole);
        if (part != 0)
        {
            part = Math.Abs(part);
            Span<byte> digits =
            [
                (byte)'.', (byte)('0' + (part / 100)), (byte)('0' + (part / 10 % 10)), (byte)('0' + (part % 10)),
            ];
            text.Add(digits.TrimEnd((byte)'0'));
        }
    }

    private void Figure(double value, int decimals)
    {
        var room = text.Room(FixedText.LongestBytes);
        text.Advance(form.IsVerbose && double.IsFinite(value) ? Scientific(value, decimals, room)
            : FixedText.Write(value, 0, 0, room));
    }

    /// <summary><c>%e</c>: .NET's exponents have three digits, C's two where they do.</summary>
    private static int Scientific(double value, int decimals, Span<byte> room)
    {
        value.TryFormat(room, out var length, Formats[decimals], CultureInfo.InvariantCulture);
        if (room[length - 3] == '0')
        {
            room[(length - 2)..length].CopyTo(room[(length - 3)..]);
            length--;
        }

        return length;
    }

    /// <summary>
    /// What stands behind a field: of the lines with 13 fields, the originals have blanks in the middle.
    /// </summary>
    private void End(int column)
    {
        const int firstFigure = 2;
        const int processes = 9;
        text.Add(column == form.Fields.Length - 1 ? (byte)'\n'
            : isClassic && column is >= firstFigure and <= processes ? (byte)' ' : (byte)'\t');
    }
}
