// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>
/// Short lines in columns on pages, down and then across, as <c>pr -3</c> has them: the columns of the last page are
/// equally long, and tabs are between.
/// </summary>
internal static class PrColumns
{
    private const int Width = 72;
    private const int Tab = 8;

    /// <summary>Writes them.</summary>
    /// <param name="pages">The pages; not ended.</param>
    /// <param name="lines">The lines, without control characters and with letters of one byte.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="cuts">What is too wide is cut off; else there are fewer columns where a line needs it.</param>
    public static void Write(PrPages pages, IReadOnlyList<byte[]> lines, int columns, bool cuts)
    {
        var widest = lines.Count == 0 ? 0 : lines.Max(line => line.Length);
        while (!cuts && columns > 1 && ColumnWidth(columns) < widest)
        {
            columns--;
        }

        for (var first = 0; first < lines.Count; first += columns * PrPages.BodyLines)
        {
            Page(pages, lines, first, Math.Min(lines.Count - first, columns * PrPages.BodyLines), columns);
        }
    }

    private static int ColumnWidth(int columns) =>
        columns == 1 ? int.MaxValue : (Width - (columns - 1)) / columns;

    private static void Page(PrPages pages, IReadOnlyList<byte[]> lines, int first, int count, int columns)
    {
        var width = ColumnWidth(columns);
        var (rows, extra) = Math.DivRem(count, columns);
        var line = new List<byte>();
        for (var row = 0; row < rows + (extra > 0 ? 1 : 0); row++)
        {
            line.Clear();
            var at = 0;
            for (var column = 0; column < columns && row < rows + (column < extra ? 1 : 0); column++)
            {
                PadTo(line, ref at, column * (width + 1));
                var text = lines[first + (column * rows) + Math.Min(column, extra) + row];
                text = text.Length > width ? text[..width] : text;
                line.AddRange(text);
                at += text.Length;
            }

            pages.Line(line.ToArray());
        }
    }

    /// <summary>Up to a column: a tab where there is more than one blank to go, and it leads no further.</summary>
    private static void PadTo(List<byte> line, ref int at, int goal)
    {
        while (goal - at > 1 && at + Tab - (at % Tab) is var next && next <= goal)
        {
            line.Add((byte)'\t');
            at = next;
        }

        for (; at < goal; at++)
        {
            line.Add((byte)' ');
        }
    }
}
