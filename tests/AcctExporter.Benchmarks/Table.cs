// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Benchmarks;

/// <summary>Prints findings as a table in Markdown: the same text for a terminal and for the documents.</summary>
internal static class Table
{
    /// <summary>Writes it, each column as wide as its longest cell.</summary>
    public static void Print(IReadOnlyCollection<Finding> findings, TextWriter output)
    {
        string[][] lines = [Finding.Heads.Cells, .. findings.Select(finding => finding.Cells)];
        int[] widths = [.. lines[0].Select((_, column) => Math.Max(3, lines.Max(line => line[column].Length)))];
        output.WriteLine();
        Print(lines[0].Select((cell, column) => cell.PadRight(widths[column])), output);
        Print(widths.Select(width => new string('-', width)), output);
        foreach (var line in lines[1..])
        {
            Print(line.Select((cell, column) => cell.PadRight(widths[column])), output);
        }
    }

    private static void Print(IEnumerable<string> cells, TextWriter output) =>
        output.WriteLine($"| {string.Join(" | ", cells)} |");
}
