// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// A summary of commands as <c>acctcms -a</c> prints it. The column of names has the classic eight letters, and more
/// where a name has more; whatever is in a name, the terminal sees no control character.
/// </summary>
/// <param name="text">Where it goes.</param>
/// <param name="rows">The commands, in the order in which they are printed.</param>
internal sealed class AcctcmsReport(ReportText text, IReadOnlyList<CommandFigures> rows)
{
    private const int ClassicNameWidth = 8;

    private readonly int nameWidth = rows.Count == 0 ? ClassicNameWidth
        : Math.Max(ClassicNameWidth, rows.Max(row => row.Name.CopyTo(new byte[CommandName.Size])));

    /// <summary>The report of one kind of time, or of all of it.</summary>
    /// <param name="total">All commands together.</param>
    /// <param name="view">Which.</param>
    public void Write(in CommandFigures total, CommandView view)
    {
        text.Add(view switch
        {
            CommandView.Prime => "                                   PRIME TIME COMMAND SUMMARY\n"u8,
            CommandView.NonPrime => "                                  NON-PRIME TIME COMMAND SUMMARY\n"u8,
            CommandView.Both => "                                PRIME/NON-PRIME TIME COMMAND SUMMARY\n"u8,
            _ => "                                     TOTAL COMMAND SUMMARY\n"u8,
        });
        Headings(view);
        text.Add((byte)'\n');
        Row(total, "TOTALS"u8, view);
        text.Add((byte)'\n');
        Rows(view);
        text.Flush();
    }

    /// <summary>Exceptions: of all time, without totals, below a title that the caller writes.</summary>
    public void WriteExceptions()
    {
        Headings(CommandView.Total);
        text.Add("\n\n"u8);
        Rows(CommandView.Total);
        text.Flush();
    }

    private void Headings(CommandView view)
    {
        if (view == CommandView.Both)
        {
            Heading("COMMAND "u8, "       NUMBER         TOTAL          CPU-MIN                 REAL-MIN"u8);
            text.Add("        MEAN    MEAN      HOG       CHARS       BLOCKS\n"u8);
            Heading("NAME    "u8, "     (P)    (NP)   KCOREMIN       (P)      (NP)          (P)         (NP)"u8);
            text.Add("  SIZE-K  CPU-MIN   FACTOR     TRNSFD        READ\n"u8);
        }
        else
        {
            Heading("COMMAND "u8, "  NUMBER      TOTAL       TOTAL       TOTAL   MEAN"u8);
            text.Add("    MEAN     HOG         CHARS     BLOCKS\n"u8);
            Heading("NAME    "u8, "    CMDS    KCOREMIN     CPU-MIN   REAL-MIN  SIZE-K"u8);
            text.Add("  CPU-MIN  FACTOR      TRNSFD      READ\n"u8);
        }
    }

    private void Rows(CommandView view)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        foreach (var row in rows)
        {
            Row(row, name[..row.Name.CopyTo(name)], view);
        }
    }

    /// <summary>The report of all time in the columns of old (<c>-t</c>).</summary>
    public void WriteOld(in CommandFigures total)
    {
        Heading("COMMAND "u8, "  NUMBER      TOTAL       TOTAL       TOTAL   MEAN"u8);
        text.Add("     MEAN     HOG      CHARS        BLOCKS\n"u8);
        Heading("NAME    "u8, "    CMDS    KCOREMIN     CPU-MIN     REAL-MIN SIZE-K"u8);
        text.Add("  CPU-MIN  FACTOR   TRNSFD         READ\n\n"u8);
        OldRow(total, "TOTALS"u8);
        text.Add((byte)'\n');
        Span<byte> name = stackalloc byte[CommandName.Size];
        foreach (var row in rows)
        {
            OldRow(row, name[..row.Name.CopyTo(name)]);
        }

        text.Flush();
    }

    private void Heading(ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest)
    {
        text.AddLeft(name, nameWidth);
        text.Add(rest);
    }

    private void Row(in CommandFigures row, ReadOnlySpan<byte> name, CommandView view)
    {
        // In the report of one kind of time only what ran in it for the longer part of its life.
        if (row.Count == 0 && view is CommandView.Prime or CommandView.NonPrime)
        {
            return;
        }

        Name(name);
        if (view == CommandView.Both)
        {
            text.Add(row.PrimeCount, 8);
            text.Add(row.NonPrimeCount, 8);
            Number(row.KcoreMinutes, 11);
            Number(row.PrimeCpuMinutes, 9);
            Number(row.NonPrimeCpuMinutes, 9);
            Number(row.PrimeRealMinutes, 12);
            Number(row.NonPrimeRealMinutes, 12);
        }
        else
        {
            text.Add(row.Count, 8);
            Number(row.KcoreMinutes, 11);
            Number(row.CpuMinutes, 9);
            Number(row.RealMinutes, 12);
        }

        Number(row.MeanKib, 7);
        Number(row.MeanCpuMinutes, 6);
        Number(row.HogFactor, 5);
        Io(row, 12, 10);
    }

    private void OldRow(in CommandFigures row, ReadOnlySpan<byte> name)
    {
        Name(name);
        text.Add((byte)' ');
        text.Add(row.Count, 7);
        Number(row.KcoreMinutes, 11);
        Number(row.CpuMinutes, 10);
        Number(row.RealMinutes, 12);
        Number(row.MeanKib, 6);
        Number(row.MeanCpuMinutes, 7);
        Number(row.HogFactor, 8);
        Io(row, 11, 11);
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        Span<byte> safe = stackalloc byte[CommandName.Size];
        name.CopyTo(safe);
        SafeText.MakeSafe(safe[..name.Length]);
        text.AddLeft(safe[..name.Length], nameWidth);
    }

    private void Io(in CommandFigures row, int characterWidth, int blockWidth)
    {
        if (row.HasIo)
        {
            Number(row.Characters, characterWidth, "F0");
            Number(row.Blocks, blockWidth, "F0");
        }
        else
        {
            text.Add((byte)' ', characterWidth);
            text.Add((byte)'-');
            text.Add((byte)' ', blockWidth);
            text.Add((byte)'-');
        }

        text.Add((byte)'\n');
    }

    /// <summary>A blank and the number, right-justified, as printf(3) has it.</summary>
    private void Number(double value, int width, string format = "F2")
    {
        // The largest number that there can be has 309 digits.
        Span<byte> digits = stackalloc byte[320];
        int length;
        if (double.IsFinite(value))
        {
            value.TryFormat(digits, out length, format, CultureInfo.InvariantCulture);
        }
        else
        {
            var word = double.IsNaN(value) ? "nan"u8 : value > 0 ? "inf"u8 : "-inf"u8;
            word.CopyTo(digits);
            length = word.Length;
        }

        text.Add((byte)' ', 1 + Math.Max(0, width - length));
        text.Add(digits[..length]);
    }
}
