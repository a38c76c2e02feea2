// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter ckpacct</c>: the check of the hour.</summary>
internal static class CkpacctApplet
{
    /// <summary>The settings of the agent that count.</summary>
    private static readonly string[] Settings =
        [.. SuitePlace.Settings, "suite.groups", "suite.minimum-free", "logins.holidays", "accounting.path"];

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var blocks = new Argument<string?>("BLOCKS")
        {
            Description = "So many blocks of 512 bytes of the journal's closed files may stay uncharged "
                + $"({AccountingCheck.ClassicBytes / TacctSums.BlockBytes} unless given)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var compat = AppletFiles.Switch("--compat", null, "As the original: 500 blocks must be free");
        var command = new AppletCommand(
            AccountingCheck.Name, "Look for room, and charge what of the journal is closed", io)
        {
            HasFormat = false,
            Like = "ckpacct(8) of the System V accounting suite",
            Differences = "ckpacct",
            Examples =
            [
                new("ckpacct", "once an hour, where the agent does not do it"),
                new("ckpacct 0", "charge all closed files now"),
            ],
        };
        command.Add(blocks);
        command.AddOurs([compat]);
        var flags = new SettingFlags(command, Settings);
        command.SetWork((result, _) =>
        {
            var limit = AccountingCheck.ClassicBytes;
            if (result.GetValue(blocks) is { } text)
            {
                if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    io.Errors.WriteLine(
                        $"{AccountingCheck.Name}: '{text}' is no number of blocks: 500, or another whole number");
                    return ExitCode.Usage;
                }

                limit = (long)number * TacctSums.BlockBytes;
            }

            return flags.Load(result)?.Options is not { } agent ? ExitCode.Usage
                : (int)new AccountingCheck(SuitePlace.Of(agent) with { Compat = result.GetValue(compat) }, io)
                {
                    Accounting = Switch(agent.Capture.AccountingPath),
                }.Run(limit);
        });
        return command;
    }

    /// <summary>Accounting to the usual file; null while an agent has accounting.</summary>
    private static AccountingSwitch? Switch(string accountingPath) =>
        AccountingLock.IsHeld(Path.Combine(accountingPath, "lock"), out _) ? null
        : new(
            () => ActiveAccounting.Find([ExitInputOptions.SystemFile]),
            file => new AccountingTurn(accountingPath, mayTake: false).To(file));
}
