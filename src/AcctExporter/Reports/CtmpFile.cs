// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>The lines of acctcon1 as total accounting (<c>acctcon2</c>), or on pages (<c>prctmp</c>).</summary>
internal static class CtmpFile
{
    private const int PageLines = 56;
    private const int PageColumns = 72;
    private const string Heading = "SESSIONS, SORTED BY ENDING TIME";

    private const string Columns =
        "\nMAJ/MIN\t\t\tCONNECT SECONDS\tSTART TIME\tSESSION START\n"
        + "DEVICE\tUID\tLOGIN\tPRIME\tNPRIME\t(NUMERIC)\tDATE\tTIME\n\n\n";

    /// <summary><c>acctcon2</c>: each session as a line of total accounting.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="format">As total accounting, or as rows.</param>
    /// <param name="compat">By the classic rules.</param>
    /// <param name="complain">Told of a line that is no session, by its number.</param>
    /// <returns>How many lines were left out.</returns>
    public static ulong Totals(
        Stream input, Stream output, ReportFormat format, bool compat, Action<long> complain)
    {
        var text = new ReportText(output);
        var rows = format == ReportFormat.Text ? null : new ReportRows(
            text, format, "uid", "user", "prime_connect_seconds", "nonprime_connect_seconds", "sessions");
        var totals = new TacctText(text, TacctForm.Lines(compat));
        var lines = new TextLines(input);
        ulong bad = 0;
        while (lines.TryRead(out var line))
        {
            if (!CtmpText.TryRead(line, out _, out var uid, out var name, out var split, out _))
            {
                bad += Told(line, lines.Number, complain);
            }
            else if (rows is null)
            {
                ConnectTotals.Add(totals, uid, name, split.PrimeSeconds, split.NonPrimeSeconds, 1, compat);
            }
            else
            {
                rows.Row();
                ConnectTotals.AddUid(rows, uid);
                rows.Add(name);
                rows.Add(split.PrimeSeconds);
                rows.Add(split.NonPrimeSeconds);
                rows.Add(1L);
            }
        }

        rows?.End();
        text.Flush();
        return bad;
    }

    /// <summary><c>prctmp</c> as rows.</summary>
    /// <returns>How many lines were left out.</returns>
    public static ulong Rows(IEnumerable<Stream> inputs, Stream output, ReportFormat format, Action<long> complain)
    {
        var rows = new ReportRows(
            new(output), format, "device", "uid", "user", "prime_seconds", "nonprime_seconds", "start");
        ulong bad = 0;
        foreach (var input in inputs)
        {
            var lines = new TextLines(input);
            while (lines.TryRead(out var line))
            {
                if (!CtmpText.TryRead(line, out var device, out var uid, out var name, out var split, out var start))
                {
                    bad += Told(line, lines.Number, complain);
                    continue;
                }

                rows.Row();
                ConnectTotals.AddUid(rows, device);
                ConnectTotals.AddUid(rows, uid);
                rows.Add(name);
                rows.Add(split.PrimeSeconds);
                rows.Add(split.NonPrimeSeconds);
                rows.AddInstant(start);
            }
        }

        rows.End();
        return bad;
    }

    /// <summary>
    /// <c>prctmp</c>: the lines as they are below a heading, on pages of 66 lines, as pr(1) makes them.
    /// </summary>
    /// <param name="inputs">Files of lines, one after another.</param>
    /// <param name="output">Where the pages go.</param>
    /// <param name="now">The date on them.</param>
    public static void Pages(IEnumerable<Stream> inputs, Stream output, DateTimeOffset now)
    {
        var text = new ReportText(output);
        var (page, line) = (0, 0);
        foreach (var input in inputs.Prepend(new MemoryStream(Encoding.ASCII.GetBytes(Columns))))
        {
            var lines = new TextLines(input);
            while (lines.TryRead(out var next))
            {
                if (line == 0)
                {
                    Begin(text, ++page, now);
                }

                text.Add(next);
                text.Add((byte)'\n');
                line = (line + 1) % PageLines;
                if (line == 0)
                {
                    text.Add((byte)'\n', 5);
                }
            }
        }

        text.Add((byte)'\n', line == 0 ? 0 : PageLines - line + 5);
        text.Flush();
    }

    /// <summary>The date to the left, the heading in the middle, the page's number to the right.</summary>
    private static void Begin(ReportText text, int page, DateTimeOffset now)
    {
        var date = now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var number = string.Create(CultureInfo.InvariantCulture, $"Page {page}");
        var blanks = Math.Max(0, PageColumns - date.Length - number.Length - Heading.Length);
        text.Add("\n\n"u8);
        text.Add(Encoding.ASCII.GetBytes(
            date + new string(' ', Math.Max(1, blanks / 2)) + Heading
            + new string(' ', Math.Max(1, blanks - (blanks / 2))) + number));
        text.Add("\n\n\n"u8);
    }

    private static ulong Told(ReadOnlySpan<byte> line, long number, Action<long> complain)
    {
        if (line.Trim(" \t\r"u8).IsEmpty)
        {
            return 0;
        }

        complain(number);
        return 1;
    }
}
