// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AcctExporter.Runacct;

/// <summary>
/// The state SETUP: takes what the day is made of, each thing once. What is in <c>nite</c> under the day's name already
/// is not taken again; the record of it all is written last.
/// </summary>
/// <param name="context">The day.</param>
internal sealed class DaySetup(DayContext context)
{
    private readonly SuitePaths paths = context.Paths;

    private string TakenPath => Path.Combine(paths.Nite, "taken");

    /// <summary>Takes it.</summary>
    /// <exception cref="RunFault">Where the day before ended is not to be read.</exception>
    /// <exception cref="IOException">Something cannot be read or moved.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Take()
    {
        var record = context.Record ?? TakeAll();
        if (Before() is not { } before || before.CutOff < record.CutOff)
        {
            RunMarks.Save(
                TakenPath, new TakenMark(record.Day, record.CutOff, record.JournalTo.ToString()),
                RunJson.Default.TakenMark);
        }
    }

    /// <summary>The number of a user's name on this host.</summary>
    public static uint? UidOf(byte[] name) => UserDatabase.TryGetUid(name, out var uid, out _) ? uid : null;

    private DayRecord TakeAll()
    {
        var before = Before();
        var cut = context.Now.GetUtcNow();
        var stretch = Journal(before);
        _ = DayLogins.Take(
            context.Options.Suite.Logins, paths, context.Day, cut.ToUnixTimeSeconds(), context.Log.Warn);
        FeeFile.Take(paths, context.Nite("fee"));
        FeeDrop.Take(paths, context.Nite("fees"));
        using (var prints = new PageLogFollower(
            paths, context.Options.Suite.PageLog, UidOf, NullLogger.Instance))
        {
            prints.Take(context.Nite("qacct"));
        }

        SuiteFile.Move(paths.DiskTacct, context.Nite("disktacct"));
        var record = new DayRecord
        {
            Day = context.Day,
            Begin = before?.CutOff,
            CutOff = cut,
            JournalAfter = stretch.After,
            JournalTo = stretch.To.ToString(),
        };
        record.Save(context.RecordPath);
        context.Record = record;
        Tell(record);
        return record;
    }

    /// <summary>The day's part of the journal.</summary>
    private JournalStretch Journal(TakenMark? before)
    {
        var folder = Path.Combine(context.Options.StoragePath, JournalExits.FolderName);
        var places = new JournalPlaces(folder);
        var from = before is not null && JournalMark.TryParse(before.JournalTo, out var mark) ? mark : default;
        var stretch = places.Between(from, places.Newest());
        if (stretch.Change == JournalChange.BegunAnew)
        {
            context.Log.Warn($"the journal in {folder} is not the one that the last run read: what it counted since "
                + "then is charged");
        }
        else if (stretch.Change == JournalChange.Gone || stretch.To.IsBeginning)
        {
            context.Log.Warn($"{folder}: there is no journal: no processes are charged; does the agent run?");

            // When it is back, the blocks behind the mark are the next day's.
            return new(from.Block, from, stretch.Change);
        }

        return stretch;
    }

    /// <summary>Where the day before ended; null before the first.</summary>
    private TakenMark? Before() => RunMarks.Load(TakenPath, RunJson.Default.TakenMark);

    private void Tell(DayRecord record)
    {
        var text = new StringBuilder($"{record.CutOff:yyyy-MM-dd HH:mm:ss}Z journal blocks behind {record.JournalAfter}"
            + $" up to {record.JournalMark.Block};");
        foreach (var name in DayArchive.Inputs)
        {
            if (File.Exists(context.Nite(name)))
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture,
                    $" {name} {new FileInfo(context.Nite(name)).Length}");
            }
        }

        context.Log.Progress(text.ToString());
    }
}
