// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>The parts of the suite's reports on pages with headings (<see cref="PrPages"/>).</summary>
/// <param name="output">Where they go.</param>
/// <param name="head">For the headings.</param>
/// <param name="compat">Pages and columns as the original has them.</param>
internal sealed class SuitePages(Stream output, ReportHead head, bool compat)
{
    private const int LoginColumns = 3;

    private readonly ReportText text = new(output);

    /// <summary>Lines of a text file, as a terminal may see them.</summary>
    /// <param name="heading">In the middle of each header.</param>
    /// <param name="lines">The text; null: it could not be read.</param>
    public void Text(string heading, byte[]? lines) => Paged(heading, lines is null, pages =>
    {
        for (ReadOnlySpan<byte> rest = lines; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)'\n');
            pages.Line(Safe((end < 0 ? rest : rest[..end]).ToArray()));
            rest = end < 0 ? default : rest[(end + 1)..];
        }
    });

    /// <summary>Total accounting, as <c>prtacct</c> prints it.</summary>
    public void Users(string heading, UserTable<TacctSums>? users) => Paged(heading, users is null, pages =>
        Page(pages, memory =>
        {
            var table = new MemoryStream();
            TacctTable.Write(table, users!, compat);
            memory.Write(Safe(table.ToArray()));
        }));

    /// <summary>A command summary.</summary>
    public void Commands(string heading, CommandSummary? commands, Action<Stream, CommandSummary> write) =>
        Paged(heading, commands is null, pages => Page(pages, memory => write(memory, commands!)));

    /// <summary>The last logins in three columns.</summary>
    public void LastLogins(byte[]? loginlog) => Paged("LAST LOGIN", loginlog is null, pages =>
        PrColumns.Write(pages, LoginlogText.Lines(loginlog!), LoginColumns, cuts: compat));

    private void Paged(string heading, bool isMissing, Action<PrPages> write)
    {
        var pages = new PrPages(text, heading, head.At, compat);
        if (isMissing)
        {
            pages.Line("not available: its file could not be read"u8);
        }
        else
        {
            write(pages);
        }

        pages.End();
        text.Flush();
    }

    /// <summary>
    /// Lines as a terminal may see them, with their tabs: names may be of any script, and some letters turn the
    /// direction of a line.
    /// </summary>
    private static byte[] Safe(byte[] lines) => [.. lines.Select(value =>
        value is (byte)'\t' or (byte)'\n' or (>= (byte)' ' and <= (byte)'~') ? value : (byte)'?')];

    private static void Page(PrPages pages, Action<Stream> write)
    {
        var memory = new MemoryStream();
        write(memory);
        pages.Lines(memory.GetBuffer().AsSpan(0, (int)memory.Length));
    }
}
