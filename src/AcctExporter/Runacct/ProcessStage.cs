// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The state PROCESS of the daily run: what the processes of a day cost, by user, by command and, where asked, by
/// group. It is a function of the journal between two marks, and of what was charged of that ahead of the run; done
/// again, it writes the same bytes.
/// </summary>
/// <param name="paths">The suite's files.</param>
/// <param name="journalFolder">The journal's folder.</param>
/// <param name="say">Takes each message that somebody should read.</param>
internal sealed class ProcessStage(SuitePaths paths, string journalFolder, Action<string> say)
{
    /// <summary>Total accounting by user: <c>nite/ptacct1.0702</c> and so on.</summary>
    public const string UsersName = "ptacct";

    /// <summary>The same by group.</summary>
    public const string GroupsName = "gptacct";

    /// <summary>The command summary.</summary>
    public const string CommandsName = "pcms";

    private readonly JournalPlaces places = new(journalFolder);

    /// <summary>Totals by group are kept, too.</summary>
    public bool ByGroup { get; init; }

    /// <summary>The name of a user's number, never null: a number without one is its own name.</summary>
    public Func<uint, byte[]> UserNameOf { get; init; } = NamesOfHost.User;

    /// <summary>Likewise for groups.</summary>
    public Func<uint, byte[]> GroupNameOf { get; init; } = NamesOfHost.Group;

    /// <summary>How many processors work.</summary>
    public int Workers { get; init; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Where a day ends that ends now: behind the newest block. For SETUP.</summary>
    /// <param name="from">Where it began; there it ends, too, while there is no journal.</param>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public JournalMark EndNow(JournalMark from) => places.Newest() is { IsBeginning: false } newest ? newest : from;

    /// <summary>Charges a day, and writes its files.</summary>
    /// <param name="day">The day.</param>
    /// <param name="from">Where the day before ended; the beginning for the first.</param>
    /// <param name="to">Where this one ends.</param>
    /// <param name="split">Divides lives.</param>
    /// <returns>What was charged.</returns>
    /// <exception cref="IOException">The journal cannot be read, or a file not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public ChargeCounts Run(DateOnly day, JournalMark from, JournalMark to, LifeSplit split)
    {
        var ahead = ChargedPart.Chain(ChargedPart.All(paths.Nite, say), from, to);
        var begin = ahead.Count == 0 ? from : ahead[^1].To;
        List<ChargedPart> parts = [.. ahead, .. begin != to || ahead.Count == 0 ? [Charge(begin, to, split)] : Nothing];
        var counts = default(ChargeCounts);
        for (var i = 0; i < parts.Count; i++)
        {
            Put(UsersName, i + 1, day, parts[i].Users);
            Put(CommandsName, i + 1, day, parts[i].Commands);
            if (ByGroup)
            {
                Put(GroupsName, i + 1, day, parts[i].Groups);
            }

            counts = counts.With(parts[i].Counts);
        }

        // Of an earlier try, when less was charged ahead.
        foreach (var name in new[] { UsersName, CommandsName, GroupsName })
        {
            foreach (var (number, path) in Files(name, day))
            {
                if (number > parts.Count)
                {
                    SuiteFile.Delete(path);
                }
            }
        }

        return counts;
    }

    /// <summary>The files of a day, by their numbers: what MERGE and CMS read.</summary>
    /// <param name="name">Which: <see cref="UsersName"/>, <see cref="GroupsName"/>, <see cref="CommandsName"/>.</param>
    /// <param name="day">The day.</param>
    public IReadOnlyList<(int Number, string Path)> Files(string name, DateOnly day)
    {
        var suffix = "." + SuitePaths.MonthAndDay(day);
        var files = new SortedDictionary<int, string>();
        foreach (var path in Directory.EnumerateFiles(paths.Nite, $"{name}*{suffix}"))
        {
            var digits = Path.GetFileName(path.AsSpan())[name.Length..^suffix.Length];
            if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                files[number] = path;
            }
        }

        return [.. files.Select(file => (file.Key, file.Value))];
    }

