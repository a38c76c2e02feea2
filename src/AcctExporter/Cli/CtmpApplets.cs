// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter acctcon2</c> and <c>acct-exporter prctmp</c>: the sessions that <c>acctcon1</c> lists, as total
/// accounting, and on pages.
/// </summary>
internal static class CtmpApplets
{
    private const string TotalsName = "acctcon2";
    private const string PagesName = "prctmp";

    /// <summary>The command <c>acctcon2</c>.</summary>
    public static AppletCommand CreateTotals(ReportIo io)
    {
        var compat = AppletFiles.Switch("--compat", null, "Names of eight letters, as the classic command has them");
        var command = new AppletCommand(
            TotalsName, "Make total accounting of the sessions that acctcon1 lists, from standard input", io)
        {
            compat,
        };
        command.SetWork((result, format) =>
        {
            var files = new AppletFiles(TotalsName, io);
            return files.With(null, null, (from, to) => CodeOf(CtmpFile.Totals(
                from, to, format, result.GetValue(compat), line => Complain(files, null, line))));
        });
        return command;
    }

    /// <summary>The command <c>prctmp</c>.</summary>
    public static AppletCommand CreatePages(ReportIo io)
    {
        var names = new Argument<string[]>("FILE")
        {
            Description = "What acctcon1 listed; none or - is standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new AppletCommand(PagesName, "Print the sessions that acctcon1 lists on pages with headings", io)
        {
            names,
        };
        command.SetWork((result, format) =>
        {
            var files = new AppletFiles(PagesName, io);
            var inputs = new List<Stream>();
            foreach (var name in result.GetValue(names) is { Length: > 0 } some ? some : [AppletFiles.Standard])
            {
                if (files.Open(name) is not { } input)
                {
                    return ExitCode.CannotRead;
                }

                inputs.Add(input);
            }

            if (format != ReportFormat.Text)
            {
                return CodeOf(CtmpFile.Rows(inputs, io.Output, format, line => Complain(files, null, line)));
            }

            CtmpFile.Pages(inputs, io.Output, io.Clock.GetLocalNow());
            return ExitCode.Done;
        });
        return command;
    }

    private static void Complain(AppletFiles files, string? input, long line) =>
        files.Say($"{AppletFiles.NameOf(input)}: line {line} is not what acctcon1 writes: left out");

    private static int CodeOf(ulong bad) => bad == 0 ? ExitCode.Done : ExitCode.BadRecords;
}
