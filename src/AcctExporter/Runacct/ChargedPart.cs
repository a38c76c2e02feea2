// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AcctExporter.Journal;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// What a part of the journal cost, charged ahead of the daily run (<c>ckpacct</c>): <c>nite/charge1</c> and so on. A
/// line of text says which part it is and what was in it, total accounting by user and by group and the command summary
/// follow in their own formats. The same part gives the same bytes.
/// </summary>
internal sealed record ChargedPart
{
    /// <summary>What the files are named, with a number behind it.</summary>
    public const string Name = "charge";

    private const string Magic = "ACCTPART";
    private const int Words = 9;
    private const int LongestLine = 512;

    /// <summary>Where it begins.</summary>
    public required JournalMark From { get; init; }

    /// <summary>Where it ends.</summary>
    public required JournalMark To { get; init; }

    /// <summary>What of the journal was in it.</summary>
    public required ChargeCounts Counts { get; init; }

    /// <summary>Total accounting by user, as a file.</summary>
    public required ReadOnlyMemory<byte> Users { get; init; }

    /// <summary>The same by group.</summary>
    public required ReadOnlyMemory<byte> Groups { get; init; }

    /// <summary>The command summary, as a file.</summary>
    public required ReadOnlyMemory<byte> Commands { get; init; }

    /// <summary>All parts in a folder, by their numbers; damaged ones are said and left out.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static SortedDictionary<int, ChargedPart> All(string folder, Action<string> say)
    {
        var parts = new SortedDictionary<int, ChargedPart>();
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, Name + "*") : [])
        {
            if (!int.TryParse(
                Path.GetFileName(path.AsSpan())[Name.Length..], NumberStyles.None, CultureInfo.InvariantCulture,
                out var number))
            {
                continue;
            }

            if (TryRead(File.ReadAllBytes(path), out var part))
            {
                parts.Add(number, part);
            }
            else
            {
                say($"{path}: it is damaged, or a newer version wrote it: what it holds is charged from the journal"
                    + " again, as far as the journal has it");
            }
        }

        return parts;
    }

    /// <summary>Those that follow each other from a mark on, up to a block.</summary>
    /// <param name="parts">All of them.</param>
    /// <param name="from">Where the first begins.</param>
    /// <param name="to">Where the last may end at the latest.</param>
    public static IReadOnlyList<ChargedPart> Chain(
        SortedDictionary<int, ChargedPart> parts, JournalMark from, JournalMark to)
    {
        List<ChargedPart> chain = [];
        foreach (var part in parts.Values)
        {
            if (part.From == (chain.Count == 0 ? from : chain[^1].To) && part.To.Block <= to.Block)
            {
                chain.Add(part);
            }
        }

        return chain;
    }

    /// <summary>Writes it.</summary>
    public void Write(Stream output)
    {
        var line = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Magic} {From} {To} {Counts.Exits} {Counts.Unjoined} {Counts.LostBlocks} {Users.Length} {Groups.Length} "
            + $"{Commands.Length}\n"));
        Span<byte> check = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(check, Crc32C.Of(line));
        output.Write(line);
        output.Write(check);
        output.Write(Users.Span);
        output.Write(Groups.Span);
        output.Write(Commands.Span);
    }

    /// <summary>Reads it; false when it is none, or damaged.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> file, out ChargedPart part)
    {
        part = null!;
        var line = file.Span[..Math.Min(file.Length, LongestLine)];
        var end = line.IndexOf((byte)'\n') + 1;
        if (end == 0 || file.Length < end + sizeof(uint)
            || BinaryPrimitives.ReadUInt32LittleEndian(file.Span[end..]) != Crc32C.Of(line[..end]))
        {
            return false;
        }

        var words = Encoding.ASCII.GetString(line[..(end - 1)]).Split(' ');
        Span<ulong> numbers = stackalloc ulong[Words - 3];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (words.Length != Words || !ulong.TryParse(
                words[i + 3], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return false;
            }
        }

        var rest = file[(end + sizeof(uint))..];
        if (words[0] != Magic || !JournalMark.TryParse(words[1], out var from)
            || !JournalMark.TryParse(words[2], out var to)
            || (UInt128)numbers[3] + numbers[4] + numbers[5] != (ulong)rest.Length)
        {
            return false;
        }

        var (users, groups) = ((int)numbers[3], (int)numbers[4]);
        part = new()
        {
            From = from,
            To = to,
            Counts = new() { Exits = numbers[0], Unjoined = numbers[1], LostBlocks = numbers[2] },
            Users = rest[..users],
            Groups = rest.Slice(users, groups),
            Commands = rest[(users + groups)..],
        };
        return part.IsWhole();
    }

    private bool IsWhole()
    {
        var users = new UserTable<TacctSums>();
        var commands = CmsFile.Read(
            new MemoryStream(Commands.ToArray()), null, new CommandSummary(LifeSplit.Of(Records.Holidays.None,
                TimeZoneInfo.Utc)));
        return TacctFile.Read(new MemoryStream(Users.ToArray()), users) == default
            && TacctFile.Read(new MemoryStream(Groups.ToArray()), users) == default
            && commands == default;
    }
}

/// <summary>What was in a part of the journal.</summary>
internal readonly record struct ChargeCounts
{
    /// <summary>Exits that were charged.</summary>
    public ulong Exits { get; init; }

    /// <summary>Of them those of which the record is all that is known.</summary>
    public ulong Unjoined { get; init; }

    /// <summary>Blocks that are missing, or cannot be read: nobody is charged with their exits.</summary>
    public ulong LostBlocks { get; init; }

    /// <summary>Both together.</summary>
    public ChargeCounts With(ChargeCounts other) => new()
    {
        Exits = Exits + other.Exits,
        Unjoined = Unjoined + other.Unjoined,
        LostBlocks = LostBlocks + other.LostBlocks,
    };
}
