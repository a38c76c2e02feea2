// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Metrics;
using AcctExporter.Records;
using AcctExporter.Tests.Capture;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Metrics;

/// <summary>What the page knows of the last minutes.</summary>
public sealed class RecentExitsTests : IDisposable
{
    private const uint Killed = 9;
    private const uint SegmentationFaultWithCore = 11 | 0x80;

    private readonly FixedClock clock = new();
    private readonly FakeSource source = new(pairLimit: 3);
    private readonly RecentExits recent;
    private readonly RecentCopy copy = new();

    public RecentExitsTests()
    {
        recent = new RecentExits(clock);
        source.Observer = recent;
    }

    public void Dispose() => source.Dispose();

    [Fact]
    public void Steps_AreWhole_OldestFirst_AndNoMoreThanAQuarterOfAnHour()
    {
        Assert.Empty(Copy().Steps);
        End("a");
        End("a", 1 << 8);
        clock.Now += TimeSpan.FromSeconds(4);
        End("a", Killed);
        Assert.Empty(Copy().Steps);
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal([new RateStep(3, 1, 1)], Copy().Steps);
        clock.Now += TimeSpan.FromSeconds(10);
        End("a");
        Assert.Equal([new RateStep(3, 1, 1), default, default], Copy().Steps);
        clock.Now += TimeSpan.FromSeconds(5);
        Assert.Equal(new RateStep(1, 0, 0), Copy().Steps[^1]);
        clock.Now += TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(20);
        Assert.Equal(RecentRates.Steps, Copy().Steps.Count);
        Assert.Equal(3U, Copy().Steps[0].Exits);
        clock.Now += TimeSpan.FromSeconds(5);
        Assert.Equal((0U, 180, 1L), (Copy().Steps[0].Exits, copy.Steps.Count, copy.Steps.Sum(step => step.Exits)));
        clock.Now += TimeSpan.FromDays(3);
        Assert.All(Copy().Steps, step => Assert.Equal(default, step));
    }

    [Fact]
    public void Pairs_AreThoseOfFiveMinutes_AndForgetWhatIsOlder()
    {
        End("old", cpu: 7);
        clock.Now += TimeSpan.FromMinutes(4);
        End("old", cpu: 5);
        End("new");
        Assert.Equal("new=1/0 old=2/12", Pairs());
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal("new=1/0 old=1/5", Pairs());
        clock.Now += TimeSpan.FromMinutes(4);
        Assert.Equal("", Pairs());
        End("old", cpu: 1);
        Assert.Equal("old=1/1", Pairs());
    }

    [Fact]
    public void Pairs_OverTheLimit_AreOther()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            End(name, cpu: 2);
        }

        Assert.Equal("a=1/2 b=1/2 c=1/2 other=2/4", Pairs());
    }

    /// <summary>What gathered while the agent was away says nothing of the rates, but its deaths are news.</summary>
    [Fact]
    public void Backlog_IsInNoRate_AndItsDeathsAreKept()
    {
        End("a", Killed, ago: RecentExits.BacklogSeconds + 1);
        End("a", ago: RecentExits.BacklogSeconds);
        clock.Now += TimeSpan.FromSeconds(5);
        Assert.Equal([new RateStep(1, 0, 0)], Copy().Steps);
        Assert.Equal("a=1/0", Pairs());
        Assert.Equal((2UL, "a"), (copy.Counted, copy.Deaths.Single().Pair!.Command));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1 << 8, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(13, false)]
    [InlineData(15, false)]
    [InlineData(15 | 0x80, true)]
    [InlineData(3, true)]
    [InlineData(9, true)]
    [InlineData(11, true)]
    [InlineData(11 | 0x80, true)]
    [InlineData(64, true)]
    public void Deaths_AreCoresAndKills(uint code, bool kept) =>
        Assert.Equal(kept, RecentDeaths.Keeps(new ExitStatus(code)));

    [Fact]
    public void Deaths_AreTheLastOnes_LastFirst()
    {
        for (var pid = 1U; pid <= RecentDeaths.Kept + 3; pid++)
        {
            End("a", SegmentationFaultWithCore, pid: pid);
        }

        Assert.Equal(
            Enumerable.Range(4, RecentDeaths.Kept).Reverse().Select(pid => (uint)pid),
            Copy().Deaths.Select(death => death.Pid));
        Assert.True(copy.Deaths[0].Status.DumpedCore);
    }

    /// <summary>For each exit; what it needs for a new pair is made once.</summary>
    [Fact]
    public void Counting_AllocatesNothing()
    {
        End("a");
        var exits = new ProcessExit[1000];
        Array.Fill(exits, Exit("a", Killed, 3, 0, 1));
        var places = new int[exits.Length];
        Assert.Equal(0, Allocated.By(() => recent.Counted(source.Ledger, exits, [], places)));
    }

    [Fact]
    public void Counting_WhileACopyIsMade_LosesNothing()
    {
        End("a");
        var exits = new ProcessExit[100];
        Array.Fill(exits, Exit("a", Killed, 3, 0, 1));
        var places = new int[exits.Length];
        var writer = Task.Run(() =>
        {
            for (var turn = 0; turn < 2000; turn++)
            {
                recent.Counted(source.Ledger, exits, [], places);
            }
        });
        while (!writer.IsCompleted)
        {
            Assert.Equal(1UL, Copy().Counted % 100);
            Assert.Equal(copy.Counted, copy.Pairs.Single().Exits);
        }

        Assert.Equal(200_001UL, Copy().Counted);
    }

    private RecentCopy Copy()
    {
        recent.CopyTo(copy);
        return copy;
    }

    private string Pairs() => string.Join(' ', Copy().Pairs
        .Select(sum => $"{sum.Pair?.Command ?? "other"}={sum.Exits}/{sum.CpuMicroseconds}").Order());

    private void End(string command, uint code = 0, ulong cpu = 0, int ago = 0, uint pid = 1) =>
        source.Count(Exit(command, code, cpu, ago, pid));

    private ProcessExit Exit(string command, uint code, ulong cpu, int ago, uint pid) =>
        FakeSource.Exit(command, exitCode: code, user: cpu) with
        {
            Pid = pid, BeginUnixSeconds = (uint)(clock.GetUtcNow().ToUnixTimeSeconds() - ago),
        };
}
