// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;

namespace AcctExporter.Tests.Logins;

/// <summary>Small steps of the session builder that no longer story needs.</summary>
public class SessionEdgeTests
{
    [Fact]
    public void AShutdown_IsForOneBootOnly()
    {
        var counts = new LoginFile("2026-07-07")
            .Boot("08:00").Shutdown("09:00").Boot("10:00").Boot("11:00").Built().Builder.Counts;
        Assert.Equal((3L, 1L, 1L), (counts.Boots, counts.Shutdowns, counts.Crashes));
    }

    [Fact]
    public void ACutOffInThePast_IsNotTheLastThatWasSeen()
    {
        var (_, builder) = new LoginFile("2026-07-07").Boot("08:00").Login("09:00", "a", "pts/1").Built();
        var seen = builder.LastSeenSeconds;
        builder.CutOff(seen!.Value - 100);
        Assert.Equal(seen, builder.LastSeenSeconds);
    }

    [Fact]
    public void APeriod_BeginsWithNoCounts_AndWithWhoIsOn()
    {
        var (_, builder) = LoginFile.Unfinished.Built();
        Assert.Equal(1, builder.Counts.Logins);
        builder.BeginPeriod();
        Assert.Equal(default, builder.Counts);
        Assert.Equal("pts/1", Assert.Single(builder.OpenSessions).Line);
    }

    [Fact]
    public void TheLineLongestWithoutARecord_IsForgottenFirst()
    {
        var builder = new SessionBuilder(_ => { }, linesLimit: 2);
        foreach (var login in new LoginFile("2026-07-07")
            .Logout("09:00", "pts/1").Logout("09:01", "pts/2").Logout("09:02", "pts/1").Logout("09:03", "pts/3").Events)
        {
            builder.Apply(login);
        }

        Assert.Equal(["pts/1", "pts/3"], builder.Lines.Select(line => line.Line).Order());
    }
}
