// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Metrics;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter metrics</c>: the catalog, for people and for <c>docs/metrics.md</c>.</summary>
internal static class MetricsCommand
{
    private const string Table = "table";
    private const string Markdown = "markdown";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var format = FormatOption.Of("table for the terminal, markdown for docs/metrics.md", Table, Markdown);
        var command = new Command("metrics", "List every metric with its names, type, unit, labels, limits and meaning")
        {
            format,
        };
        command.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            if (result.GetValue(format) == Markdown)
            {
                MetricsDocument.WriteMarkdown(output);
            }
            else
            {
                MetricsDocument.WriteTable(output);
            }

            return 0;
        });
        return command;
    }
}
