// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Logins;
using AcctExporter.Tests.Metrics;
using static AcctExporter.Tests.Metrics.FakeSource;

namespace AcctExporter.Tests.Push;

/// <summary>Sums of logins in the push: they become known late, and rows of users come and go.</summary>
public class PushedLoginsTests
{
    private const long Day = 86_400_000_000;

    /// <summary>Logins that become known later had sums from before the agent: those are not pushed either.</summary>
    [Fact]
    public void LoginsKnownLate_BeginAtZero()
    {
        using var lab = new PushLab(new FakeSource());
        Assert.DoesNotContain(lab.Series().Keys, series => series.StartsWith("acct_connect", StringComparison.Ordinal));
        lab.Source.Snapshot = LoginSamples.Small;
        lab.Source.Suite = SuiteSamples.Small;
        var late = lab.Series();
        Assert.Equal(0, late["acct_connect_time_seconds_total{period=prime,user=root}"]);
        Assert.Equal(0, late["acct_boots_total{}"]);
        Assert.Equal(0, late["acct_printed_pages_total{printer=laser,user=ann}"]);
        Assert.Equal((Noon / 1_000_000) - 60, late["acct_last_login_timestamp_seconds{user=root}"]);
        lab.Source.Snapshot = LoginSamples.Small with { Boots = 5 };
        Assert.Equal(3, lab.Series()["acct_boots_total{}"]);
    }

    /// <summary>A user whose row went and came back has sums from 0 again, and their push goes on.</summary>
    [Fact]
    public void UserThatReturns_GoesOnWhereItEnded()
    {
        const string series = "acct_connect_time_seconds_total{period=prime,user=ann}";
        using var lab = new PushLab(PushLab.Fresh());
        lab.Source.Snapshot = UserBorn(Noon, 100);
        Assert.Equal(100, lab.Series()[series]);
        lab.Source.Snapshot = UserBorn(Noon + Day, 150);
        Assert.Equal(250, lab.Series()[series]);
        lab.Source.Snapshot = UserBorn(Noon + Day, 151);
        Assert.Equal(251, lab.Series()[series]);

        static LoginSnapshot UserBorn(long born, ulong seconds) => new()
        {
            KnowsSessions = true,
            KnowsFailures = true,
            Users = [new LoginUserRow(new LoginUser("ann", born) { PrimeSeconds = seconds }, new int[6])],
        };
    }

    /// <summary>What is counted between first reading and first push is pushed, used suite or not.</summary>
    [Fact]
    public async Task LoginsCountedAfterTheirFirstReading_ArePushed()
    {
        using var lab = new PushLab(new FakeSource());
        lab.Source.Snapshot = LoginSamples.Small;
        using var looks = new SemaphoreSlim(0);
        lab.Push.Agent = () =>
        {
            looks.Release();
            return FakeSource.Figures(ExpositionTests.Process);
        };
        lab.Push.Start();
        // The first push is a day away. They are looked at before, and then there is one boot more.
        Assert.True(await looks.WaitAsync(TimeSpan.FromSeconds(60)));
        lab.Source.Snapshot = LoginSamples.Small with { Boots = LoginSamples.Small.Boots + 1 };
        await lab.Push.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, lab.Series()["acct_boots_total{}"]);
    }

    /// <summary>The suite that is used later is no reason to forget logins that are first seen along with it.</summary>
    [Fact]
    public void ASuiteKnownLate_TakesNothingFromLogins()
    {
        using var lab = new PushLab(new FakeSource { Snapshot = LoginSamples.Small with { KnowsSessions = false } });
        lab.Values();
        lab.Source.Suite = SuiteSamples.Small;
        lab.Source.Snapshot = LoginSamples.Small;
        var both = lab.Series();
        Assert.Equal(LoginSamples.Small.Boots, both["acct_boots_total{}"]);
        Assert.Equal(0, both["acct_printed_pages_total{printer=laser,user=ann}"]);
    }

    /// <summary>Where more users are allowed than usual, the SDK has room for all of them.</summary>
    [Fact]
    public void MoreUsersThanUsual_AreAllPushed()
    {
        const int users = 5_000;
        using var lab = new PushLab(
            PushLab.Fresh(), loginScale: PushService.Multiple(users, new LoginOptions().UsersLimit));
        lab.Source.Snapshot = new LoginSnapshot
        {
            KnowsSessions = true,
            KnowsFailures = true,
            Users = [.. Enumerable.Range(0, users).Select(user =>
                new LoginUserRow(new LoginUser($"user{user}", Noon) { PrimeSeconds = 1 }, new int[6]))],
        };
        Assert.Equal(users, lab.Series().Count(series => series.Value == 1
            && series.Key.StartsWith("acct_connect_time_seconds_total{period=prime,", StringComparison.Ordinal)));
    }
}
