// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter pac</c>: pages, runs and their price by user.</summary>
internal static class PacApplet
{
    private const string Name = "pac";

    /// <summary>What stands behind a log's name in that of its summary.</summary>
    private const string SummarySuffix = "_sum";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var names = new Argument<string[]>("USER")
        {
            Description = "Only these users, without a total",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var byCost = AppletFiles.Switch("--by-cost", "-c", "Sort by cost, not by name");
        var noHosts = AppletFiles.Switch("--no-hosts", "-m", "A user of several hosts (host:user) is one");
        var reverse = AppletFiles.Switch("--reverse", "-r", "The other way round");
        var summarise = AppletFiles.Switch(
            "--summarise", "-s", "With --file: write the sums to FILE_sum, and empty the file; nothing is shown");
        var price = new Option<double>("--price", "-p")
        {
            Description = "What a page costs; else 0.02",
            HelpName = "PRICE",
            DefaultValueFactory = _ => PacOptions.UsualPrice,
            CustomParser = result =>
            {
                var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
                {
                    result.AddError($"--price: '{text}' is no price: a number such as 0.05");
                }

                return value;
            },
        };
        var printer = Text("--printer", "-P", "PRINTER", "Only this printer; all of them unless given");
        var queues = Text("--queue-file", "-q", "FILE", "Of AIX, for the queues' log: name the log itself with --file");
        var file = Text(
            "--file", null, "FILE", "A printer's log and its summary FILE_sum, a qacct file, CUPS' page_log, or - for "
            + "standard input; else the printed jobs of the open period");
        var command = new AppletCommand(Name, "Show the pages that users printed, and what they cost", io)
        {
            Like = "pac(8) of BSD and AIX",
            Differences = "pac",
            Examples =
            [
                new("pac", "everybody's pages since the last close of the period"),
                new("pac -c -r -p0.05 -Plaser", "one printer, the most expensive users first"),
                new("pac --file /var/log/cups/page_log", "all that CUPS has in its log"),
            ],
        };
        command.Add(names);
        foreach (var option in (Option[])[byCost, noHosts, reverse, summarise, price, printer, queues])
        {
            command.Add(option);
        }

        command.AddOurs([file]);
        var flags = new SettingFlags(command, SuitePlace.Settings);
        command.SetWork((result, format) =>
        {
            var options = new PacOptions
            {
                Price = result.GetValue(price),
                Printer = Bytes(result.GetValue(printer)),
                Users = [.. (result.GetValue(names) ?? []).Select(Encoding.UTF8.GetBytes)],
                ByCost = result.GetValue(byCost),
                IsReversed = result.GetValue(reverse),
                WithoutHosts = result.GetValue(noHosts),
                Format = format,
            };
            var files = new AppletFiles(Name, io);
            var log = result.GetValue(file);
            if (Fault(result.GetValue(queues) is not null, result.GetValue(summarise), log, options) is { } fault)
            {
                files.Say(fault);
                return ExitCode.Usage;
            }

            if (log is not null)
            {
                return OfLog(files, io, log, options, result.GetValue(summarise));
            }

            return SuitePlace.Read(command, flags, result, run => OfPeriod(files, io, run.Paths, options));
        });
        return command;
    }

    private static string? Fault(bool hasQueues, bool summarises, string? log, PacOptions options) =>
        hasQueues ? "-q: there are no queues of AIX here: name the log with --file"
        : summarises && log is null or AppletFiles.Standard ? "-s: only with --file: the daily run adds up what we keep"
        : summarises && (options.Users.Count > 0 || options.Printer is not null)
            ? "-s: the file is emptied, so all of it is to be in the sums: leave users and printers out"
        : null;

    private static int OfLog(AppletFiles files, ReportIo io, string log, PacOptions options, bool summarises)
    {
        var report = new PacReport(options);
        var code = Read(files, report, log);
        if (log != AppletFiles.Standard && code is ExitCode.Done or ExitCode.BadRecords
            && File.Exists(log + SummarySuffix))
        {
            code = Math.Max(code, Read(files, report, log + SummarySuffix));
        }

        if (code == ExitCode.CannotRead)
        {
            return code;
        }

        if (!summarises)
        {
            report.Write(io.Output);
            return code;
        }

        if (code == ExitCode.BadRecords)
        {
            files.Say($"{log}: not emptied, as lines of it would be lost: mend them first");
            return code;
        }

        SuiteFile.Put(log + SummarySuffix, report.WriteSummary);
        using var emptied = new FileStream(log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        emptied.SetLength(0);
        return ExitCode.Done;
    }

    /// <summary>The days of the open period, the day that is run just now, and what was printed since.</summary>
    private static int OfPeriod(AppletFiles files, ReportIo io, SuitePaths paths, PacOptions options)
    {
        if (!Directory.Exists(paths.Root))
        {
            files.Say($"{paths.Root} is not there: no day was run, and nothing was printed that is known");
        }

        var report = new PacReport(options);
        var code = ExitCode.Done;
        foreach (var file in Jobs(paths.Sum, "qacct????").Concat(Jobs(paths.Nite, "qacct.????"))
            .Concat(Jobs(paths.Root, "qacct")))
        {
            code = Math.Max(code, Read(files, report, file));
        }

        report.Write(io.Output);
        return code;
    }

    private static IEnumerable<string> Jobs(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal) : [];

    private static int Read(AppletFiles files, PacReport report, string path) => files.With(path, null, (from, _) =>
    {
        var bad = new BadLines("is no printed job");
        report.Read(from, bad.Met);
        return bad.Told(files, path);
    });

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static Option<string?> Text(string name, string? letter, string value, string help) =>
        new(name, letter is null ? [] : [letter])
        {
            Description = help,
            HelpName = value,
            // Of several the last.
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => result.Tokens[^1].Value,
        };
}
