// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AcctExporter.Config;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>From the command line to <see cref="SaOptions"/>.</summary>
internal sealed partial class SaApplet
{
    private SaOptions OptionsOf(ParseResult result, ReportFormat format)
    {
        var named = result.GetValue(files) is { Length: > 0 } several ? several
            : result.GetValue(file) is { } one ? [one]
            : (string[])[];
        return Defaults with
        {
            Input = flags.Input(result, named) with { AssumedTicksPerSecond = result.GetValue(ticks) },
            Selection = flags.Selection(result),
            SavacctFile = result.GetValue(savacct)!,
            UsracctFile = result.GetValue(usracct)!,
            ReadsSummaries = !result.GetValue(noSummaries),
            Print = PrintOf(result),
            By = result.GetValue(by)!,
            PerCall = result.GetValue(seconds),
            Percentages = result.GetValue(percentages),
            SeparateTimes = result.GetValue(separate),
            Ratio = result.GetValue(ratio),
            TotalIo = result.GetValue(totalIo),
            CpuStorage = result.GetValue(storage),
            Paging = result.GetValue(averagePaging) ? SaPaging.Averages
                : result.GetValue(paging) ? SaPaging.Totals
                : SaPaging.None,
            Sort = SortOf(result),
            SortColumn = result.GetValue(sort),
            Reverse = result.GetValue(reverse),
            Top = result.GetValue(top),
            AllRecords = result.GetValue(all),
            JunkThreshold = (ulong)result.GetValue(threshold),
            AlwaysYes = result.GetValue(yes),
            PrintControls = result.GetValue(controls),
            Compat = flags.IsCompat(result),
            Debug = result.GetValue(debug),
            LineWidth = TerminalWidth(),
            Format = format,
        };
    }

    private SaPrint PrintOf(ParseResult result) =>
        result.GetValue(by)!.Length > 0 ? SaPrint.Keys
        : result.GetValue(exits) ? SaPrint.Exits
        : result.GetValue(merge) ? SaPrint.Summaries
        : result.GetValue(groups) ? SaPrint.Groups
        : result.GetValue(users) ? SaPrint.Users
        : SaPrint.Commands;

    /// <summary>Of several the last, as GNU sa has it.</summary>
    private SaSort SortOf(ParseResult result)
    {
        (Option Option, SaSort Sort)[] known =
        [
            (perCallCpu, SaSort.CpuPerCall), (averageIo, SaSort.AverageIo), (totalIo, SaSort.TotalIo),
            (averageMemory, SaSort.AverageMemory), (storage, SaSort.CpuStorage), (byCalls, SaSort.Calls),
            (elapsed, SaSort.Elapsed),
        ];
        var last = SaSort.Cpu;
        foreach (var token in result.Tokens.Where(token => token.Type == TokenType.Option))
        {
            var at = Array.FindIndex(
                known, one => one.Option.Name == token.Value || one.Option.Aliases.Contains(token.Value));
            last = at < 0 ? last : known[at].Sort;
        }

        return last;
    }

    /// <summary>What does not go together; null when all does.</summary>
    private string? FaultOf(ParseResult result, ReportFormat format)
    {
        bool Has(Option<bool> option) => result.GetValue(option);
        var keys = result.GetValue(by)!;
        var owners = Has(users) || Has(groups);
        var rows = keys.Length > 0 || format != ReportFormat.Text;
        var junk = result.GetValue(threshold) > 0;
        var column = result.GetValue(sort);
        return Has(exits) && (Has(merge) || owners)
                ? "--print-users (-u) does not go with --merge (-s), --user-summary (-m) and --group-summary (-M)"
            : Has(merge) && owners ? "--merge (-s) does not go with --user-summary (-m) and --group-summary (-M)"
            : keys.Length > 0 && (Has(exits) || Has(merge) || owners)
                ? "--by does not go with --print-users (-u), --merge (-s), --user-summary (-m) and --group-summary (-M)"
            : Has(merge) && rows ? "--merge (-s) prints nothing: leave --format out"
            : junk && rows ? "--threshold (-v) goes with the classic table only: leave --by and --format out"
            : column is not null && (!rows || Has(exits))
                ? "--sort goes with --by, and with rows of --format; the classic table has -b, -d, -D, -k, -K, -n"
            : column is not null && !ColumnsOf(result).Contains(column)
                ? $"--sort: '{column}' is none of the columns {string.Join(", ", ColumnsOf(result))}"
                    + Suggestion.For(column, ColumnsOf(result))
            : result.GetValue(top) > 0 && (Has(exits) || Has(merge))
                ? "--top goes with rows that are sorted, not with --print-users (-u) and --merge (-s)"
            : null;
    }

    private string[] ColumnsOf(ParseResult result) =>
    [
        .. PrintOf(result) switch
        {
            SaPrint.Keys => result.GetValue(by)!,
            SaPrint.Users => ["user"],
            SaPrint.Groups => ["group"],
            _ => SaReport.ClassicKeys,
        },
        .. SaFigure.All.Select(figure => figure.Name),
    ];

    /// <summary>The names behind <c>--by</c>, however often it is given.</summary>
    private static string[] KeysOf(ArgumentResult result)
    {
        string[] names = [.. result.Tokens.SelectMany(token => token.Value.Split(','))];
        foreach (var name in names.Where(name => !SaKeyParts.Names.Contains(name)))
        {
            result.AddError($"--by: '{name}' is none of {string.Join(", ", SaKeyParts.Names)}"
                + Suggestion.For(name, SaKeyParts.Names));
        }

        if (names.Distinct().Count() < names.Length)
        {
            result.AddError("--by: each key once only");
        }

        return names;
    }

    /// <summary>A whole number from 1 on; of several the last.</summary>
    private static Option<int> Number(string name, string? letter, string help) =>
        new(name, letter is null ? [] : [letter])
        {
            Description = help,
            HelpName = "NUMBER",
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => 0,
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    || number < 1)
                {
                    result.AddError($"{name}: '{text}' is no whole number from 1 to {int.MaxValue}");
                }

                return number;
            },
        };

    /// <summary>A file or a word; of several the last.</summary>
    private static Option<string?> Text(string name, string help, string? standard) => new(name)
    {
        Description = help,
        HelpName = name == "--sort" ? "COLUMN" : "FILE",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => standard,
        CustomParser = result => result.Tokens[^1].Value,
    };

    /// <summary>Letters of a line when that goes to a terminal: <c>COLUMNS</c>, or what it says itself.</summary>
    private static int? TerminalWidth()
    {
        if (Console.IsOutputRedirected)
        {
            return null;
        }

        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), CultureInfo.InvariantCulture, out var columns)
            && columns > 0)
        {
            return columns;
        }

        try
        {
            return Console.WindowWidth is > 0 and var width ? width : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
