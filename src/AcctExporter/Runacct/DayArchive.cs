// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// What a finished day was made of, in <c>sum</c> until its period is closed: so that it can be done again, and proved.
/// </summary>
/// <param name="paths">The suite's files.</param>
/// <param name="day">The day.</param>
internal sealed class DayArchive(SuitePaths paths, DateOnly day)
{
    /// <summary>What SETUP takes, each <c>nite/NAME.MMDD</c> and then <c>sum/NAMEMMDD</c>.</summary>
    public static readonly IReadOnlyList<string> Inputs =
        ["wtmp", "carried", "reasons", "fee", "fees", "qacct", "disktacct"];

    /// <summary>The day's record; null when the day is not finished, or its period is closed.</summary>
    /// <exception cref="RunFault">It is damaged.</exception>
    public DayRecord? Record() => DayRecord.Load(paths.OfSum("day", day));

    /// <summary>Puts what the day was made of away, and its record first.</summary>
    /// <exception cref="IOException">It cannot be done; what was moved, was, and it can be done again.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Keep(DayRecord record)
    {
        record.Save(paths.OfSum("day", day));
        foreach (var name in Inputs)
        {
            if (Path.Exists(paths.OfNite(name, day)))
            {
                // What an earlier try of the day left there was taken back before this one.
                SuiteFile.Delete(paths.OfSum(name, day));
                SuiteFile.Move(paths.OfNite(name, day), paths.OfSum(name, day));
            }
        }

        SuiteFile.Delete(paths.OfNite("day", day));
    }

    /// <summary>Takes it back, for the day to be done again.</summary>
    /// <returns>The record.</returns>
    /// <inheritdoc cref="Keep"/>
    public DayRecord Reopen()
    {
        foreach (var name in Inputs)
        {
            SuiteFile.Move(paths.OfSum(name, day), paths.OfNite(name, day));
        }

        var record = Record()!;
        record.Save(paths.OfNite("day", day));
        return record;
    }

    /// <summary>Why a finished day cannot be done again; null when it can.</summary>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public string? WhyNotAgain(string storagePath)
    {
        var record = Record()!;
        var folder = Path.Combine(storagePath, JournalExits.FolderName);
        var places = new JournalPlaces(folder);
        var oldest = places.Between(default, default).After + 1;
        return record.To == record.From ? null
            : places.Newest() is var newest && newest.Block < record.To.Block
            ? $"the journal in {folder} ends with block {newest.Block}, and the day with block {record.To.Block}"
            : places.Between(record.From, record.To).Change != JournalChange.None
            ? $"the journal in {folder} is not the one that the day was charged from"
            : oldest > record.From.Block + 1 && !record.From.IsBeginning
            ? $"the journal in {folder} begins with block {oldest}, and the day with block {record.From.Block + 1}"
            : null;
    }

    /// <summary>From which state on a finished day is done again: what it made on its way is not kept.</summary>
    public static RunState First(RunState asked, RunLog log)
    {
        if (asked <= RunState.WtmpFix)
        {
            return asked;
        }

        log.Say($"the day was complete, and what led to {RunMarks.WordOf(asked)} is not kept: it begins with "
            + RunMarks.WordOf(RunState.WtmpFix));
        return RunState.WtmpFix;
    }
}
