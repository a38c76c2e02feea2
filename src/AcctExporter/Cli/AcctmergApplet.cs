// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter acctmerg</c>: adds up total accounting, and makes text of it and records of text.
/// </summary>
internal static class AcctmergApplet
{
    private static readonly Dictionary<char, string> FieldOptions = new()
    {
        ['a'] = "--ascii",
        ['h'] = "--headings",
        ['i'] = "--input-ascii",
        ['p'] = "--print",
        ['v'] = "--verbose",
    };

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Total accounting to add to standard input, which is -",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var ascii = TacctFlags.Fields("--ascii", "-a", "Lines of text, figures as whole numbers; of these fields only");
        var headings = TacctFlags.Fields("--headings", "-h", "The same, with headings above");
        var input = TacctFlags.Fields("--input-ascii", "-i", "The input is text; each line has these fields");
        var print = TacctFlags.Fields("--print", "-p", "Each record as a line; nothing is added up");
        var verbose = TacctFlags.Fields("--verbose", "-v", "Lines of text, figures to the last digit");
        var total = AppletFiles.Switch("--total", "-t", "One record, the total of all");
        var byUid = AppletFiles.Switch("--by-uid", "-u", "By number only: the first name stands for all");
        var qacct = new Option<string?>("--qacct", "-q")
        {
            Description = "Printed jobs, as qacct has them, become records",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => result.Tokens[^1].Value,
        };
        var (readAs, writeAs) = (TacctFlags.ReadAs(), TacctFlags.WriteAs());
        var aix = TacctFlags.Aix();
        var compat = TacctFlags.Compat("As the original: records of illumos, floats, sorted inputs, 13 fields");
        AppletCommand command = null!;
        command = new AppletCommand(TacctMerge.Name, "Add up total accounting; make text of it, and back", io)
        {
            Like = "acctmerg(8) of the System V accounting suite",
            Differences = "acctmerg-prtacct-acctdisk",
            Rewrite = arguments => TacctFlags.Plain(command, arguments, FieldOptions),
            Examples =
            [
                new("acctmerg -a < tacct", "a line of each user"),
                new("acctmerg monday tuesday > both", "two days as one"),
                new("acctmerg -v < tacct > text; acctmerg -i < text > tacct.new", "to mend it by hand"),
                new("acctmerg -h2-3,11,13 < tacct", "names, CPU, connect time and disk, with headings"),
            ],
        };
        command.Add(files);
        foreach (var option in (Option[])[ascii, headings, input, print, total, byUid, verbose, qacct])
        {
            command.Add(option);
        }

        command.AddOurs([readAs, writeAs, aix, compat]);
        command.SetWork((result, format) =>
        {
            var isCompat = result.GetValue(compat);
            var (isAix, layout) = (result.GetValue(aix), result.GetValue(writeAs));
            var specs = new[] { ascii, verbose, print, headings }.Select(option => Fields(result, option)).ToArray();
            var (isText, inputFields) = (specs.Any(spec => spec is not null), Fields(result, input));
            var options = new TacctMergeOptions
            {
                Input = new()
                {
                    ReadAs = result.GetValue(readAs) ?? (isCompat ? new(TacctSystem.Illumos64, false) : null),
                    IsText = inputFields is not null,
                    Fields = inputFields is { Length: > 0 } ? inputFields : null,
                    Compat = isCompat,
                    IsAix = isAix,
                },
                Files = Inputs(result.GetValue(files) ?? [], isCompat, result.GetValue(qacct) is not null, io),
                Qacct = result.GetValue(qacct),
                IsPrint = specs[2] is not null,
                IsTotal = result.GetValue(total),
                IsByUid = result.GetValue(byUid),
                Text = isText ? Form(specs, specs[1] is not null, isCompat, isAix) : null,
                HasHeadings = specs[3] is not null,
                WriteAs = layout,
                Format = format,
            };
            if (Fault(options) is { } fault)
            {
                io.Errors.WriteLine($"{TacctMerge.Name}: {fault}");
                return ExitCode.Usage;
            }

            var merge = new TacctMerge(io, options);
            return CodeOf(merge.Run(), isCompat, merge.HasEmpty);
        });
        return command;
    }

    /// <summary>The fields that an option names, none for all; null when it is not given.</summary>
    private static int[]? Fields(ParseResult result, Option<int[]?> option) =>
        result.GetResult(option) is null ? null : result.GetValue(option);

    private static TacctForm Form(int[]?[] specs, bool isVerbose, bool compat, bool isAix) => new()
    {
        Fields = specs.LastOrDefault(spec => spec is { Length: > 0 })
            ?? (compat && !isAix ? TacctField.Classic : TacctField.All),
        IsVerbose = isVerbose,
        IsCut = compat,
        IsAix = isAix,
    };

    /// <summary>
    /// Standard input comes first, as in the original; but by our rules not when it is a terminal or a device and
    /// there is something else to read, nor unasked with printed jobs.
    /// </summary>
    private static string[] Inputs(string[] named, bool compat, bool hasQacct, ReportIo io)
    {
        var kind = FileIdentity.OfStandardInput();
        var isGiven = io.Input.CanSeek || kind is { IsPipe: true } or { IsRegular: true };
        var isRead = !named.Contains(AppletFiles.Standard)
            && (compat ? !hasQacct : !hasQacct && (isGiven || named.Length == 0));
        return isRead ? [AppletFiles.Standard, .. named] : named;
    }

    private static string? Fault(TacctMergeOptions options) =>
        options.Input.Compat && options.Format != ReportFormat.Text
            ? "--compat: rows have the exact sums: leave it out, or --format"
        : options.WriteAs is not null && (options.Text is not null || options.Format != ReportFormat.Text)
            ? "--write-as: it is for records: leave it out, or what asks for text"
        : options.Input is { IsText: true, ReadAs: not null, Compat: false }
            ? "--read-as: with -i the input is text: leave one of them out"
        : null;

    private static int CodeOf(ReadResult result, bool compat, bool hasEmpty) => !compat ? GnuFlags.CodeOf(result)
        : hasEmpty ? 2
        : result == ReadResult.NotRead ? 1
        : ExitCode.Done;
}
