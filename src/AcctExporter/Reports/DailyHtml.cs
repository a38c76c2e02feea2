// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>The daily report as one page of HTML: the figures of the printed report, as they are printed.</summary>
internal static class DailyHtml
{
    private static readonly (int Field, string Title)[] UserColumns =
    [
        (TacctField.PrimeCpu, "CPU minutes, prime"), (TacctField.NonPrimeCpu, "CPU minutes, non-prime"),
        (TacctField.PrimeKcore, "Kcore-minutes, prime"), (TacctField.NonPrimeKcore, "Kcore-minutes, non-prime"),
        (TacctField.PrimeConnect, "Connect minutes, prime"), (TacctField.NonPrimeConnect, "Connect minutes, non-prime"),
        (TacctField.DiskBlocks, "Disk blocks, all samples"), (TacctField.DiskSamples, "Disk samples"),
        (TacctField.Pages, "Pages"), (TacctField.Processes, "Processes"), (TacctField.Sessions, "Sessions"),
        (TacctField.Fee, "Fees"),
    ];

    /// <summary>Writes all of it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Stream output, DailyReport report)
    {
        var page = Begin(output, report, "Daily report");
        WriteReboots(page, report.Reboots);
        WriteLines(page, report.LineUse);
        Users(page, "Usage by user", report.Users);
        Commands(page, "Commands of the day", report.Commands, CommandPage.Rows, CommandPage.Commands);
        Commands(page, "Commands of the period", report.PeriodCommands, CommandPage.Rows, CommandPage.Commands);
        WriteLastLogins(page, report.LastLogins);
        WriteStates(page, report.States);
        page.End();
    }

    /// <summary>Writes the exceptions only.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="report">The report.</param>
    /// <param name="ofCommands">Those of commands.</param>
    /// <param name="ofUsers">Those of users.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteExceptions(Stream output, DailyReport report, bool ofCommands, bool ofUsers)
    {
        var page = Begin(output, report, "Exceptions");
        if (ofCommands)
        {
            Commands(
                page, $"Commands with more than {DailyExceptions.CpuMinutes} CPU minutes or "
                + $"{DailyExceptions.CommandKcoreMinutes} kcore-minutes", report.Commands, DailyExceptions.Of,
                int.MaxValue, hasTotal: false);
        }

        if (ofUsers)
        {
            Users(
                page, $"Users with more than {DailyExceptions.CpuMinutes} CPU minutes, "
                + $"{DailyExceptions.UserKcoreMinutes} kcore-minutes or {DailyExceptions.ConnectMinutes} minutes "
                + "logged in, in prime or in non-prime time",
                report.Users is null ? null : DailyExceptions.Of(report.Users), hasTotal: false);
        }

        page.End();
    }

    private static HtmlPage Begin(Stream output, DailyReport report, string title)
    {
        var day = report.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var page = new HtmlPage(output, $"{title} {day}, {report.Head.Host}");
        page.Line(string.Create(CultureInfo.InvariantCulture, $"Taken {report.Head.At:yyyy-MM-dd HH:mm zzz}"));
        return page;
    }

    private static void WriteReboots(HtmlPage page, byte[]? reboots)
    {
        if (!IsThere(page, "Reboots", reboots))
        {
            return;
        }

        page.Table("Reboots", new("Count"), new("What", true));
        foreach (var line in LoginlogText.Split(reboots!).Select(Encoding.UTF8.GetString))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            page.Row(tab < 0 ? "" : line[..tab], line[(tab + 1)..]);
        }

