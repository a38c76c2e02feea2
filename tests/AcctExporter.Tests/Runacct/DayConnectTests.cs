// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Logins;

namespace AcctExporter.Tests.Runacct;

/// <summary>What the states of the daily run charge for logins, on days that were worked out by hand.</summary>
public class DayConnectTests
{
    private const string Heading =
        "TOTAL DURATION IS 1320 MINUTES\nLINE         MINUTES  PERCENT  # SESS  # ON  # OFF\n";

    /// <summary>T-C1: a login without logout, two records for one, and a crash.</summary>
    [Fact]
    public void ADayWithACrash_IsChargedUpToTheLastRecordBeforeIt()
    {
        using var days = new LoginDays();
        days.Append(CrashUpToTheEnd());
        var users = days.Day("2026-07-03 04:00:01");
        Assert.Equal(new LoginCost(21_600, 37_800, 2), users["alice"]);
        Assert.Equal(new LoginCost(6300, 0, 2), users["bob"]);
        Assert.Equal(new LoginCost(3600, 0, 1), users["carol"]);
        Assert.Equal(new LoginCost(0, 0, 1), users["dave"]);
        Assert.Equal(
            Heading + """
            console      0        0        1       1     1    
            pts/1        990      75       2       2     2    
            pts/2        165      12       3       2     3    
            TOTALS       1155     --       6       5     6    

            """, days.Text("lineuse"));
        Assert.Equal(
            """
            from Thu Jul  2 06:00:00 2026
            to   Fri Jul  3 04:00:01 2026
            2	system boot
            2	run-level 3
            2	acctg on
            1	runacct
            1	acctcon

            """, days.Text("reboots"));
        Assert.Equal("", days.Text("log"));
        Assert.Equal("", days.Text("wtmperror"));
    }

    [Fact]
    public void ByTheClassicRules_AllAreChargedUpToTheReboot()
    {
        using var days = new LoginDays(compat: true);
        days.Append(CrashUpToTheEnd());
        var users = days.Day("2026-07-03 04:00:01");
        Assert.Equal(new LoginCost(27_000, 37_800, 2), users["alice"]);
        Assert.Equal(new LoginCost(6300, 0, 2), users["bob"]);
        Assert.Equal(new LoginCost(3600, 0, 1), users["carol"]);
        Assert.Equal(new LoginCost(5400, 0, 1), users["dave"]);
        Assert.Equal(
            Heading + """
            console      90       7        1       1     1    
            pts/1        1080     82       2       2     2    
            pts/2        165      12       3       2     4    
            TOTALS       1335     --       6       5     7    

            """, days.Text("lineuse"));
    }

    /// <summary>T-C2 and T-C3: the clock is set an hour forward.</summary>
    [Theory]
    [InlineData(false, '3', 7200)]
    [InlineData(false, '2', 7200)]
    [InlineData(true, '3', 7200)]
    [InlineData(true, '2', 3600)]
    public void AClockThatIsSet_IsCorrectedOnce(bool compat, char level, long seconds)
    {
        using var days = new LoginDays(compat);
        days.Append(new LoginFile("2026-07-07").RunLevel("08:59", level).Accounting("09:00", "begin")
            .Login("10:00", "alice", "pts/1").OldTime("11:00").NewTime("12:00").Logout("13:00", "pts/1").Bytes);
        Assert.Equal(new LoginCost(seconds, 0, 1), days.Day("2026-07-07 14:00:00")["alice"]);
        Assert.Contains("1\tdate change\n", days.Text("reboots"), StringComparison.Ordinal);
    }

    /// <summary>T-C4: it goes back, and nobody writes so.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 900)]
    public void AClockThatGoesBack_ChargesNobodyBySaneRules(bool compat, long alice)
    {
        using var days = new LoginDays(compat);
        days.Append(new LoginFile("2026-07-07").Accounting("09:00", "begin").Login("10:00", "alice", "pts/1")
            .Logout("09:30", "pts/1").Login("09:45", "bob", "pts/1").Logout("10:15", "pts/1").Bytes);
        var users = days.Day("2026-07-07 14:00:00");
        Assert.Equal(new LoginCost(alice, 0, 1), users["alice"]);
        Assert.Equal(new LoginCost(1800, 0, 1), users["bob"]);
        Assert.NotEqual("", days.Text("log"));
    }

