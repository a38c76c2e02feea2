// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Reports;

/// <summary>
/// A report as one page of HTML that needs nothing else: headings and tables, in the colours of the reader's choice,
/// light or dark, without a script. It is well-formed XML, too, whatever is in the names.
/// </summary>
internal sealed class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem;
          background: Canvas; color: CanvasText; }
        h1 { font-size: 1.6rem; margin-bottom: 0; }
        p { margin: 0.3rem 0; }
        .wide { overflow-x: auto; margin: 1.6rem 0; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; font-size: 1.1rem; padding: 0.3rem 0; }
        th, td { padding: 0.2rem 0.7rem; text-align: right; border-bottom: 1px solid #8884; vertical-align: bottom; }
        th.name, td.name { text-align: left; }
        thead th { border-bottom: 2px solid #888a; }
        tr.total td { font-weight: 600; }
        tbody tr:nth-child(even) td { background: #8881; }
        """;

    private readonly ReportText text;
    private HtmlColumn[] columns = [];

    /// <summary>Begins the page.</summary>
    /// <param name="output">Where it goes; not closed.</param>
    /// <param name="title">What it is.</param>
    public HtmlPage(Stream output, string title)
    {
        text = new(output);
        Put("<!DOCTYPE html>");
        Put("<html lang=\"en\">");
        Put("<head>");
        Put("<meta charset=\"utf-8\" />");
        Put("<meta name=\"viewport\" content=\"width=device-width\" />");
        Put($"<title>{Escaped(title)}</title>");
        Put($"<style>\n{Style}\n</style>");
        Put("</head>");
        Put("<body>");
        Put($"<h1>{Escaped(title)}</h1>");
    }

    /// <summary>A line of text.</summary>
    public void Line(string words) => Put($"<p>{Escaped(words)}</p>");

    /// <summary>Begins a table.</summary>
    public void Table(string caption, params HtmlColumn[] headings)
    {
        columns = headings;
        Put($"<div class=\"wide\"><table>\n<caption>{Escaped(caption)}</caption>");
        Add("<thead><tr>");
        foreach (var (title, isName) in headings)
        {
            Add($"<th scope=\"col\"{(isName ? " class=\"name\"" : "")}>{Escaped(title)}</th>");
        }

        Put("</tr></thead>\n<tbody>");
    }

    /// <summary>A row: a text for each column.</summary>
    public void Row(params ReadOnlySpan<string> cells) => Row("<tr>", cells);

    /// <summary>A row that sums others up.</summary>
    public void TotalRow(params ReadOnlySpan<string> cells) => Row("<tr class=\"total\">", cells);

    /// <summary>Ends a table.</summary>
    public void EndTable() => Put("</tbody>\n</table></div>");

    /// <summary>Ends the page.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void End()
    {
        Put("</body>\n</html>");
        text.Flush();
    }

    /// <summary>
    /// A text as it stands in a page. A control character, which no page can have, is its picture (␛); what turns the
    /// direction of what follows is U+FFFD.
    /// </summary>
    public static string Escaped(string words)
    {
        var escaped = new StringBuilder(words.Length);
        foreach (var letter in words)
        {
            _ = letter switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                < ' ' => escaped.Append((char)('\u2400' + letter)),
                '\u007f' => escaped.Append('\u2421'),
                '\ufffe' or '\uffff' => escaped.Append('\ufffd'),
                _ when char.IsControl(letter)
                    || (char.GetUnicodeCategory(letter) == UnicodeCategory.Format && letter != '\u00ad')
                    || letter is '\u2028' or '\u2029' => escaped.Append('\ufffd'),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }

    private void Put(string line) => Add(line + "\n");

    private void Add(string words) => text.Add(Encoding.UTF8.GetBytes(words));

    private void Row(string begin, ReadOnlySpan<string> cells)
    {
        Add(begin);
        for (var i = 0; i < cells.Length; i++)
        {
            Add(columns[i].IsName ? "<td class=\"name\">" : "<td>");
            Add(Escaped(cells[i]));
            Add("</td>");
        }

        Put("</tr>");
    }
}

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="IsName">It has names or other words, not numbers.</param>
internal readonly record struct HtmlColumn(string Title, bool IsName = false);
