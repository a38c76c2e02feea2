// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Reports;

/// <summary>
/// Lines on pages as pr(1) makes them: 66 lines, of which five are a header with date, heading and page number and
/// five are empty at the end. The last page is filled up; without lines there is none.
/// </summary>
/// <param name="text">Where they go; flush it.</param>
/// <param name="heading">In the middle of each header.</param>
/// <param name="at">The date there.</param>
/// <param name="compat">It is written as of old: <c>Jul  2 04:00 2026</c>, not <c>2026-07-02 04:00</c>.</param>
internal sealed class PrPages(ReportText text, string heading, DateTimeOffset at, bool compat = false)
{
    /// <summary>Lines of a page.</summary>
    public const int PageLines = 66;

    /// <summary>Lines of a page that are text.</summary>
    public const int BodyLines = PageLines - HeaderLines - TrailerLines;

    private const int HeaderLines = 5;
    private const int TrailerLines = 5;

    /// <summary>Columns of a header.</summary>
    private const int Width = 72;

    private readonly string date = compat
        ? at.ToString("MMM ", CultureInfo.InvariantCulture)
            + $"{at.Day,2}{at.ToString(" HH:mm yyyy", CultureInfo.InvariantCulture)}"
        : at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private long page;
    private int left;

    /// <summary>A line, without its line feed, and with none in it.</summary>
    public void Line(ReadOnlySpan<byte> line)
    {
        BeginLine();
        text.Add(line);
        text.Add((byte)'\n');
    }

    /// <summary>Several lines, each with its line feed but perhaps the last one.</summary>
    public void Lines(ReadOnlySpan<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            Line(end < 0 ? lines : lines[..end]);
            lines = end < 0 ? default : lines[(end + 1)..];
        }
    }

    /// <summary>
    /// For a line that is written to the text piece by piece: the header stands before it, if it must.
    /// </summary>
    public void BeginLine()
    {
        if (left == 0)
        {
            EndPage();
            Header();
            left = BodyLines;
        }

        left--;
    }

    /// <summary>Fills up the last page.</summary>
    public void End()
    {
        EndPage();
        left = 0;
        page = 0;
    }

    private void EndPage()
    {
        if (page > 0)
        {
            text.Add((byte)'\n', left + TrailerLines);
        }
    }

    private void Header()
    {
        page++;
        var number = string.Create(CultureInfo.InvariantCulture, $"Page {page}");
        var shown = heading.EnumerateRunes().Count();
        var free = Math.Max(0, Width - date.Length - shown - number.Length);
        text.Add("\n\n"u8);
        text.Add(Encoding.UTF8.GetBytes(date));
        // At least one blank on both sides, whatever that does to the width.
        text.Add((byte)' ', Math.Max(1, free / 2));
        text.Add(Encoding.UTF8.GetBytes(heading));
        text.Add((byte)' ', Math.Max(1, free - (free / 2)));
        text.Add(Encoding.UTF8.GetBytes(number));
        text.Add("\n\n\n"u8);
    }
}
