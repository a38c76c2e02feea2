// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>The options of <c>acctcom</c> that say what stands in a row, and what beside the rows.</summary>
internal sealed class AcctcomColumnFlags
{
    private readonly (Option<bool> Option, AcctcomColumns Column)[] columns =
    [
        (AppletFiles.Switch("--times", "-t", "System and user CPU time by themselves"), AcctcomColumns.Times),
        (AppletFiles.Switch("--io", "-i", "Characters transferred, blocks read and written"), AcctcomColumns.Io),
        (AppletFiles.Switch("--cpu-factor", "-r", "User time as a part of CPU time"), AcctcomColumns.CpuFactor),
        (AppletFiles.Switch("--hog-factor", "-h", "CPU time as a part of the time it ran"), AcctcomColumns.HogFactor),
        (AppletFiles.Switch("--mean-size", "-m", "Memory in KiB; the default"), AcctcomColumns.MeanSize),
        (AppletFiles.Switch("--kcore", "-k", "KiB of memory times minutes of CPU time"), AcctcomColumns.KcoreMinutes),
    ];

    private readonly Option<bool> state = AppletFiles.Switch(
        "--state", "-f", "Flags and exit status, in octal");

    private readonly Option<bool> noHeadings = AppletFiles.Switch("--no-headings", "-v", "No headings");
    private readonly Option<bool> averages = AppletFiles.Switch("--averages", "-a", "Averages below the rows");
    private readonly Option<bool> quiet = AppletFiles.Switch("--quiet", "-q", "Averages only");
    private readonly Option<bool> longNames = AppletFiles.Switch(
        "--long-names", "-X", "Names whole with --compat as well");

    /// <summary>All of them, in the order of help.</summary>
    public IEnumerable<Option> Options =>
        [.. columns.Select(column => column.Option), state, noHeadings, averages, quiet, longNames];

    /// <summary>Adds what they say.</summary>
    public AcctcomOptions Read(ParseResult result, AcctcomOptions options) => options with
    {
        Columns = columns.Where(column => result.GetValue(column.Option))
            .Aggregate(AcctcomColumns.None, (all, column) => all | column.Column),
        Flags = result.GetValue(state),
        Headings = !result.GetValue(noHeadings) && !result.GetValue(quiet),
        Rows = !result.GetValue(quiet),
        Averages = result.GetValue(averages) || result.GetValue(quiet),
        LongNames = result.GetValue(longNames),
    };

    /// <summary>What does not go together.</summary>
    public void Contradictions(CommandResult result)
    {
        if ((result.GetValue(averages) || result.GetValue(quiet))
            && result.Children.OfType<OptionResult>().FirstOrDefault(each => each.Option.Name == "--format")
                is { Implicit: false, Tokens: [.., { Value: "json" or "csv" }] })
        {
            result.AddError("--averages and --quiet go with --format=table only: averages are no rows of exits");
        }
    }
}
