// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Logins;
using AcctExporter.Runacct;
using AcctExporter.Tests.Records;
using LoginFile = AcctExporter.Tests.Logins.LoginFile;

namespace AcctExporter.Tests.Runacct;

/// <summary>How the daily run takes login records: each once, whatever happens to the files or to it.</summary>
public class DayLoginsTests
{
    private const string First = "2026-07-07 04:00:00";
    private const string Second = "2026-07-08 04:00:00";

    private static LoginFile Before => new LoginFile("2026-07-06").Login("10:00", "alice", "pts/1");

    private static LoginFile Later => new LoginFile("2026-07-07").Logout("09:00", "pts/1")
        .Login("10:00", "bob", "pts/2").Logout("11:00", "pts/2");

    /// <summary>What is not the day's is told of by one login where the day begins.</summary>
    [Fact]
    public void TheFirstDay_ChargesNobodyForYears()
    {
        using var days = new LoginDays();
        days.Append(new LoginFile("2020-01-01").Login("10:00", "bob", "pts/9").Boot("11:00")
            .Login("12:00", "alice", "pts/1").Login("2026-07-05 12:00", "carol", "pts/2")
            .Logout("2026-07-06 05:00", "pts/2").Bytes);
        var users = days.Day(First);
        Assert.Equal(new LoginCost(36_000, 50_400, 1), users["alice"]);
        Assert.Equal(new LoginCost(0, 3600, 1), users["carol"]);
        Assert.False(users.ContainsKey("bob"));
        Assert.Equal(new LoginCost(36_000, 50_400, 0), days.Day(Second)["alice"]);
    }

    /// <summary>A record with an old time in the middle of the first day says that what is before it is old.</summary>
    [Fact]
    public void TheFirstDay_BeginsBehindTheLastOldRecord()
    {
        using var days = new LoginDays();
        days.Append(new LoginFile("2026-07-06").Login("2038-01-01 00:00", "bob", "pts/1").Login("2020-01-01", "bob",
            "pts/2").Login("2026-07-06 10:00", "alice", "pts/1").Logout("11:00", "pts/1").Bytes);
        var users = days.Day(First);
        Assert.Equal(new LoginCost(3600, 0, 1), users["alice"]);
    }

    [Theory]
    [InlineData("renamed")]
    [InlineData("copied and cut off")]
    [InlineData("renamed twice")]
    [InlineData("renamed, and no new one")]
    public void ARotatedFile_IsReadOnWhereItWasLeft(string how)
    {
        using var days = new LoginDays();
        days.Append(Before.Bytes);
        days.Day(First);
        days.Append(Later.Bytes);
        switch (how)
        {
            case "renamed":
            case "renamed, and no new one":
                File.Move(days.Wtmp, days.Wtmp + ".1");
                break;
            case "renamed twice":
                File.Move(days.Wtmp, days.Wtmp + ".2");
                days.Append(new LoginFile("2026-07-07").Login("12:00", "carol", "pts/3").Bytes);
                File.Move(days.Wtmp, days.Wtmp + ".1");
                break;
            default:
                File.Copy(days.Wtmp, days.Wtmp + ".1");
                File.WriteAllBytes(days.Wtmp, []);
                break;
        }

        if (how == "renamed, and no new one")
        {
            Assert.False(days.Take(Second).HasInput);
            Assert.Equal(new LoginCost(36_000, 50_400, 0), days.Charge(Second)["alice"]);
            days.Append(new LoginFile("2026-07-08").Login("09:00", "dave", "pts/4").Logout("10:00", "pts/4").Bytes);
            var next = days.Day("2026-07-09 04:00:00");
            Assert.Equal(new LoginCost(-32_400, -36_000, 0), next["alice"]);
            Assert.Equal(new LoginCost(3600, 0, 1), next["bob"]);
            Assert.Equal(new LoginCost(3600, 0, 1), next["dave"]);
            return;
        }

        days.Append(new LoginFile("2026-07-07").Login("20:00", "dave", "pts/4").Bytes);
        var users = days.Day(Second);
        Assert.Equal(new LoginCost(3600, 14_400, 0), users["alice"]);
        Assert.Equal(new LoginCost(3600, 0, 1), users["bob"]);
        Assert.Equal(new LoginCost(0, 28_800, 1), users["dave"]);
        Assert.Equal(how == "renamed twice", users.ContainsKey("carol"));
        Assert.Empty(days.Said);
    }

    [Fact]
    public void AFileThatIsGone_IsToldAndCostsNobody()
    {
        using var days = new LoginDays();
        days.Append(Before.Bytes);
        days.Day(First);
        File.Delete(days.Wtmp);
        days.Append(Later.Bytes);
        Assert.Equal(new LoginCost(3600, 14_400, 0), days.Day(Second)["alice"]);
        Assert.Contains("lost", Assert.Single(days.Said), StringComparison.Ordinal);
    }