    /// <summary>T-C5: names.</summary>
    [Fact]
    public void Names_AreKept_AndMendedByTheClassicRules()
    {
        foreach (var compat in (bool[])[false, true])
        {
            using var days = new LoginDays(compat);
            days.Append(new LoginFile("2026-07-07").Login("10:00", "j.doe", "pts/1").Logout("11:00", "pts/1")
                .Login("11:00", "bob+x", "pts/1").Logout("12:00", "pts/1").Bytes);
            var users = days.Day("2026-07-07 14:00:00");

            // Neither has a number: the classic suite gives both to the first.
            string[] expected = compat ? ["j.doe"] : ["bob+x", "j.doe"];
            Assert.Equal(expected, users.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(compat, days.Text("wtmperror").Contains("\"bob+x\" changed", StringComparison.Ordinal));
        }
    }

    /// <summary>T-C6: somebody stays on.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhoStaysOn_IsChargedUpToTheCut(bool compat)
    {
        using var days = new LoginDays(compat);
        days.Append(new LoginFile("2026-07-07").Login("10:00", "alice", "pts/1").Bytes);
        Assert.Equal(new LoginCost(14_400, 0, 1), days.Day("2026-07-07 14:00:00")["alice"]);
    }

    /// <summary>A session over three days is one; the classic suite makes one a day of it.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public void ASessionOverThreeDays_IsChargedOnce(bool compat, int sessions)
    {
        using var days = new LoginDays(compat);
        days.Append(new LoginFile("2026-07-07").Login("10:00", "alice", "pts/1").Bytes);
        var first = days.Day("2026-07-08 04:00:00")["alice"];
        var second = days.Day("2026-07-09 04:00:00")["alice"];
        days.Append(new LoginFile("2026-07-09").Logout("12:00", "pts/1").Bytes);
        var third = days.Day("2026-07-10 04:00:00")["alice"];
        Assert.Equal(new LoginCost(28_800, 36_000, 1), first);
        Assert.Equal(new LoginCost(36_000, 50_400, compat ? 1 : 0), second);
        Assert.Equal(new LoginCost(14_400, 14_400, compat ? 1 : 0), third);
        Assert.Equal(sessions, first.Sessions + second.Sessions + third.Sessions);
        Assert.Empty(days.Day("2026-07-11 04:00:00"));
    }

    /// <summary>Its record comes behind the cut: what was charged too much is taken back the day after.</summary>
    [Fact]
    public void ALogoutThatIsWrittenLate_IsPutRightTheDayAfter()
    {
        using var days = new LoginDays();
        days.Append(new LoginFile("2026-07-07").Login("10:00", "alice", "pts/1").Bytes);
        Assert.Equal(new LoginCost(28_800, 36_000, 1), days.Day("2026-07-08 04:00:00")["alice"]);
        days.Append(new LoginFile("2026-07-08").Logout("03:59:50", "pts/1").Bytes);
        Assert.Equal(new LoginCost(0, -10, 0), days.Day("2026-07-09 04:00:00")["alice"]);
    }

    /// <summary>R4.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WithoutATableOfPrimeTime_AllIsNonPrime_OrNobodyIsChargedByTheClassicRules(bool compat)
    {
        using var days = new LoginDays(compat, holidays: null);
        days.Append(new LoginFile("2026-07-07").Login("10:00", "alice", "pts/1").Bytes);
        var users = days.Day("2026-07-07 14:00:00");
        if (compat)
        {
            Assert.Empty(users);
        }
        else
        {
            Assert.Equal(new LoginCost(0, 14_400, 1), users["alice"]);
        }

        Assert.Contains("holidays", days.Text("log"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DoneAgain_AStateWritesTheSameBytes(bool compat)
    {
        using var days = new LoginDays(compat);
        days.Append(new LoginFile("2026-07-07").Login("10:00", "alice", "pts/1").Bytes);
        days.Day("2026-07-08 04:00:00");
        days.Append(new LoginFile("2026-07-08").Logout("12:00", "pts/1").Login("13:00", "bob", "pts/2").Bytes);
        days.Day("2026-07-09 04:00:00");
        var before = Files(days);
        days.Append(new LoginFile("2026-07-09").Logout("05:00", "pts/2").Bytes);
        days.Day("2026-07-09 04:00:00");
        Assert.Equal(before, Files(days));
    }

    [Fact]
    public void NoRecordsAtAll_AreAnEmptyDayAndAWarning()
    {
        using var days = new LoginDays();
        var taken = days.Take("2026-07-07 14:00:00");
        Assert.False(taken.HasInput);
        Assert.Equal(1, taken.Warnings);
        Assert.Contains("logins are not known", Assert.Single(days.Said), StringComparison.Ordinal);
        Assert.Empty(days.Charge("2026-07-07 14:00:00"));

        // It appears: what happened since the first run is charged, and no more.
        days.Append(new LoginFile("2026-07-07").Login("10:00", "bob", "pts/2").Login("15:00", "alice", "pts/1").Bytes);
        var users = days.Day("2026-07-08 04:00:00");
        Assert.Equal(new LoginCost(14_400, 36_000, 1), users["bob"]);
        Assert.Equal(new LoginCost(10_800, 36_000, 1), users["alice"]);
    }

    private static byte[] CrashUpToTheEnd() => LoginFile.Crash.Bytes[..^384];

    private static Dictionary<string, string> Files(LoginDays days) =>
        Directory.GetFiles(days.Paths.Nite).ToDictionary(
            file => file, file => Convert.ToHexString(File.ReadAllBytes(file)));
}
