// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text;
using AcctExporter.Config;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter bill</c>: what the users of a period have to pay, by a table of prices.</summary>
internal static class BillApplet
{
    private const string Name = "bill";
    private const string Html = "html";
    private const string RatesSetting = "suite.rates";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var period = Text("--period", "PERIOD", "A closed period, as 2026-11; the open one unless given");
        var rates = Text("--rates", "FILE", $"The table of prices; that of {RatesSetting} unless given");
        var user = Text("--user", "USER", "Only this user, or with --by group this group: a name or a number");
        var by = new Option<string>("--by")
        {
            Description = "Bills for users, or for groups (where suite.groups keeps their totals)",
            HelpName = "user|group",
            DefaultValueFactory = _ => "user",
        };
        by.AcceptOnlyFromAmong("user", "group");
        var command = new AppletCommand(Name, "Make a bill of what a period's users used", io, Html)
        {
            Like = "the programs that sites added to monacct(8) of the System V accounting suite",
            Differences = Name,
            Examples =
            [
                new("bill --rates rates.yaml", "what everybody used since the last close"),
                new("bill --period 2026-11 --rates rates.yaml --user alice", "one user's bill of a closed period"),
                new("bill --period 2026-11 --by group --format csv", "a row for each line of each group's bill"),
            ],
        };
        command.AddOurs([period, rates, user, by]);
        var flags = new SettingFlags(command, [.. SuitePlace.Settings, RatesSetting]);
        command.SetWork((result, format) => SuitePlace.Read(command, flags, result, options =>
        {
            var work = new BillWork(io, options.Paths)
            {
                Period = result.GetValue(period),
                RatesFile = result.GetValue(rates) ?? options.Suite.RatesFile,
                Account = result.GetValue(user),
                IsByGroup = result.GetValue(by) == "group",
            };
            return work.Run(report => Write(io.Output, report, format, command.FormatWord(result) == Html));
        }));
        return command;
    }

    private static void Write(Stream output, BillReport report, ReportFormat format, bool isHtml)
    {
        Action<Stream> write = isHtml ? report.WriteHtml : format switch
        {
            ReportFormat.Json => report.WriteJson,
            ReportFormat.Csv => report.WriteCsv,
            _ => report.WriteText,
        };
        write(output);
    }

    private static Option<string?> Text(string name, string form, string help) => new(name)
    {
        Description = help,
        HelpName = form,
        // Of several the last.
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => result.Tokens[^1].Value,
    };

    /// <summary>What was asked for.</summary>
    private sealed record BillWork(ReportIo Io, SuitePaths Paths)
    {
        public required string? Period { get; init; }

        public required string RatesFile { get; init; }

        public required string? Account { get; init; }

        public required bool IsByGroup { get; init; }

        private string What => IsByGroup ? "group" : "user";

        public int Run(Action<BillReport> write)
        {
            if (RatesFile.Length == 0)
            {
                return Said($"no table of prices: name one with --rates, or with the setting {RatesSetting}",
                    ExitCode.Usage);
            }

            if (Period is not null && PeriodClose.FaultOf(Period) is { } fault)
            {
                return Said($"--period: '{Period}': {fault}", ExitCode.Usage);
            }

            if (RateReader.Read(RatesFile, Say) is not { } rates)
            {
                return ExitCode.CannotRead;
            }

            var name = IsByGroup ? "gtacct" : "tacct";
            var path = Period is null ? Path.Combine(Paths.Sum, name) : Paths.OfFiscal(name, Period);
            if (!File.Exists(path))
            {
                return Said($"{path} is not there: {Remedy(name)}", ExitCode.CannotRead);
            }

            var files = new DailyFiles(Say);
            if (files.Tacct(path) is not { } totals)
            {
                return ExitCode.CannotRead;
            }

            var accounts = totals.Sorted().Where(one => IsAsked(one.Uid, one.Name)).ToArray();
            if (accounts.Length == 0 && Account is not null)
            {
                return Said($"there is no {What} '{Account}' in {path}", ExitCode.Failure);
            }

            write(new(Bill.Of(rates, accounts, (id, user) => Factor(rates, id, user)), Period, IsByGroup));
            return SuiteFlags.CodeOf(files.Result);
        }

        private bool IsAsked(uint id, byte[] name) => Account is null
            || Encoding.UTF8.GetString(name) == Account || id.ToString(CultureInfo.InvariantCulture) == Account;

        private decimal Factor(RateTable rates, uint id, byte[] name)
        {
            if (IsByGroup)
            {
                return Bill.Factor(rates.GroupFactors, id, name) ?? 1;
            }

            // The group is that of today: totals do not keep it.
            return Bill.Factor(rates.UserFactors, id, name)
                ?? (rates.GroupFactors.Count > 0 && UserDatabase.TryGetPrimaryGroup(id, out var gid, out _)
                    ? Bill.Factor(rates.GroupFactors, gid, NamesOfHost.Group(gid)) : null)
                ?? 1;
        }

        private string Remedy(string name)
        {
            if (Period is null)
            {
                return IsByGroup ? "totals by group are kept with suite.groups, from the next runacct on"
                    : "nothing was run yet; see runacct";
            }

            var closed = Directory.Exists(Paths.Fiscal)
                ? Directory.EnumerateFiles(Paths.Fiscal, name + "*")
                    .Select(file => Path.GetFileName(file)[name.Length..])
                    .Order(StringComparer.Ordinal).ToArray()
                : [];
            return closed.Length == 0 ? "no period is closed yet; without --period the open one is billed"
                : $"closed are {string.Join(", ", closed)}; without --period the open one is billed";
        }

        private int Said(string message, int code)
        {
            Say(message);
            return code;
        }

        private void Say(string message) => Io.Errors.WriteLine($"{Name}: {message}");
    }
}