    /// <summary>Killed behind any file that it writes, the taking is done again and comes to the same.</summary>
    [Theory]
    [InlineData("before all")]
    [InlineData("behind carried")]
    [InlineData("behind logins")]
    [InlineData("behind wtmp")]
    public void KilledAnywhere_ItTakesTheSame(string place)
    {
        using var days = new LoginDays();
        days.Append(Before.Bytes);
        days.Day(First);
        days.Append(Later.Bytes);
        var files = days.Files(Second);
        var mark = File.ReadAllBytes(days.Paths.TakenLogins);
        var expected = days.Day(Second);
        var (wtmp, after) = (days.Taken(Second), File.ReadAllBytes(days.Paths.TakenLogins));
        if (place != "behind wtmp")
        {
            File.Delete(files.Wtmp);
        }

        if (place is "before all" or "behind carried")
        {
            File.WriteAllBytes(days.Paths.TakenLogins, mark);
        }

        if (place == "before all")
        {
            File.Delete(files.Carried);
        }

        Assert.Equal(expected, days.Day(Second));
        Assert.Equal(wtmp, days.Taken(Second));
        Assert.Equal(after, File.ReadAllBytes(days.Paths.TakenLogins));
    }

    [Fact]
    public void KilledOnTheFirstDay_ItTakesTheSame()
    {
        using var days = new LoginDays();
        days.Append(Before.Bytes);
        var expected = days.Day(First);
        File.Delete(days.Files(First).Wtmp);
        Assert.Equal(expected, days.Day(First));
    }

