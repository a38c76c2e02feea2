// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>A command summary as the suite prints it for people: by kcore-minutes, the largest first.</summary>
internal static class CommandPage
{
    /// <summary>The lines of <c>nite/daycms</c> and <c>nite/cms</c>: what fits on a page.</summary>
    public const int Lines = 56;

    /// <summary>The commands among them; six lines stand above.</summary>
    public const int Commands = Lines - 6;

    /// <summary>The first page of <c>acctcms -a</c>: title, headings, totals of all, at most 50 commands.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteFirst(Stream output, CommandSummary summary) => Write(output, summary, Commands);

    /// <summary>All of it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteAll(Stream output, CommandSummary summary) => Write(output, summary, int.MaxValue);

    /// <summary>The commands, the most kcore-minutes first.</summary>
    public static CommandFigures[] Rows(CommandSummary summary)
    {
        var rows = summary.Figures(CommandView.Total);
        CommandFigures.Sort(rows, row => row.KcoreMinutes);
        return rows;
    }

    private static void Write(Stream output, CommandSummary summary, int most)
    {
        var rows = Rows(summary);
        var shown = rows.Length > most ? rows[..most] : rows;
        new AcctcmsReport(new(output), shown).Write(summary.Total(CommandView.Total, rows), CommandView.Total);
    }
}
