// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// When each user logged in last (<c>sum/loginlog</c>), brought up to date by a day's sessions: part of the state CMS.
/// </summary>
internal static class DayLoginlog
{
    /// <summary>Writes it anew, whole or not at all.</summary>
    /// <param name="paths">The suite's files.</param>
    /// <param name="files">The day's.</param>
    /// <param name="day">The day of the run.</param>
    /// <param name="compat">As the classic suite did it: the date of the run, two digits of the year.</param>
    /// <param name="clock">For its zone.</param>
    /// <param name="passwd">Where the users are.</param>
    /// <param name="say">Takes warnings.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static LoginStage Write(
        SuitePaths paths, ConnectFiles files, DateOnly day, bool compat, TimeProvider clock, string passwd,
        Action<string> say)
    {
        var table = new LoginlogFile();
        if (File.Exists(paths.LoginLog))
        {
            table.AddLines(File.ReadLines(paths.LoginLog));
        }

        var hasInput = File.Exists(compat ? files.Tacct : files.Fixed);
        if (hasInput && compat)
        {
            AddCharged(table, files.Tacct, LoginlogFile.Day(CivilTime.Of(Seconds(day))));
        }
        else if (hasInput)
        {
            AddSessions(table, files.Fixed, new(clock.LocalTimeZone));
        }

        var users = NameFiles.Read(passwd).Select(user => Encoding.UTF8.GetString(user.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var user in users)
        {
            table.Add(user, 0);
        }

        // Users of a directory are in no list, but are known when they are asked for.
        table.Keep(compat ? users : [.. table.Names.Where(name => users.Contains(name) || IsKnown(name))]);
        SuiteFile.Put(paths.LoginLog, output =>
        {
            var text = new ReportText(output);
            table.Write(text, compat);
            text.Flush();
        });
        if (table.BadLines > 0)
        {
            say($"{paths.LoginLog}: {table.BadLines} {(table.BadLines == 1 ? "line was" : "lines were")} no date and "
                + "name: left out");
        }

        return new(hasInput, table.BadLines > 0 ? 1 : 0);
    }

    private static void AddCharged(LoginlogFile table, string tacct, int day)
    {
        using var file = SuiteFile.TryOpen(tacct)!;
        var charged = new UserTable<TacctSums>();
        TacctFile.Read(file, charged);
        foreach (var (_, name, _) in charged.Sorted())
        {
            table.Add(Encoding.UTF8.GetString(name), day);
        }
    }

    private static void AddSessions(LoginlogFile table, string wtmp, ZoneOffsets zone)
    {
        var logins = new LastLogins(long.MinValue);
        logins.AddFile(wtmp);
        foreach (var (name, login, _) in logins.All)
        {
            if (login.Seconds > 0 && !name.Any(char.IsControl))
            {
                table.Add(name, LoginlogFile.Day(CivilTime.Of(login.Seconds + zone.SecondsAt(login.Seconds))));
            }
        }
    }

    private static bool IsKnown(string name) => UserDatabase.TryGetUid(Encoding.UTF8.GetBytes(name), out _, out _);

    private static long Seconds(DateOnly day) =>
        new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds();
}
