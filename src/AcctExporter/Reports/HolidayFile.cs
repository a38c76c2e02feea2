// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>Reads the holidays file, and says what is wrong with it.</summary>
/// <param name="path">The file.</param>
/// <param name="say">Takes each message.</param>
/// <param name="clock">For the date of today.</param>
internal sealed class HolidayFile(string path, Action<string> say, TimeProvider clock)
{
    /// <summary>Where System V keeps it.</summary>
    public const string UsualPath = "/etc/acct/holidays";

    /// <summary>Far more than any list of holidays.</summary>
    private const int LargestBytes = 1 << 20;

    /// <summary>The table; without one all time is non-prime, and that is said.</summary>
    public Holidays Read()
    {
        if (!TryBytes(out var bytes, out var fault))
        {
            say($"{path}: {fault}: all time is taken for non-prime; write it, or name another "
                + "with --holidays (--logins.holidays of the agent and of runacct)");
            return Holidays.None;
        }

        var table = Holidays.Parse(bytes);
        foreach (var (line, what, remedy) in table.Warnings)
        {
            say($"{path}{(line > 0 ? $" line {line}" : "")}: {what}: {remedy}");
        }

        if (!table.IsUsable)
        {
            say($"{path}: all time is taken for non-prime");
        }
        else if (table.IsStale(Today))
        {
            say($"{path}: it is of {table.Year}: write the holidays of {table.Year + 1} into it");
        }

        return table;
    }

    /// <summary>The table by the classic rules, with the classic messages; null without one.</summary>
    public Holidays? ReadCompat()
    {
        var table = TryBytes(out var bytes, out var fault) ? Holidays.Parse(bytes, HolidayRules.Compat) : Holidays.None;
        if (table.IsUsable)
        {
            if (table.IsStale(Today))
            {
                say($"***UPDATE {path} WITH NEW HOLIDAYS***");
            }

            return table;
        }

        say(table.Warnings.Count > 0 ? table.Warnings[0].What : $"{path}: {fault}");
        say("pnpsplit: holidays table setup failed");
        return null;
    }

    private DateOnly Today => DateOnly.FromDateTime(clock.GetLocalNow().DateTime);

    private bool TryBytes(out byte[] bytes, out string fault)
    {
        (bytes, fault) = ([], "");
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var room = new byte[LargestBytes];
            bytes = room[..file.ReadAtLeast(room, room.Length, throwOnEndOfStream: false)];
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault = FileFault.Why(error, path);
            return false;
        }
    }
}
