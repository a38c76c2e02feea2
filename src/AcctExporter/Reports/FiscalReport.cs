// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>The report of a closed period (<c>fiscal/fiscrptP</c>): its users, its commands, the last logins.</summary>
internal static class FiscalReport
{
    /// <summary>Writes it from <c>fiscal/tacctP</c>, <c>fiscal/cmsP</c> and <c>sum/loginlog</c>.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="paths">The suite's files.</param>
    /// <param name="period">The period, as its files are named by it: <c>2026-07</c>.</param>
    /// <param name="head">For the headings.</param>
    /// <param name="compat">Pages and names as the original has them.</param>
    /// <param name="say">Takes what is missing or damaged, a sentence each.</param>
    /// <returns>How the reading went.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static ReadResult Write(
        Stream output, SuitePaths paths, string period, ReportHead head, bool compat, Action<string> say)
    {
        var files = new DailyFiles(say);
        var pages = new SuitePages(output, head, compat);
        pages.Users("", files.Tacct(paths.OfFiscal("tacct", period)));
        pages.Commands(
            $"TOTAL COMMAND SUMMARY FOR FISCAL {period}", files.Commands(paths.OfFiscal("cms", period)),
            CommandPage.WriteAll);
        pages.LastLogins(files.Text(paths.LoginLog));
        return files.Result;
    }
}