    /// <summary>
    /// Charges what stands in the files of the journal that are closed, ahead of the run (<c>ckpacct</c>), if it is
    /// more than some bytes.
    /// </summary>
    /// <param name="taken">Where the last day ended that was taken.</param>
    /// <param name="split">Divides lives.</param>
    /// <param name="limitBytes">So much may be left uncharged.</param>
    /// <returns>What was charged; null for nothing.</returns>
    /// <inheritdoc cref="Run"/>
    public ChargeCounts? ChargeClosed(JournalMark taken, LifeSplit split, long limitBytes)
    {
        var parts = ChargedPart.All(paths.Nite, say);
        var closed = places.NewestClosed();
        var chain = ChargedPart.Chain(parts, taken, new(ulong.MaxValue, 0));
        var begin = chain.Count == 0 ? taken : chain[^1].To;
        var stretch = places.Between(begin, closed);
        if (stretch.Blocks == 0 || places.ClosedBytesAfter(stretch.After) <= limitBytes)
        {
            return null;
        }

        var part = Charge(begin, closed, split);
        var number = parts.Count == 0 ? 1 : parts.Keys.Max() + 1;
        SuiteFile.Put(
            Path.Combine(paths.Nite, ChargedPart.Name + number.ToString(CultureInfo.InvariantCulture)), part.Write);
        return part.Counts;
    }

    /// <summary>Lets go of what was charged ahead for a day that is whole now: for CLEANUP.</summary>
    /// <param name="from">Where that day began.</param>
    /// <param name="to">Where it ended.</param>
    /// <inheritdoc cref="Run"/>
    public void Forget(JournalMark from, JournalMark to)
    {
        var parts = ChargedPart.All(paths.Nite, say);
        // The last one first: what is left by a kill is still a chain, which the next try finds.
        foreach (var part in ChargedPart.Chain(parts, from, to).Reverse())
        {
            var number = parts.First(known => ReferenceEquals(known.Value, part)).Key;
            SuiteFile.Delete(
                Path.Combine(paths.Nite, ChargedPart.Name + number.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static IReadOnlyList<ChargedPart> Nothing => [];

    private ChargedPart Charge(JournalMark from, JournalMark to, LifeSplit split)
    {
        var stretch = places.Between(from, to);
        switch (stretch.Change)
        {
            case JournalChange.BegunAnew:
                say($"the journal in {journalFolder} is another than the one that was charged up to block "
                    + $"{from.Block}: it was begun anew, cut back or put back from a backup. What it counted since is "
                    + "charged; what the old one had behind that block is not");
                break;
            case JournalChange.Gone:
                say($"there is no journal in {journalFolder}, or nothing in it: no process is charged; "
                    + "start the agent (acct-exporter serve), or say where its storage is");
                break;
        }

        var charges = new ProcessCharges(split, ByGroup);
        var charge = new JournalCharge(journalFolder, say) { Workers = Workers };
        charge.Run(stretch, charges);
        if (charge.LostBlocks > 0)
        {
            say($"{charge.LostBlocks} of the {stretch.Blocks} blocks of the journal behind block {stretch.After} are "
                + "missing or damaged: nobody is charged with their exits. When retention deleted them, let ckpacct "
                + "run more often, or keep more (--journal.retention-size)");
        }

        if (charges.BadSupplements > 0)
        {
            say($"what the journal has beside the records of {charges.BadSupplements} exits cannot be read: they are "
                + "charged by their records");
        }

        var (users, groups, commands) = (new MemoryStream(), new MemoryStream(), new MemoryStream());
        TacctFile.Write(users, Named(charges.Users, UserNameOf));
        TacctFile.Write(groups, Named(charges.Groups, GroupNameOf));
        CmsFile.Write(commands, charges.Commands);
        return new()
        {
            From = from,
            To = to,
            Counts = new()
            {
                Exits = charges.Exits,
                Unjoined = charges.Unjoined,
                LostBlocks = charge.LostBlocks,
            },
            Users = users.ToArray(),
            Groups = groups.ToArray(),
            Commands = commands.ToArray(),
        };
    }

    private static UserTable<TacctSums> Named(UserTable<UserSums> sums, Func<uint, byte[]> nameOf)
    {
        var table = new UserTable<TacctSums>();
        foreach (var (number, _, user) in sums.Sorted())
        {
            table.Of(number, nameOf(number)).Add(user.ToTacct());
        }

        return table;
    }

    private void Put(string name, int number, DateOnly day, ReadOnlyMemory<byte> bytes) => SuiteFile.Put(
        paths.OfNite(name + number.ToString(CultureInfo.InvariantCulture), day), file => file.Write(bytes.Span));
}
