// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// <c>pac</c>: pages and runs by user. It reads printers' logs (<c>pages name [runs]</c>, with a number of feet or
/// pages that may have decimals, and <c>host:user</c> as the name), summaries of these, lines of <c>qacct</c>
/// (<c>user uid pages ...</c>) and CUPS' page_log, each line for itself.
/// </summary>
/// <param name="options">What is shown.</param>
internal sealed class PacReport(PacOptions options)
{
    private readonly Dictionary<string, Sums> users = [];
    private readonly byte[] names = new byte[TextLines.LongestBytes];

    /// <summary>Adds all lines of a file.</summary>
    /// <param name="input">The file.</param>
    /// <param name="bad">Told the number of each line that is none, from 1.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(Stream input, Action<long> bad)
    {
        var lines = new TextLines(input);
        while (lines.TryRead(out var line))
        {
            if (!TryAdd(line) && !line.Trim(" \t\r"u8).IsEmpty)
            {
                bad(lines.Number);
            }
        }
    }

    /// <summary>Writes the report, or the rows.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(Stream output)
    {
        var text = new ReportText(output);
        if (options.Format != ReportFormat.Text)
        {
            var rows = new ReportRows(text, options.Format, "user", "pages", "runs", "price");
            foreach (var (name, sums) in Shown())
            {
                rows.Row();
                rows.Add(Encoding.Latin1.GetBytes(name));
                rows.Add(sums.Pages);
                rows.Add(sums.Runs);
                rows.Add(sums.Pages * options.Price);
            }

            rows.End();
            return;
        }

        text.Add("  Login               pages/feet   runs    price\n"u8);
        var total = default(Sums);
        foreach (var (name, sums) in Shown())
        {
            Line(text, SafeText.Of(Encoding.Latin1.GetBytes(name)), sums);
            total = new(total.Pages + sums.Pages, total.Runs + sums.Runs);
        }

        if (options.Users.Count == 0)
        {
            text.Add((byte)'\n');
            Line(text, "total"u8, total);
        }

        text.Flush();
    }

    /// <summary>Writes the sums as a summary that is read with the log (<c>LOG_sum</c>).</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteSummary(Stream output)
    {
        var text = new ReportText(output);
        foreach (var (name, sums) in Shown())
        {
            Number(text, sums.Pages, 7);
            text.Add((byte)'\t');
            text.Add(Encoding.Latin1.GetBytes(name));
            text.Add((byte)'\t');
            text.Add(sums.Runs);
            text.Add((byte)'\n');
        }

        text.Flush();
    }

    private bool TryAdd(ReadOnlySpan<byte> line)
    {
        if (PageLogLine.TryDecode(line, out var printed))
        {
            Add(printed.User, printed.Printer, printed.Sheets, 1);
            return true;
        }

        if (QacctFile.TryRead(line, names, out var job) && !(job.Printer.IsEmpty && IsNumber(job.User)))
        {
            Add(job.User, job.Printer, job.Pages, 1);
            return true;
        }

        var number = FieldText.Take(ref line);
        var name = FieldText.Take(ref line);
        var runs = FieldText.Take(ref line);
        var count = 1L;
        if (number.IsEmpty || name.IsEmpty || !Utf8Parser.TryParse(number, out double pages, out var used)
            || used != number.Length || !double.IsFinite(pages)
            || (!runs.IsEmpty
                && !(Utf8Parser.TryParse(runs, out count, out used) && used == runs.Length && count >= 0)))
        {
            return false;
        }

        Add(name, [], pages, Math.Max(1, count));
        return true;
    }

    /// <summary>A line of AIX of somebody whose name begins as a number does is taken for a printer's.</summary>
    private static bool IsNumber(ReadOnlySpan<byte> text) =>
        text[0] is (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9');

    private void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> printer, double pages, long runs)
    {
        if (options.Printer is { } only && !printer.IsEmpty && !printer.SequenceEqual(only))
        {
            return;
        }

        name = options.WithoutHosts && name.IndexOf((byte)':') is >= 0 and var host ? name[(host + 1)..] : name;
        // One character a byte: any bytes are a key, and no two share one.
        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(users, Encoding.Latin1.GetString(name), out _);
        sums = new(sums.Pages + pages, sums.Runs + runs);
    }

    private IEnumerable<(string Name, Sums Sums)> Shown()
    {
        var names = options.Users.Count == 0 ? users.Keys.ToList()
            : [.. options.Users.Select(Encoding.Latin1.GetString).Distinct()];
        var rows = names.Select(name => (Name: name, Sums: users.GetValueOrDefault(name)));
        var ordered = options.ByCost
            ? rows.OrderBy(row => row.Sums.Pages).ThenBy(row => row.Name, StringComparer.Ordinal)
            : rows.OrderBy(row => row.Name, StringComparer.Ordinal);
        return options.IsReversed ? ordered.Reverse() : ordered;
    }

    private void Line(ReportText text, ReadOnlySpan<byte> name, Sums sums)
    {
        text.AddLeft(name, 24);
        text.Add((byte)' ');
        Number(text, sums.Pages, 7);
        text.Add((byte)' ');
        text.Add(sums.Runs, 4);
        text.Add("   $"u8);
        // As the original: prices are floats of 32 bits, which decides halves of a cent.
        Number(text, (float)sums.Pages * (float)options.Price, 6);
        text.Add((byte)'\n');
    }

    private static void Number(ReportText text, double value, int width) => text.Advance(
        FixedText.Write(value, width, 2, text.Room(FixedText.LongestBytes)));

    private readonly record struct Sums(double Pages, long Runs);
}