    /// <summary>Files of that month and day may be a year old.</summary>
    [Fact]
    public void FilesOfLastYear_AreNotTakenForThisDays()
    {
        using var days = new LoginDays();
        days.Append(Before.Bytes);
        days.Day(First);
        var files = days.Files(Second);
        File.WriteAllBytes(files.Wtmp, new LoginFile("2025-07-07").Login("10:00", "carol", "pts/1").Bytes);
        File.WriteAllBytes(files.Carried, [1, 2, 3]);
        days.Append(Later.Bytes);
        Assert.Equal(["alice", "bob"], days.Day(Second).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ADamagedPlace_EndsTheRunWithAdvice()
    {
        using var days = new LoginDays();
        days.Append(Before.Bytes);
        days.Day(First);
        var bytes = File.ReadAllBytes(days.Paths.TakenLogins);
        bytes[^1] ^= 1;
        File.WriteAllBytes(days.Paths.TakenLogins, bytes);
        var fault = Assert.Throws<IOException>(() => days.Take(Second));
        Assert.Contains("remove it", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(days.Files(Second).Wtmp));
    }

    [Fact]
    public void TheSystemsFile_IsOnlyRead()
    {
        using var days = new LoginDays();
        days.Append(Before.Bytes);
        var (bytes, time) = (File.ReadAllBytes(days.Wtmp), File.GetLastWriteTimeUtc(days.Wtmp));
        days.Day(First);
        days.Day(Second);
        Assert.Equal(bytes, File.ReadAllBytes(days.Wtmp));
        Assert.Equal(time, File.GetLastWriteTimeUtc(days.Wtmp));
    }

    [Fact]
    public void Reasons_StandBetweenTheRecordsByTime_Once()
    {
        using var days = new LoginDays();
        var log = new ReasonLog(days.Paths);
        Assert.Null(log.Add("acctg on"u8, At("2026-07-06 09:00:00")));
        Assert.Null(log.Add("acctg off"u8, At("2026-07-06 10:30:00")));
        days.Append(Before.Logout("11:00", "pts/1").Bytes);
        days.Day(First);
        Assert.Equal(
            ["Accounting acctg on", "UserProcess pts/1", "Accounting acctg off", "DeadProcess pts/1",
                "Accounting runacct"],
            Records(days.Taken(First)));
        Assert.Contains("1\tacctg on\n1\tacctg off\n1\trunacct\n", days.Text("reboots"), StringComparison.Ordinal);
        days.Day(Second);
        Assert.DoesNotContain("acctg", days.Text("reboots"), StringComparison.Ordinal);
        Assert.False(File.Exists(days.Paths.Reasons));
    }

    /// <summary>A name of a full field, one that is no UTF-8, and one that would do something to a terminal.</summary>
    [Fact]
    public void HostileNames_AreKeptOrLeftOut_AndNothingBreaks()
    {
        using var days = new LoginDays();
        var full = new string('x', 32);
        days.Append(new LoginFile("2026-07-06").Login("10:00", full, "pts/1").Logout("11:00", "pts/1")
            .Login("10:00", "\u001b[2J\n", "pts/2").Logout("11:00", "pts/2").Bytes);
        var odd = new LoginFile("2026-07-06").Login("12:00", "abc", "pts/3").Bytes;
        odd[45] = 0xff;
        days.Append(odd);
        days.Append(new LoginFile("2026-07-06").Logout("13:00", "pts/3").Bytes);
        days.Append(Encoding.ASCII.GetBytes(new string('z', 1000)));
        days.Append(new LoginFile("2026-07-06").Login("14:00", "bob", "pts/4").Logout("15:00", "pts/4")
            .Accounting("15:01", "x").Bytes);
        Assert.Equal(
            ["a\uFFFDc", "bob", full],
            days.Day("2026-07-06 16:00:00").Keys.Order(StringComparer.Ordinal));
        days.Append(new LoginFile("2026-07-06").Login("17:00", "\u001b[2J\n", "pts/2").Login("17:00", "bob", "pts/4")
            .Logout("18:00", "pts/4").Bytes);
        var users = days.Day(First);
        Assert.Equal(["bob"], users.Keys);
        Assert.Contains("no good record", Assert.Single(days.Said), StringComparison.Ordinal);
    }

    /// <summary>Records are never held: a long day takes no more memory than a short one.</summary>
    [Fact]
    public void ALongDay_IsTakenInLittleMemory()
    {
        using var days = new LoginDays();
        days.Append(Before.Bytes);
        days.Day(First);
        const int pairs = 50_000;
        var pair = new LoginFile("2026-07-07").Login("10:00", "bob", "pts/2").Logout("10:01", "pts/2").Bytes;
        var many = new byte[pair.Length * pairs];
        for (var i = 0; i < pairs; i++)
        {
            pair.CopyTo(many, i * pair.Length);
        }

        days.Append(many);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var users = days.Day(Second);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(new LoginCost(60L * pairs, 0, pairs), users["bob"]);
        // Of 38 MB that were read three times: buffers, and what a session costs.
        Assert.True(allocated < 6_000_000, $"{allocated} bytes for {2 * pairs} records");
    }

    [Fact]
    public void WhatIsAlreadyTaken_IsNotTakenAgain_NorAnEarlierDay()
    {
        using var days = new LoginDays();
        days.Append(Before.Bytes);
        days.Day(First);
        var taken = days.Taken(First);
        days.Append(Later.Bytes);
        days.Take(First);
        Assert.Equal(taken, days.Taken(First));
        days.Day(Second);
        File.Delete(days.Files(First).Wtmp);
        Assert.Throws<IOException>(() => days.Take(First));
    }

    /// <summary>What ran in the day so far is what the run at its end charges.</summary>
    [Fact]
    public void TheLiveDay_IsWhatWillBeCharged()
    {
        using var days = new LoginDays();
        days.Append(Before.Bytes);
        days.Day(First);
        var clock = new Moving { Now = At("2026-07-07 08:30:00") };
        using var live = new LiveConnect(days.Options, days.Paths, clock);
        live.Pass();
        Assert.Equal([new LiveSessions("alice", 1800, 14_400, 0)], live.Users);
        days.Append(Later.Bytes);
        clock.Now = At("2026-07-07 12:00:00");
        live.Pass();
        live.Pass();
        Assert.Equal(
            [new LiveSessions("alice", 3600, 14_400, 0), new LiveSessions("bob", 3600, 0, 1)],
            live.Users.OrderBy(user => user.User, StringComparer.Ordinal));
        clock.Now = At(Second);
        live.Pass();
        var charged = days.Day(Second);
        Assert.Equal(
            charged.OrderBy(user => user.Key, StringComparer.Ordinal).Select(user => new LiveSessions(
                user.Key, user.Value.Prime, user.Value.NonPrime, user.Value.Sessions)),
            live.Users.OrderBy(user => user.User, StringComparer.Ordinal));
        live.Pass();
        Assert.Empty(live.Users);
    }

    [Fact]
    public void BeforeTheFirstRun_TheLiveDayIsOf24Hours()
    {
        using var days = new LoginDays();
        days.Append(new LoginFile("2026-07-01").Login("10:00", "alice", "pts/1").Bytes);
        days.Append(Later.Login("10:30", "carol", "pts/5").Bytes[384..]);
        using var live = new LiveConnect(days.Options, days.Paths, new Moving { Now = At("2026-07-07 12:00:00") });
        live.Pass();
        var charged = days.Day("2026-07-07 12:00:00");
        Assert.Equal(
            charged.OrderBy(user => user.Key, StringComparer.Ordinal).Select(user => new LiveSessions(
                user.Key, user.Value.Prime, user.Value.NonPrime, user.Value.Sessions)),
            live.Users.OrderBy(user => user.User, StringComparer.Ordinal));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.FromUnixTimeSeconds(Calendar.At(time));

    private static List<string> Records(byte[] wtmp)
    {
        var records = new List<string>();
        var reader = new UtmpReader(new MemoryStream(wtmp));
        while (reader.TryRead(out var record))
        {
            records.Add($"{record.Type} {Encoding.UTF8.GetString(record.Line)}");
        }

        return records;
    }

    private sealed class Moving : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
