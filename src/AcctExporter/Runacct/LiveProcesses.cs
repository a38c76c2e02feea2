// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// What processes cost since the last daily run, live: what was charged ahead (<c>ckpacct</c>), and the journal behind
/// that, followed. It is what the next run will charge, if it ran now. One thread.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="clock">The zone, and the date that the table of prime time is held against.</param>
/// <param name="say">Takes messages.</param>
internal sealed class LiveProcesses(RunOptions options, TimeProvider clock, Action<string> say)
    : ISuiteLive, IDisposable
{
    /// <summary>Blocks of the journal that are read at once.</summary>
    private const int BlocksAtOnce = 64;

    private readonly SuitePaths paths = options.Paths;
    private readonly Dictionary<uint, byte[]> names = [];
    private UserTable<TacctSums> ahead = new();
    private LiveDay? day;
    private (JournalMark Taken, DateTime Holidays) begunFrom;

    /// <summary>The name of a user's number, never null.</summary>
    public Func<uint, byte[]> UserNameOf { get; init; } = NamesOfHost.User;

    /// <summary>Blocks of the journal that are missing or damaged: their exits are in no total.</summary>
    public ulong LostBlocks { get; private set; }

    /// <inheritdoc/>
    public void AddTo(SuiteTotals totals)
    {
        var (table, others) = Now();
        totals.Add(table);
        if (others.Processes > 0)
        {
            totals.Add(LabelText.Other, others);
        }
    }

    /// <inheritdoc/>
    public SuiteSnapshot Show(SuiteSnapshot snapshot) => snapshot with
    {
        UnchargedBlocks = day is null ? -1 : (long)(day.To.Block - Math.Min(day.From.Block, day.To.Block)),
        LostBlocks = (long)LostBlocks,
    };

    /// <summary>Reads what is new.</summary>
    /// <returns>By user; and the users who came when there were too many to keep apart.</returns>
    /// <inheritdoc cref="AddTo"/>
    public (UserTable<TacctSums> Users, TacctSums Others) Now()
    {
        var text = RunMarks.Load(Path.Combine(paths.Nite, "taken"), RunJson.Default.TakenMark)?.JournalTo;
        var taken = JournalMark.TryParse(text, out var mark) ? mark : default;
        var written = File.GetLastWriteTimeUtc(options.Suite.Logins.HolidaysFile);
        if (day is null || begunFrom != (taken, written))
        {
            Begin(taken);
            begunFrom = (taken, written);
        }

        while (day!.Advance(BlocksAtOnce))
        {
            // A long backlog is read in one go: the thread has nothing else to do, and no scrape waits for it.
        }

        LostBlocks = day.LostBlocks;
        var table = new UserTable<TacctSums>();
        foreach (var (uid, name, sums) in ahead.Sorted())
        {
            table.Of(uid, name).Add(sums);
        }

        foreach (var (uid, _, sums) in day.Users.Sorted())
        {
            table.Of(uid, NameOf(uid)).Add(sums.ToTacct());
        }

        return (table, day.Others.ToTacct());
    }

    /// <inheritdoc/>
    public void Dispose() => day?.Dispose();

    private void Begin(JournalMark taken)
    {
        day?.Dispose();
        names.Clear();
        ahead = new();
        var parts = ChargedPart.Chain(ChargedPart.All(paths.Nite, say), taken, new(ulong.MaxValue, 0));
        foreach (var part in parts)
        {
            TacctFile.Read(new MemoryStream(part.Users.ToArray()), ahead);
        }

        var holidays = new HolidayFile(options.Suite.Logins.HolidaysFile, _ => { }, clock).Read();
        day = new(
            Path.Combine(options.StoragePath, JournalExits.FolderName),
            LifeSplit.Of(holidays, clock.LocalTimeZone), say);
        day.Begin(parts.Count == 0 ? taken : parts[^1].To);
    }

    private byte[] NameOf(uint uid)
    {
        if (!names.TryGetValue(uid, out var name))
        {
            names.Add(uid, name = UserNameOf(uid));
        }

        return name;
    }
}