        page.EndTable();
    }

    private static void WriteLines(HtmlPage page, byte[]? lineuse)
    {
        if (!IsThere(page, "Line use", lineuse))
        {
            return;
        }

        var use = LineUseLines.Of(lineuse!);
        page.Table(
            $"Line use in {use.DurationMinutes} minutes", new("Line", true), new("Minutes"), new("Percent"),
            new("Sessions"), new("Logins"), new("Logouts"));
        foreach (var line in use.Lines)
        {
            page.Row(
                line.Line, Text(line.Minutes), Text(line.Percent), Text(line.Sessions), Text(line.Logins),
                Text(line.Logouts));
        }

        page.EndTable();
    }

    private static void Users(HtmlPage page, string caption, UserTable<TacctSums>? users, bool hasTotal = true)
    {
        if (!IsThere(page, caption, users))
        {
            return;
        }

        page.Table(
            caption,
            [
                new("User number"), new("User", true), .. UserColumns.Select(column => new HtmlColumn(column.Title)),
                new("Disk blocks, mean"),
            ]);
        var (total, mean) = (default(TacctSums), (double?)null);
        foreach (var (_, _, sums) in users!.Sorted())
        {
            total.Add(sums);
            mean = Mean(sums) is { } own ? own + (mean ?? 0) : mean;
        }

        if (hasTotal)
        {
            page.TotalRow(["", "All", .. Cells(total), Text(mean)]);
        }

        foreach (var (uid, name, sums) in users.Sorted())
        {
            page.Row([Text(uid), Encoding.UTF8.GetString(name), .. Cells(sums), Text(Mean(sums))]);
        }

        page.EndTable();
    }

    /// <summary>Blocks; null for somebody whose disk usage was not looked at.</summary>
    private static double? Mean(in TacctSums sums) =>
        sums.DiskSamples > 0 ? sums.DiskBytes / (double)TacctSums.BlockBytes / sums.DiskSamples : null;

    private static string Text(double? blocks) => blocks is { } number ? Text(number, "F0") : "-";

    private static IEnumerable<string> Cells(TacctSums sums) => UserColumns.Select(column =>
        column.Field == TacctField.Fee
            ? (sums.FeeMilliunits / (decimal)TacctSums.FeeParts).ToString("0.###", CultureInfo.InvariantCulture)
            : TacctField.Get(sums, column.Field).ToString("F0", CultureInfo.InvariantCulture));

    private static void Commands(
        HtmlPage page, string caption, CommandSummary? summary, Func<CommandSummary, CommandFigures[]> choose,
        int most, bool hasTotal = true)
    {
        if (!IsThere(page, caption, summary))
        {
            return;
        }

        var rows = choose(summary!);
        page.Table(
            rows.Length > most ? $"{caption}, the first {most} of {rows.Length} by kcore-minutes" : caption,
            new("Command", true), new("Processes"), new("Kcore-minutes"), new("CPU minutes"), new("Real minutes"),
            new("Mean KiB"), new("Mean CPU minutes"), new("Hog factor"), new("Characters"), new("Blocks"));
        if (hasTotal)
        {
            page.TotalRow(["All", .. Cells(summary!.Total(CommandView.Total, CommandPage.Rows(summary)))]);
        }

        foreach (var row in rows.Take(most))
        {
            var name = new byte[CommandName.Size];
            page.Row([Encoding.UTF8.GetString(name.AsSpan(0, row.Name.CopyTo(name))), .. Cells(row)]);
        }

        page.EndTable();
    }

    private static string[] Cells(CommandFigures row) =>
    [
        Text(row.Count), Text(row.KcoreMinutes, "F2"), Text(row.CpuMinutes, "F2"), Text(row.RealMinutes, "F2"),
        Text(row.MeanKib, "F2"), Text(row.MeanCpuMinutes, "F2"), Text(row.HogFactor, "F2"),
        row.HasIo ? Text(row.Characters, "F0") : "-", row.HasIo ? Text(row.Blocks, "F0") : "-",
    ];

    private static void WriteLastLogins(HtmlPage page, byte[]? loginlog)
    {
        if (!IsThere(page, "Last logins", loginlog))
        {
            return;
        }

        page.Table("Last logins", new("User", true), new("Day", true));
        foreach (var (name, day) in LoginlogText.Entries(loginlog!))
        {
            page.Row(name, day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "never");
        }

        page.EndTable();
    }

    private static void WriteStates(HtmlPage page, IReadOnlyList<DailyState> states)
    {
        if (states.Count > 0)
        {
            page.Table("States of the run", new("State", true), new("Outcome", true), new("Warnings"));
            foreach (var state in states)
            {
                page.Row(state.Name, state.Outcome, Text(state.Warnings));
            }

            page.EndTable();
        }
    }

    private static bool IsThere(HtmlPage page, string part, object? what)
    {
        if (what is null)
        {
            page.Line($"{part}: not available.");
        }

        return what is not null;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double number, string format) =>
        number.ToString(format, CultureInfo.InvariantCulture);
}
