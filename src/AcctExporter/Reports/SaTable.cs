// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Reports;

/// <summary>
/// Rows for each combination of some keys, with a column for each <see cref="SaFigure"/>: a table for people, or rows
/// for programs.
/// </summary>
/// <param name="options">What is wanted.</param>
/// <param name="parts">The keys.</param>
/// <param name="tally">The rows.</param>
/// <param name="output">Where they go.</param>
internal sealed class SaTable(SaOptions options, SaKeyPart[] parts, SaGroupTally tally, Stream output)
{
    private static readonly byte[] Nothing = [.. "-"u8];

    /// <summary>Where the numbers of each part begin in a key.</summary>
    private readonly int[] places = [.. parts.Select((_, at) => parts[..at].Sum(part => part.Words))];

    private readonly ReportText text = new(output);
    private readonly SaOrder order = new(options);

    /// <summary>Writes it.</summary>
    public void Write()
    {
        var rows = Enumerable.Range(0, tally.Count).ToArray();
        SaOrder.Sort(rows, Comparison());
        rows = options.Top > 0 ? rows[..Math.Min(options.Top, rows.Length)] : rows;
        if (options.Format == ReportFormat.Text)
        {
            WriteTable(rows);
        }
        else
        {
            WriteRows(rows);
        }
    }

    private SaOrder.Comparison Comparison()
    {
        var direction = options.Reverse ? -1 : 1;
        if (SaFigure.Find(options.SortColumn) is { } figure)
        {
            // What is not known counts as less than anything.
            return (left, right) => Then(
                direction * ValueOf(figure, right).CompareTo(ValueOf(figure, left)), left, right);
        }

        var part = Array.FindIndex(parts, part => part.Name == options.SortColumn);
        return part < 0
            ? (left, right) => Then(order.Compare(tally[left], tally[right]), left, right)
            : (left, right) => Then(direction * Compare(part, left, right), left, right);
    }

    /// <summary>Rows that are equal stand by their keys.</summary>
    private int Then(int compared, int left, int right)
    {
        for (var part = 0; compared == 0 && part < parts.Length; part++)
        {
            compared = Compare(part, left, right);
        }

        return compared;
    }

    private int Compare(int part, int left, int right) => parts[part].Compare(KeyOf(part, left), KeyOf(part, right));

    private ReadOnlySpan<ulong> KeyOf(int part, int row) => tally.KeyOf(row)[places[part]..];

    private double ValueOf(SaFigure figure, int row) => figure.Value(tally[row], tally.EndsOf(row));

    private void WriteRows(int[] rows)
    {
        var result = new ReportRows(
            text, options.Format, [.. parts.Select(part => part.Name), .. SaFigure.All.Select(figure => figure.Name)]);
        foreach (var row in rows)
        {
            result.Row();
            for (var part = 0; part < parts.Length; part++)
            {
                parts[part].AddTo(result, KeyOf(part, row));
            }

            foreach (var figure in SaFigure.All)
            {
                var value = ValueOf(figure, row);
                if (figure.Decimals == 0 && value is >= 0 and < long.MaxValue)
                {
                    result.Add((long)value);
                }
                else
                {
                    result.Add(SaFigure.Rounded(value));
                }
            }
        }

        result.End();
    }

    private void WriteTable(int[] rows)
    {
        // I/O has columns only when it is known of some.
        var hasIo = rows.Any(row => tally.EndsOf(row).WithIo > 0);
        var figures = SaFigure.All.Where(
            figure => hasIo || figure.Name is not ("io_bytes" or "storage_bytes")).ToArray();
        byte[][] headings =
        [
            .. parts.Select(part => Encoding.ASCII.GetBytes(part.Name.ToUpperInvariant())),
            .. figures.Select(figure => Encoding.ASCII.GetBytes(figure.Heading)),
        ];
        var widths = headings.Select(heading => heading.Length).ToArray();
        foreach (var row in rows)
        {
            for (var column = 0; column < widths.Length; column++)
            {
                widths[column] = Math.Max(widths[column], Cell(row, column, figures).Length);
            }
        }

        AddLine(headings, widths);
        foreach (var row in rows)
        {
            AddLine([.. widths.Select((_, column) => Cell(row, column, figures))], widths);
        }

        text.Flush();
    }

    private byte[] Cell(int row, int column, SaFigure[] figures)
    {
        if (column < parts.Length)
        {
            var name = parts[column].TextOf(KeyOf(column, row));
            return name is null or [] ? Nothing : options.PrintControls ? name : SafeText.Of(name);
        }

        var figure = figures[column - parts.Length];
        var value = ValueOf(figure, row);
        if (double.IsNaN(value))
        {
            return Nothing;
        }

        Span<byte> number = stackalloc byte[FixedText.LongestBytes];
        return number[..FixedText.Write(value, 0, figure.Decimals, number)].ToArray();
    }

    private void AddLine(byte[][] cells, int[] widths)
    {
        var line = new List<byte>();
        for (var column = 0; column < cells.Length; column++)
        {
            var padding = Enumerable.Repeat((byte)' ', widths[column] - cells[column].Length);
            line.AddRange(column == 0 ? [] : "  "u8);
            line.AddRange(column < parts.Length ? [.. cells[column], .. padding] : [.. padding, .. cells[column]]);
        }

        text.Add([.. options.LineWidth is { } width ? line.Take(width) : line]);
        text.Add((byte)'\n');
    }
}
