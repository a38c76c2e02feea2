// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// Total accounting as <c>prtacct</c> prints it: headings, the total of all, and then each record, between tabs. In
/// ours the columns stand below each other with names of any length, and behind the original's columns are the mean of
/// the disk samples, since their sum is no usage, and the printed pages.
/// </summary>
/// <param name="form">The columns that somebody chose; null for these.</param>
/// <param name="compat">As the original, to the byte.</param>
internal sealed class TacctTable(TacctForm? form, bool compat)
{
    private const int TabWidth = 8;

    /// <summary>A name wider than that moves the columns behind it in its own row only.</summary>
    private const int WidestColumn = 31;

    private readonly List<(uint Uid, byte[] Name, TacctSums Sums)> records = [];
    private readonly List<(uint Uid, byte[] Name, ClassicTacct Figures)> classic = [];

    private static ReadOnlySpan<byte> TotalName => "TOTAL"u8;

    /// <summary>The table of users.</summary>
    public static void Write(Stream output, UserTable<TacctSums> users, bool compat)
    {
        var table = new TacctTable(null, compat);
        foreach (var (uid, name, sums) in users.Sorted())
        {
            table.Add(uid, name, sums, ClassicTacct.Of(sums).InFields(isAix: false));
        }

        table.Write(output);
    }

    /// <summary>A record.</summary>
    /// <param name="uid">The user's number.</param>
    /// <param name="name">The user's name.</param>
    /// <param name="sums">The figures.</param>
    /// <param name="figures">The same in the precision of the originals, which count by their rules.</param>
    public void Add(uint uid, ReadOnlySpan<byte> name, in TacctSums sums, in ClassicTacct figures)
    {
        if (compat)
        {
            classic.Add((uid, SafeText.Of(name.ToArray()), figures));
        }
        else
        {
            records.Add((uid, SafeText.Of(name.ToArray()), sums));
        }
    }

    /// <summary>Writes it.</summary>
    public void Write(Stream output)
    {
        var text = new ReportText(output);
        if (compat || form is not null)
        {
            WriteLines(text);
        }
        else
        {
            WriteColumns(text);
        }

        text.Flush();
    }

    private void WriteLines(ReportText text)
    {
        var lines = new TacctText(text, form ?? new() { Fields = TacctField.Classic, IsCut = true });
        if (form is null || form.Fields.AsSpan().SequenceEqual(TacctField.Classic))
        {
            text.Add("\tLOGIN \t   CPU (MINS)\t  KCORE-MINS\tCONNECT (MINS)\tDISK\t# OF\t# OF\t# DISK\tFEE\n"u8);
            text.Add("UID\tNAME \t PRIME\tNPRIME\tPRIME\tNPRIME\tPRIME\tNPRIME\tBLOCKS\tPROCS\tSESS\tSAMPLES\t\n"u8);
        }
        else
        {
            lines.AddHeadings();
        }

        if (compat)
        {
            var total = default(ClassicTacct);
            foreach (var (_, _, figures) in classic)
            {
                total.Add(figures, form?.IsAix ?? false);
            }

            lines.Add(0, TotalName, total);
            foreach (var (uid, name, figures) in classic)
            {
                lines.Add(uid, name, figures);
            }

            return;
        }

        lines.Add(0, TotalName, Total(out _));
        foreach (var (uid, name, sums) in records)
        {
            lines.Add(uid, name, sums);
        }
    }

    private void WriteColumns(ReportText text)
    {
        Span<byte> room = stackalloc byte[FieldText.LongestBytes];
        var width = TabWidth - 1;
        foreach (var (_, name, _) in records)
        {
            var length = FieldText.Write(name, room);
            width = Math.Max(width, length > WidestColumn ? 0 : length / TabWidth * TabWidth + TabWidth - 1);
        }

        // With short names there are no blanks behind them.
        var pad = width < TabWidth ? 0 : width;
        text.Add((byte)'\t');
        text.AddLeft("LOGIN "u8, pad);
        text.Add("\t   CPU (MINS)\t  KCORE-MINS\tCONNECT (MINS)\tDISK\t# OF\t# OF\t# DISK\tFEE\tDISK\tPAGES\nUID\t"u8);
        text.AddLeft("NAME "u8, pad);
        text.Add("\t PRIME\tNPRIME\tPRIME\tNPRIME\tPRIME\tNPRIME\tBLKSUM\tPROCS\tSESS\tSAMPLES\t\tBLKMEAN\t\n"u8);
        var figures = new TacctText(text, new()
        {
            Fields = [.. TacctField.Classic.Skip(2)],
        });
        Row(0, TotalName, Total(out var mean), mean);
        foreach (var (uid, name, sums) in records)
        {
            Row(uid, name, sums, Mean(sums));
        }

        void Row(uint uid, ReadOnlySpan<byte> name, in TacctSums sums, double? meanBlocks)
        {
            Span<byte> shown = stackalloc byte[FieldText.LongestBytes];
            text.Add(uid);
            text.Add((byte)'\t');
            text.AddLeft(shown[..FieldText.Write(name, shown)], pad);
            text.Add((byte)'\t');
            figures.AddFigures(sums);
            text.Add((byte)'\t');
            if (meanBlocks is { } blocks)
            {
                text.Advance(FixedText.Write(blocks, 0, 0, text.Room(FixedText.LongestBytes)));
            }
            else
            {
                text.Add((byte)'-');
            }

            text.Add((byte)'\t');
            text.Add(sums.PrintedPages);
            text.Add((byte)'\n');
        }
    }

    /// <summary>Everybody's sums, and what all used on disks: the sum of everybody's mean.</summary>
    private TacctSums Total(out double? mean)
    {
        var total = default(TacctSums);
        mean = null;
        foreach (var (_, _, sums) in records)
        {
            total.Add(sums);
            mean = Mean(sums) is { } own ? own + (mean ?? 0) : mean;
        }

        return total;
    }

    /// <summary>Blocks; null for somebody whose disk usage was not looked at.</summary>
    private static double? Mean(in TacctSums sums) =>
        sums.DiskSamples > 0 ? sums.DiskBytes / (double)TacctSums.BlockBytes / sums.DiskSamples : null;
}
