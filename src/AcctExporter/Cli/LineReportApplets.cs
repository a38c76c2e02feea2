// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter lineuse</c> and <c>acct-exporter reboots</c>: the reports that <c>acctcon -l</c> and <c>-o</c>
/// write, over a login file.
/// </summary>
internal static class LineReportApplets
{
    private const string Wtmp = "/var/log/wtmp";

    /// <summary>The command <c>lineuse</c>.</summary>
    public static AppletCommand CreateLineUse(ReportIo io) => Create(
        io, "lineuse", "Show how long each line was used, from a login file",
        (accounting, output, format, compat) => LineUseText.Write(
            output, format, accounting.Lines, accounting.Reasons.DurationSeconds, compat));

    /// <summary>The command <c>reboots</c>.</summary>
    public static AppletCommand CreateReboots(ReportIo io) => Create(
        io, "reboots", "Show how often the system started, and what else was written to a login file for a reason",
        (accounting, output, format, _) =>
            RebootText.Write(output, format, accounting.Reasons, io.Clock.LocalTimeZone));

    private static AppletCommand Create(
        ReportIo io, string name, string help, Action<ConnectAccounting, Stream, ReportFormat, bool> write)
    {
        var flags = new ConnectFlags(name, io);
        var file = new Argument<string>("FILE")
        {
            Description = "A wtmp file; - is standard input",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => Wtmp,
        };
        var command = new AppletCommand(name, help, io) { file, flags.Compat };
        command.SetWork((result, format) =>
        {
            var compat = result.GetValue(flags.Compat);
            var input = result.GetRequiredValue(file);
            return flags.Files.With(input, null, (from, to) =>
            {
                // What the classic reports end with is the command that makes them.
                var accounting = new ConnectAccounting(io, new("acctcon") { Compat = compat }, _ => { });
                var read = accounting.Read(from);
                write(accounting, to, format, compat);
                return flags.CodeOf(result, input, accounting, read);
            });
        });
        return command;
    }
}
