// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Benchmarks;

/// <summary>Prints findings as a table in Markdown: the same text for a terminal and for the documents.</summary>
internal static class Table
{
    /// <summary>Writes it, each column as wide as its longest cell.</summary>
    public static void Print(IReadOnlyCollection<Finding> findings, TextWriter output)
    {
        string[][] lines = [Finding.Heads.Cells, .. findings.Select(finding => finding.Cells)];
        var widths = Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        output.WriteLine();
        for (var i = 0; i < lines.Length; i++)
        {
            output.WriteLine("| " + string.Join(" | ", lines[i].Select((cell, column) => cell.PadRight(widths[column]))) + " |");
            if (i == 0)
            {
                output.WriteLine("| " + string.Join(" | ", widths.Select(width => new string('-', Math.Max(3, width)))) + " |");
            }
        }
    }
}
