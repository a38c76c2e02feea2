// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
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
                TakenPath, new TakenMark(record.Day, record.CutOff, record.JournalTo),
                RunJson.Default.TakenMark);
        }
    }

    /// <summary>The number of a user's name on this host.</summary>
    public static uint? UidOf(byte[] name) => UserDatabase.TryGetUid(name, out var uid, out _) ? uid : null;

    private DayRecord TakeAll()
    {
        var before = Before();
        var cut = context.Now.GetUtcNow();
        var from = before is not null && JournalMark.TryParse(before.JournalTo, out var mark) ? mark : default;
        var to = DayProcess.Stage(context).EndNow(from);
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
            JournalFrom = from.ToString(),
            JournalTo = to.ToString(),
        };
        record.Save(context.RecordPath);
        context.Record = record;
        Tell(record);
        return record;
    }

    /// <summary>Where the day before ended; null before the first.</summary>
    private TakenMark? Before() => RunMarks.Load(TakenPath, RunJson.Default.TakenMark);

    private void Tell(DayRecord record)
    {
        var text = new StringBuilder(
            $"{record.CutOff:yyyy-MM-dd HH:mm:ss}Z journal blocks behind {record.From.Block}"
            + $" up to {record.To.Block};");
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
