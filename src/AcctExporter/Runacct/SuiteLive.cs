// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>Time logged in since the last daily run.</summary>
internal sealed class SessionsLive(LiveConnect sessions) : ISuiteLive
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <inheritdoc/>
    public void AddTo(SuiteTotals totals)
    {
        sessions.Pass();
        foreach (var user in sessions.Users)
        {
            totals.Add(LabelText.Escape(Encoding.UTF8.GetBytes(user.User)), new TacctSums
            {
                Prime = new() { ConnectMicroseconds = user.PrimeSeconds * MicrosecondsPerSecond },
                NonPrime = new() { ConnectMicroseconds = user.NonPrimeSeconds * MicrosecondsPerSecond },
                Sessions = user.Sessions,
            });
        }
    }
}

/// <summary>Fees that no daily run has taken yet.</summary>
internal sealed class FeesLive(SuitePaths paths) : ISuiteLive
{
    /// <inheritdoc/>
    public void AddTo(SuiteTotals totals)
    {
        var table = new UserTable<TacctSums>();
        FeeFile.ReadPending(paths, DaySetup.UidOf, table);
        totals.Add(table);
    }
}

/// <summary>Pages that were printed: those of no daily run yet, and all since counting began.</summary>
internal sealed class PagesLive(SuitePaths paths, PageLogFollower follower, int usersLimit) : ISuiteLive
{
    /// <summary>When what is counted of pages began: not known, for it is older than the agent.</summary>
    private const long Unknown = 0;

    /// <inheritdoc/>
    public void AddTo(SuiteTotals totals)
    {
        follower.Pass();
        using var file = SuiteFile.TryOpen(paths.Qacct);
        if (file is not null)
        {
            var table = new UserTable<TacctSums>();
            QacctFile.Read(file, table, _ => { });
            totals.Add(table);
        }
    }

    /// <inheritdoc/>
    public SuiteSnapshot Show(SuiteSnapshot snapshot)
    {
        // Users in the order in which they first printed: a counter must not lose one to the others.
        var users = new HashSet<string>();
        var pages = new Dictionary<(string User, string Printer), long>();
        var figures = follower.Figures;
        foreach (var printed in figures.Pages)
        {
            var user = LabelText.Escape(printed.User);
            if (users.Count < usersLimit || users.Contains(user))
            {
                users.Add(user);
            }
            else
            {
                user = LabelText.Other;
            }

            var key = (user, LabelText.Escape(printed.Printer));
            pages[key] = pages.GetValueOrDefault(key) + printed.Pages;
        }

        return snapshot with
        {
            Pages = [.. pages.OrderBy(row => row.Key).Select(row => new SuiteRow(
                row.Value, Unknown, ("user", row.Key.User), ("printer", row.Key.Printer)))],
            PageLog = figures.IsOfALog ? figures : null,
        };
    }
}

/// <summary>What the last look at the disks found, by user and file system.</summary>
internal sealed class DisksShown(SuitePaths paths, int usersLimit) : ISuiteLive
{
    private const long LargestBytes = 64 << 20;

    private (DateTime Time, long Length) stamp;
    private List<DiskSample> samples = [];

    /// <summary>What is charged of it is in a file of its own.</summary>
    public void AddTo(SuiteTotals totals)
    {
        var file = new FileInfo(paths.DiskSample);
        var found = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (found != stamp)
        {
            samples = found == default ? []
                : found.Length > LargestBytes ? throw new IOException($"{file.FullName}: it is too large for samples")
                : DiskSampleFile.Parse(File.ReadAllBytes(file.FullName), out _);
            stamp = found;
        }
    }

    /// <inheritdoc/>
    public SuiteSnapshot Show(SuiteSnapshot snapshot)
    {
        // A file system without anybody on it has a line of nobody.
        var rows = samples.Where(sample => sample.Name.Length > 0)
            .Select(sample => (User: SuiteTotals.LabelOf(sample.Uid, sample.Name), sample.FileSystem, sample.Bytes))
            .ToArray();
        var shown = rows.GroupBy(row => row.User).OrderByDescending(user => user.Sum(row => row.Bytes))
            .ThenBy(user => user.Key, StringComparer.Ordinal).Take(usersLimit).Select(user => user.Key).ToHashSet();
        return snapshot with
        {
            Disks =
            [
                .. rows.GroupBy(row => (
                        User: shown.Contains(row.User) ? row.User : LabelText.Other,
                        Place: LabelText.Escape(row.FileSystem)))
                    .OrderBy(row => row.Key)
                    .Select(row => new SuiteRow(
                        row.Sum(each => each.Bytes), 0, ("user", row.Key.User), ("filesystem", row.Key.Place))),
            ],
            DiskSampleUnixMicroseconds =
                samples.Select(each => each.TakenUnixSeconds).DefaultIfEmpty().Max() * 1_000_000,
        };
    }
}
