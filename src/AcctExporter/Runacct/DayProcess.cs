// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>The state PROCESS of a day, by its record and the settings.</summary>
internal static class DayProcess
{
    /// <summary>What charges the journal for a day.</summary>
    public static ProcessStage Stage(DayContext context) => new(
        context.Paths, Path.Combine(context.Options.StoragePath, JournalExits.FolderName), context.Log.Warn)
    {
        ByGroup = context.Options.Suite.Groups,
    };

    /// <summary>Charges it.</summary>
    /// <returns>How the state came out.</returns>
    /// <exception cref="IOException">The journal cannot be read, or a file not written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static string Charge(DayContext context)
    {
        var record = context.Taken;
        var split = Split(context);
        var counts = Stage(context).Run(
            context.Day, record.From, split is null ? record.From : record.To,
            split ?? LifeSplit.Of(Holidays.None, TimeZoneInfo.Utc));
        context.Log.Progress($"{counts.Exits} processes charged, {counts.Unjoined} of them by their record alone");
        return counts.Exits > 0 ? StateOutcome.Ok : StateOutcome.Empty;
    }

    /// <summary>The commands of a day that was charged.</summary>
    /// <exception cref="RunFault">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static CommandSummary Commands(DayContext context)
    {
        var commands = TacctFiles.EmptySummary();
        foreach (var (_, path) in Stage(context).Files(ProcessStage.CommandsName, context.Day))
        {
            TacctFiles.Add(path, commands, $": go on with `runacct {context.Mmdd} PROCESS`, which makes it anew");
        }

        return commands;
    }

    /// <summary>What divides lives; null when by the classic rules nothing can be charged for want of it.</summary>
    private static LifeSplit? Split(DayContext context)
    {
        var file = new HolidayFile(context.Options.Suite.Logins.HolidaysFile, context.Log.Warn, context.Clock);
        var zone = context.Clock.LocalTimeZone;
        return !context.Options.Compat ? LifeSplit.Of(file.Read(), zone)
            : file.ReadCompat() is { } table ? LifeSplit.Compat(table, zone) : null;
    }
}
