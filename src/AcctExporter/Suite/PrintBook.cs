// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text;
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Logins;

namespace AcctExporter.Suite;

/// <summary>
/// What is known of printing: up to where the log was read, how long <c>qacct</c> is with that, and the sums. It is one
/// file, replaced as a whole, so these never disagree.
/// </summary>
internal sealed class PrintBook
{
    /// <summary>
    /// Pairs of user and printer with sums of their own; all others are one pair, <see cref="Other"/>.
    /// </summary>
    public const int MostPairs = 4096;

    /// <summary>Jobs whose pages have lines of their own and that are not at their ends.</summary>
    private const int MostJobs = 1024;

    private const string Tag = "PRNT";
    private const byte Layout = 1;

    private readonly Dictionary<(string User, string Printer), Sums> pairs = [];
    private readonly Dictionary<uint, long> jobs = [];

    /// <summary>User and printer of what is beyond <see cref="MostPairs"/>.</summary>
    public static ReadOnlySpan<byte> Other => "other"u8;

    /// <summary>Up to where the log was read; with nothing known, it was not there yet.</summary>
    public LoginCursor Cursor { get; set; }

    /// <summary>Which file <c>qacct</c> is; with an inode of 0 none.</summary>
    public (ulong Device, ulong Inode) Qacct { get; set; }

    /// <summary>How long it is.</summary>
    public long QacctBytes { get; set; }

    /// <summary>When the last line was written that was counted.</summary>
    public long LastSeconds { get; private set; }

    /// <summary>Lines that were counted.</summary>
    public ulong Lines { get; private set; }

    /// <summary>Lines of no known form.</summary>
    public ulong BadLines { get; set; }

    /// <summary>Times when lines may be missing.</summary>
    public ulong Gaps { get; set; }

    /// <summary>Changes with anything that was read.</summary>
    public ulong Reads => Lines + BadLines + Gaps;

    /// <summary>Counts a line.</summary>
    /// <returns>Its pages: of a job's total, those that had no lines of their own.</returns>
    public long Count(PageLogLine line)
    {
        long pages = line.Sheets;
        if (line.IsTotal)
        {
            // cupsd hands on what filters and backends say; a total holds the pages that were told one by one.
            pages = jobs.Remove(line.Job, out var told) ? Math.Max(0, pages - told) : pages;
        }
        else
        {
            if (jobs.Count >= MostJobs && !jobs.ContainsKey(line.Job))
            {
                // Jobs are numbered as they come.
                jobs.Remove(jobs.Keys.Min());
            }

            CollectionsMarshal.GetValueRefOrAddDefault(jobs, line.Job, out _) += pages;
        }

        ref var sums = ref Of(line.User, line.Printer);
        sums.Pages = TacctSums.Sum(sums.Pages, pages);
        sums.Jobs++;
        Lines++;
        LastSeconds = Math.Max(LastSeconds, line.UnixSeconds);
        return pages;
    }

    /// <summary>A line that was there before anybody counted: what is later was not.</summary>
    public void Skip(ReadOnlySpan<byte> line)
    {
        if (PageLogLine.TryDecode(line, out var decoded))
        {
            LastSeconds = Math.Max(LastSeconds, decoded.UnixSeconds);
        }
    }

    /// <summary>The sums, by user, then by printer.</summary>
    public IReadOnlyList<PrintedPages> Pages() =>
    [
        .. pairs.OrderBy(pair => pair.Key.User, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Printer, StringComparer.Ordinal)
            .Select(pair => new PrintedPages(
                Encoding.Latin1.GetBytes(pair.Key.User), Encoding.Latin1.GetBytes(pair.Key.Printer), pair.Value.Pages,
                pair.Value.Jobs)),
    ];

    /// <summary>Reads it; null when nothing was ever kept.</summary>
    /// <exception cref="StorageFault">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static PrintBook? Load(string path)
    {
        if (Checkpoint.Load(path) is not { } kept)
        {
            return null;
        }

        try
        {
            using var input = new BinaryReader(new MemoryStream(kept[Tag] ?? []));
            var book = input.ReadByte() == Layout ? Read(input) : null;
            return book is not null && input.BaseStream.Position == input.BaseStream.Length
                ? book : throw Damaged(path);
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            throw Damaged(path);
        }
    }

    /// <summary>Saves it; a kill leaves the old state or the new one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Save(string path)
    {
        using var bytes = new MemoryStream();
        using (var output = new BinaryWriter(bytes))
        {
            Write(output);
        }

        FileReplacement.Put(path, new Checkpoint { [Tag] = bytes.ToArray() }.ToBytes(), ReplacementPoints.Printing);
    }

    private static StorageFault Damaged(string path) =>
        new($"the state of printing {path} cannot be used: its content");

    private ref Sums Of(ReadOnlySpan<byte> user, ReadOnlySpan<byte> printer)
    {
        // One character a byte: any bytes are a key, and no two share one.
        var key = (Encoding.Latin1.GetString(user), Encoding.Latin1.GetString(printer));
        if (pairs.Count >= MostPairs && !pairs.ContainsKey(key))
        {
            key = (Encoding.Latin1.GetString(Other), Encoding.Latin1.GetString(Other));
        }

        return ref CollectionsMarshal.GetValueRefOrAddDefault(pairs, key, out _);
    }

    private void Write(BinaryWriter output)
    {
        output.Write(Layout);
        foreach (var number in (ReadOnlySpan<ulong>)
            [Cursor.Device, Cursor.Inode, Cursor.First, Cursor.Last, Qacct.Device, Qacct.Inode, Lines, BadLines, Gaps])
        {
            output.Write(number);
        }

        output.Write(Cursor.Offset);
        output.Write(QacctBytes);
        output.Write(LastSeconds);
        output.Write(jobs.Count);
        foreach (var (job, told) in jobs)
        {
            output.Write(job);
            output.Write(told);
        }

        output.Write(pairs.Count);
        foreach (var (key, sums) in pairs)
        {
            output.Write(key.User);
            output.Write(key.Printer);
            output.Write(sums.Pages);
            output.Write(sums.Jobs);
        }
    }

    private static PrintBook Read(BinaryReader input)
    {
        var (device, inode, first, last) =
            (input.ReadUInt64(), input.ReadUInt64(), input.ReadUInt64(), input.ReadUInt64());
        var book = new PrintBook
        {
            Qacct = (input.ReadUInt64(), input.ReadUInt64()),
            Lines = input.ReadUInt64(),
            BadLines = input.ReadUInt64(),
            Gaps = input.ReadUInt64(),
            Cursor = new(device, inode, Math.Max(0, input.ReadInt64()), first, last),
            QacctBytes = Math.Max(0, input.ReadInt64()),
            LastSeconds = input.ReadInt64(),
        };
        for (var left = input.ReadInt32(); left > 0; left--)
        {
            book.jobs[input.ReadUInt32()] = input.ReadInt64();
        }

        for (var left = input.ReadInt32(); left > 0; left--)
        {
            book.pairs[(input.ReadString(), input.ReadString())] = new(input.ReadInt64(), input.ReadInt64());
        }

        return book;
    }

    private record struct Sums(long Pages, long Jobs);
}
