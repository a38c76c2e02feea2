// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter acctcon1</c>: login records to sessions, one a line.</summary>
internal static class Acctcon1Applet
{
    private const string Name = "acctcon1";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io) => Create(io, LoginAccounts.OfHost());

    /// <summary>The command, with the users and terminals of some other host.</summary>
    public static AppletCommand Create(ReportIo io, LoginAccounts accounts)
    {
        var flags = new ConnectFlags(Name, io);
        var print = AppletFiles.Switch("--print", "-p", "Only print the records: line, user and time");
        var last = AppletFiles.Switch("--last-time", "-t", "Charge open sessions up to the last record, not up to now");
        var command = new AppletCommand(
            Name, "List the sessions of login records (wtmp) on standard input, in the order of their ends", io)
        {
            print, last, flags.LineUse, flags.Reboots, flags.Holidays, flags.Carry, flags.Compat,
        };
        command.SetWork((result, format) =>
        {
            if (!flags.Fit(result))
            {
                return ExitCode.Usage;
            }

            var compat = result.GetValue(flags.Compat);
            return flags.Files.With(null, null, (from, to) =>
            {
                if (result.GetValue(print))
                {
                    var left = RecordList.Write(from, to, format, io.Clock.LocalTimeZone, compat);
                    return left == 0 ? ExitCode.Done : compat ? ExitCode.Failure
                        : flags.Files.Told(null, left, "their bytes are left out");
                }

                var sessions = new CtmpText(to, format, accounts, io.Clock.LocalTimeZone, compat);
                var accounting = new ConnectAccounting(io, new(Name)
                {
                    Compat = compat,
                    TwoSteps = true,
                    UntilNow = !result.GetValue(last),
                    Holidays = result.GetRequiredValue(flags.Holidays),
                    Carry = result.GetValue(flags.Carry),
                }, sessions.Add);
                var read = accounting.Read(from);
                sessions.End();
                if (read == ConnectResult.Failed)
                {
                    return ExitCode.Failure;
                }

                var code = flags.WriteReports(result, format, accounting);
                accounting.Keep();
                return code == ExitCode.Done ? flags.CodeOf(result, null, accounting, read) : code;
            });
        });
        return command;
    }
}
