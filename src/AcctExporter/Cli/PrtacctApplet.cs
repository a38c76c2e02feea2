// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter prtacct</c>: total accounting on pages.</summary>
internal static class PrtacctApplet
{
    private const string Name = "prtacct";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var file = new Argument<string>("FILE") { Description = "Total accounting; - is standard input" };
        var heading = new Argument<string?>("HEADING")
        {
            Description = "Stands in the middle of the head of each page",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var fields = TacctFlags.Fields("--fields", "-f", "These columns, by the numbers of the fields");
        var verbose = AppletFiles.Switch("--verbose", "-v", "Figures to the last digit");
        var readAs = TacctFlags.ReadAs();
        var aix = TacctFlags.Aix();
        var compat = TacctFlags.Compat("As the original: its columns only, names of eight letters, floats");

        var command = new AppletCommand(Name, "Print total accounting on pages with headings", io)
        {
            Like = "prtacct(8) of the System V accounting suite",
            Differences = "acctmerg-prtacct-acctdisk",
            Examples =
            [
                new("prtacct daytacct 'DAILY USAGE'", "what each user used, the total first"),
                new("prtacct -f2-3,11 tacct", "names, CPU and connect time"),
                new("prtacct --format csv tacct", "all figures, for programs"),
            ],
        };
        command.Add(file);
        command.Add(heading);
        command.Add(fields);
        command.Add(verbose);
        command.AddOurs([readAs, aix, compat]);
        command.SetWork((result, format) =>
        {
            var isCompat = result.GetValue(compat);
            if (isCompat && format != ReportFormat.Text)
            {
                io.Errors.WriteLine($"{Name}: --compat: rows have the exact sums: leave it out, or --format");
                return ExitCode.Usage;
            }

            var isVerbose = result.GetValue(verbose);
            var isAix = result.GetValue(aix);
            var chosen = result.GetValue(fields) is { Length: > 0 } some ? some : null;
            var form = chosen is null && !isVerbose && !isAix ? null : new TacctForm
            {
                Fields = chosen ?? (isCompat && !isAix ? TacctField.Classic : TacctField.All),
                IsVerbose = isVerbose,
                IsCut = isCompat,
                IsAix = isAix,
            };
            var sources = new TacctSources(io, Name, new()
            {
                ReadAs = result.GetValue(readAs) ?? (isCompat ? new(TacctSystem.Illumos64, false) : null),
                Compat = isCompat,
                IsAix = isAix,
            });
            if (sources.TryOpen(result.GetRequiredValue(file)) is not { } source)
            {
                return ExitCode.CannotRead;
            }

            if (format != ReportFormat.Text)
            {
                WriteRows(source, format, io.Output);
            }
            else
            {
                WritePages(source, new(form, isCompat), SafeHeading(result.GetValue(heading)), isCompat, io);
            }

            sources.End(source);
            return GnuFlags.CodeOf(sources.Result);
        });
        return command;
    }

    private static void WriteRows(TacctSource source, ReportFormat format, Stream output)
    {
        var rows = new TacctRows(new(output), format);
        while (source.Next())
        {
            rows.Add(source.Records.Uid, source.Records.Name, source.Records.Sums);
        }

        rows.End();
    }

    private static void WritePages(TacctSource source, TacctTable table, string heading, bool compat, ReportIo io)
    {
        while (source.Next())
        {
            var records = source.Records;
            table.Add(records.Uid, records.Name, records.Sums, records.Figures);
        }

        var text = new ReportText(io.Output);
        var pages = new PrPages(text, heading, io.Clock.GetLocalNow(), compat);
        var memory = new MemoryStream();
        table.Write(memory);
        pages.Lines(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        pages.End();
        text.Flush();
    }

    private static string SafeHeading(string? heading) =>
        Encoding.UTF8.GetString(UserNames.Safe(Encoding.UTF8.GetBytes(heading ?? "")));
}
