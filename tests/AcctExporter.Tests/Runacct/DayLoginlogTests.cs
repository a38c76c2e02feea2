// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Runacct;
using AcctExporter.Tests.Logins;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Runacct;

/// <summary>The table of last logins, as the daily run keeps it.</summary>
public class DayLoginlogTests
{
    private const string Passwd =
        "root:x:0:0::/root:/bin/sh\nalice:x:1001:1001::/:/bin/sh\nbob:x:1002:1002::/:/bin/sh\n";

    [Fact]
    public void DatesAreThoseOfTheLogins_AndStay()
    {
        using var days = new LoginDays();
        days.Append(new LoginFile("2026-07-06").Login("10:00", "alice", "pts/1").Logout("11:00", "pts/1").Bytes);
        Assert.Equal("never       bob\nnever       root\n2026-07-06  alice\n", Run(days, "2026-07-07 04:00:00", false));
        days.Append(new LoginFile("2026-07-07").Login("10:00", "bob", "pts/1").Logout("11:00", "pts/1")
            .Login("12:00", "stranger", "pts/1").Bytes);
        const string after = "never       root\n2026-07-06  alice\n2026-07-07  bob\n";
        Assert.Equal(after, Run(days, "2026-07-08 04:00:00", false));
        Assert.Equal(after, Run(days, "2026-07-08 04:00:00", false));
    }

    /// <summary>R9: by the classic rules it is the day of the run.</summary>
    [Fact]
    public void ByTheClassicRules_TheRunsDateIsTaken()
    {
        using var days = new LoginDays(compat: true);
        days.Append(new LoginFile("2026-07-06").Login("10:00", "alice", "pts/1").Logout("11:00", "pts/1").Bytes);
        File.WriteAllText(days.Paths.LoginLog, "26-07-01  gone\n26-07-03  bob\n99-12-31  root\nrubbish\n");
        Assert.Equal("99-12-31  root\n26-07-03  bob\n26-07-07  alice\n", Run(days, "2026-07-07 04:00:00", true));
        Assert.Contains("1 line was", Assert.Single(days.Said), StringComparison.Ordinal);
        File.Delete(days.Paths.LoginLog);
        Assert.Equal("00-00-00  bob\n00-00-00  root\n26-07-07  alice\n", Run(days, "2026-07-07 04:00:00", true));
    }

    /// <summary>A table that the classic rules wrote goes on in the other form.</summary>
    [Fact]
    public void AClassicTable_IsReadOn()
    {
        using var days = new LoginDays();
        days.Append(new LoginFile("2026-07-06").Login("10:00", "alice", "pts/1").Bytes);
        File.WriteAllText(days.Paths.LoginLog, "00-00-00  root\n26-07-03  bob\n26-07-01  alice\n");
        Assert.Equal(
            "never       root\n2026-07-03  bob\n2026-07-06  alice\n", Run(days, "2026-07-07 04:00:00", false));
    }

    private static string Run(LoginDays days, string cut, bool compat)
    {
        days.Day(cut);
        var passwd = Path.Combine(days.Paths.Root, "passwd");
        File.WriteAllText(passwd, Passwd);
        days.Said.Clear();
        DayLoginlog.Write(
            days.Paths, days.Files(cut), LoginDays.DayOf(cut), compat,
            new StoppedClock(DateTimeOffset.FromUnixTimeSeconds(Calendar.At(cut)), TimeZoneInfo.Utc), passwd,
            days.Said.Add);
        return File.ReadAllText(days.Paths.LoginLog);
    }
}
