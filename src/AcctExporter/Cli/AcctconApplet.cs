// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter acctcon</c>: login records to total accounting of connect time.</summary>
internal static class AcctconApplet
{
    private const string Name = "acctcon";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io) => Create(io, LoginAccounts.OfHost());

    /// <summary>The command, with the users of some other host.</summary>
    public static AppletCommand Create(ReportIo io, LoginAccounts accounts)
    {
        var flags = new ConnectFlags(Name, io);
        var command = new AppletCommand(
            Name, "Total the connect time of each user from login records (wtmp) on standard input", io)
        {
            flags.LineUse, flags.Reboots, flags.Holidays, flags.Carry, flags.Compat,
        };
        command.SetWork((result, format) =>
        {
            if (!flags.Fit(result))
            {
                return ExitCode.Usage;
            }

            var compat = result.GetValue(flags.Compat);
            var totals = new ConnectTotals(accounts, compat);
            var accounting = new ConnectAccounting(io, new(Name)
            {
                Compat = compat,
                Holidays = result.GetRequiredValue(flags.Holidays),
                Carry = result.GetValue(flags.Carry),
            }, totals.Add);
            return flags.Files.With(null, null, (from, to) =>
            {
                var read = accounting.Read(from);
                if (read == ConnectResult.Failed)
                {
                    return ExitCode.Failure;
                }

                totals.Write(to, format);
                var code = flags.WriteReports(result, format, accounting);
                accounting.Keep();
                return code == ExitCode.Done ? flags.CodeOf(result, null, accounting, read) : code;
            });
        });
        return command;
    }
}
