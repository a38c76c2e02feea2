// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter ac</c>: connect time, as GNU <c>ac</c> prints it.</summary>
internal static class AcApplet
{
    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var users = new Argument<string[]>("USER")
        {
            Description = "Only these users' time",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var daily = Switch("--daily-totals", "-d", "A total for each day");
        var individual = Switch("--individual-totals", "-p", "A total for each user");
        var file = new Option<string[]>("--file", "-f")
        {
            Description = "A wtmp file; of several, the one with the oldest records first",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => [AcOptions.DefaultFile],
        };
        var allDays = Switch("--all-days", "-a", "Each day by itself, also one without logins");
        var complain = Switch("--complain", null, "Say what is wrong with the file");
        var reboots = Switch("--reboots", null, "Count sessions up to a start of the system without a shutdown");
        var supplants = Switch("--supplants", null, "Count sessions up to the next login on the same line");
        var timeWarps = Switch("--timewarps", null, "Count sessions up to the midnight after a jump of the clock");
        var compatibility = Switch("--compatibility", null, "--reboots, --supplants and --timewarps");
        var leniency = Seconds("--tw-leniency", "How far the clock may go back without its being a jump",
            AcOptions.DefaultLeniency);
        var suspicious = Seconds("--tw-suspicious", "How far it may go on; more than the leniency",
            AcOptions.DefaultSuspicious);
        var year = Switch("--print-year", "-y", "The year of each day");
        var zeros = Switch("--print-zeros", "-z", "Users and days without any time, too");
        var debug = Switch("--debug", null, "--complain, and each stretch of time that is counted");
        var version = Switch("--version", "-V", "The version");
        var command = new AppletCommand("ac", "Connect time: how long users were logged in", io);
        command.Add(users);
        foreach (var option in new Option[]
        {
            daily, individual, file, allDays, complain, reboots, supplants, timeWarps, compatibility, leniency,
            suspicious, year, zeros, debug, version,
        })
        {
            command.Add(option);
        }

        command.SetWork((result, format) =>
        {
            if (result.GetValue(version))
            {
                io.Output.Write(System.Text.Encoding.UTF8.GetBytes($"ac: acct-exporter {Agent.Build.Version}\n"));
                return ExitCode.Done;
            }

            var all = result.GetValue(compatibility);
            var saysAll = result.GetValue(debug);
            var options = new AcOptions
            {
                Files = result.GetRequiredValue(file),
                Users = result.GetValue(users) ?? [],
                Daily = result.GetValue(daily),
                Individual = result.GetValue(individual),
                AllDays = result.GetValue(allDays),
                Complain = saysAll || result.GetValue(complain),
                Debug = saysAll,
                Reboots = all || result.GetValue(reboots),
                Supplants = all || result.GetValue(supplants),
                TimeWarps = all || result.GetValue(timeWarps),
                PrintYear = result.GetValue(year),
                PrintZeros = result.GetValue(zeros),
                Leniency = result.GetValue(leniency),
                Suspicious = result.GetValue(suspicious),
                Format = format,
            };
            if (Fault(options) is { } fault)
            {
                io.Errors.WriteLine($"ac: {fault}");
                return ExitCode.Usage;
            }

            return AcReport.Run(options, io) switch
            {
                ReadResult.Whole => ExitCode.Done,
                ReadResult.WithFlaws => ExitCode.BadRecords,
                _ => ExitCode.CannotRead,
            };
        });
        return command;
    }

    private static string? Fault(AcOptions options) =>
        options.Suspicious <= options.Leniency ? "--tw-suspicious must be more than --tw-leniency"
        : options.Complain && options.Format != ReportFormat.Text
            ? "--complain and --debug go with --format=text only: they are no rows"
        : null;

    /// <summary>Without a value: what follows it is a user, though he be called "true".</summary>
    private static Option<bool> Switch(string name, string? letter, string help) =>
        new(name, letter is null ? [] : [letter]) { Description = help, Arity = ArgumentArity.Zero };

    private static Option<long> Seconds(string name, string help, long standard) => new(name)
    {
        Description = help,
        HelpName = "SECONDS",
        // Of several the last.
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (!uint.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds))
            {
                result.AddError($"{name}: '{text}' is no whole number of seconds from 0 to {uint.MaxValue}");
            }

            return seconds;
        },
    };
}
