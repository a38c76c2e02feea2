// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Logins;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Runacct;

/// <summary>The day's logins where wtmpdb has taken wtmp's place.</summary>
public class DayDatabaseTests
{
    private const string First = "2026-07-07 04:00:00";
    private const string Second = "2026-07-08 04:00:00";

    [Fact]
    public void Rows_AreChargedAsRecordsAre()
    {
        using var days = new LoginDays();
        using var rows = new SqlWriter(days.Database);
        rows.Boot(At("2026-07-01 06:00:00"));
        rows.Login("bob", At("2026-07-02 06:00:00"), At("2026-07-03 06:00:00"));
        var alice = rows.Login("alice", At("2026-07-06 10:00:00"));
        rows.Login("carol", At("2026-07-06 09:00:00"), At("2026-07-06 11:00:00"));
        var users = days.Day(First);
        Assert.Equal(new LoginCost(28_800, 36_000, 1), users["alice"]);
        Assert.Equal(new LoginCost(7200, 0, 1), users["carol"]);
        Assert.False(users.ContainsKey("bob"));
        rows.Logout(alice, At("2026-07-07 09:00:00"));
        rows.Login("bob", At("2026-07-07 10:00:00"), At("2026-07-07 11:00:00"), "ssh");
        rows.Login("bob", At("2026-07-07 10:30:00"), At("2026-07-07 11:30:00"), "ssh");
        users = days.Day(Second);
        Assert.Equal(new LoginCost(3600, 14_400, 0), users["alice"]);
        Assert.Equal(new LoginCost(7200, 0, 2), users["bob"]);
        Assert.Contains(
            "ssh          120      8        2       2     2", days.Text("lineuse"), StringComparison.Ordinal);
        Assert.Empty(days.Said);
    }

    [Fact]
    public void TakenAgain_TheyAreTheSame()
    {
        using var days = new LoginDays();
        using var rows = new SqlWriter(days.Database);
        rows.Login("alice", At("2026-07-06 10:00:00"));
        days.Day(First);
        rows.Login("bob", At("2026-07-07 10:00:00"), At("2026-07-07 11:00:00"));
        days.Day(Second);
        var taken = days.Taken(Second);
        File.Delete(days.Files(Second).Wtmp);
        days.Day(Second);
        Assert.Equal(taken, days.Taken(Second));
    }

    [Fact]
    public void ACrash_EndsSessionsWithTheLastThatIsKnown()
    {
        using var days = new LoginDays();
        using var rows = new SqlWriter(days.Database);
        rows.Boot(At("2026-07-06 06:00:00"));
        rows.Login("alice", At("2026-07-06 10:00:00"));
        rows.Login("bob", At("2026-07-06 12:00:00"), At("2026-07-06 13:00:00"));
        rows.Boot(At("2026-07-06 20:00:00"));
        var users = days.Day(First);
        Assert.Equal(new LoginCost(10_800, 0, 1), users["alice"]);
        Assert.Equal(new LoginCost(3600, 0, 1), users["bob"]);
    }

    /// <summary>An upgrade of the system brings wtmpdb: nobody is charged twice, and nobody for ever.</summary>
    [Fact]
    public void AnotherSource_GoesOnWhereTheOneBeforeEnded()
    {
        using var days = new LoginDays();
        days.Append(new LoginFile("2026-07-06").Login("10:00", "alice", "pts/1").Login("11:00", "bob", "pts/2").Bytes);
        days.Day(First);
        using var rows = new SqlWriter(days.Database);
        rows.Login("alice", At("2026-07-06 10:00:00"), At("2026-07-07 05:00:00"));
        rows.Login("carol", At("2026-07-07 10:00:00"), At("2026-07-07 11:00:00"));
        var users = days.Day(Second);
        Assert.Equal(new LoginCost(0, 3600, 1), users["alice"]);
        Assert.Equal(new LoginCost(3600, 0, 1), users["carol"]);
        Assert.True(!users.TryGetValue("bob", out var bob) || bob == new LoginCost(0, 0, 0));
        Assert.Empty(days.Day("2026-07-09 04:00:00"));
    }

    /// <summary>Names are what PAM was given.</summary>
    [Fact]
    public void HostileNames_AreMended_AndLongOnesCut()
    {
        using var days = new LoginDays();
        using var rows = new SqlWriter(days.Database);
        rows.Login("a\u001b[2J\nb", At("2026-07-06 10:00:00"), At("2026-07-06 11:00:00"), new string('t', 100));
        rows.Login("", At("2026-07-06 10:00:00"), At("2026-07-06 11:00:00"), "");
        rows.Login(new string('\u00e9', 20), At("2026-07-06 10:00:00"), At("2026-07-06 11:00:00"));
        var users = days.Day(First);
        Assert.Equal(
            ["?", "a?[2J?b", new string('\u00e9', 16)], users.Keys.Order(StringComparer.Ordinal));
        Assert.All(users.Values, cost => Assert.Equal(new LoginCost(3600, 0, 1), cost));
        Assert.Contains("longer than 32 bytes", Assert.Single(days.Said), StringComparison.Ordinal);
        Assert.Equal("", days.Text("wtmperror"));
    }

    private static double At(string time) => Calendar.At(time);
}
