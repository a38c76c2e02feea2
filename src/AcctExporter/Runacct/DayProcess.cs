// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The state PROCESS: what the exits of the day's part of the journal cost by user (<c>nite/ptacct.MMDD</c>), by
/// command (<c>nite/cms.MMDD</c>) and, where asked, by group, in one pass.
/// </summary>
/// <param name="context">The day.</param>
internal sealed class DayProcess(DayContext context)
{
    /// <summary>Charges them.</summary>
    /// <returns>How the state came out.</returns>
    /// <exception cref="IOException">The journal cannot be read, or a file not written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public string Charge()
    {
        var record = context.Taken;
        var charges = new ProcessCharges(Split() ?? NoSplit(), context.Options.Suite.Groups);
        if (!context.Options.Compat || Split() is not null)
        {
            var folder = Path.Combine(context.Options.StoragePath, JournalExits.FolderName);
            var charge = new JournalCharge(folder, context.Log.Warn);
            charge.Run(new(record.JournalAfter, record.JournalMark, JournalChange.None), charges);
            if (charge.LostBlocks > 0)
            {
                context.Log.Warn($"{folder}: {charge.LostBlocks} blocks of the day are missing or damaged: their exits "
                    + "are not charged");
            }
        }

        var names = UserNames.OfHost();
        SuiteFile.Put(context.Nite("ptacct"), file => TacctFile.Write(file, ByName(charges.Users, names)));
        SuiteFile.Put(context.Nite("cms"), file => CmsFile.Write(file, charges.Commands));
        return charges.Exits > 0 ? StateOutcome.Ok : StateOutcome.Empty;
    }

    private UserTable<TacctSums> ByName(UserTable<UserSums> users, UserNames names)
    {
        var table = new UserTable<TacctSums>();
        foreach (var (uid, _, sums) in users.Sorted())
        {
            var name = names.Of(uid);
            var isKnown = context.Options.Compat || !name.AsSpan().SequenceEqual(UserNames.Unknown);
            table.Of(uid, isKnown ? name : Encoding.ASCII.GetBytes(uid.ToString(CultureInfo.InvariantCulture)))
                .Add(sums.ToTacct());
        }

        return table;
    }

    /// <summary>What divides lives; null when by the classic rules nothing can be charged for want of it.</summary>
    private LifeSplit? Split()
    {
        var file = new HolidayFile(
            context.Options.Suite.Logins.HolidaysFile, context.Log.Warn, context.Clock);
        if (context.Options.Compat)
        {
            return file.ReadCompat() is { } table ? LifeSplit.Compat(table, context.Clock.LocalTimeZone) : null;
        }

        return LifeSplit.Of(file.Read(), context.Clock.LocalTimeZone);
    }

    private static LifeSplit NoSplit() => LifeSplit.Of(Holidays.None, TimeZoneInfo.Utc);
}
