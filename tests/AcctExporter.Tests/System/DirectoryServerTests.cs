// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Names come from a directory server that is slow, dead or silent, behind a real module of the name service switch:
/// exits are counted all the same, and in time.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class DirectoryServerTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>
    /// An exit is counted within a second of its end; this machine may be busy with something else meanwhile.
    /// </summary>
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(2);

    /// <summary>The agent's own limit is 15 s, and the manager's 90.</summary>
    private static readonly TimeSpan EndInTime = TimeSpan.FromSeconds(8);

    private readonly List<NameLab> labs = [];

    public void Dispose()
    {
        foreach (var lab in labs)
        {
            lab.Dispose();
        }
    }

    /// <summary>Nobody answers for anybody, from before the agent's start to after its end.</summary>
    [Fact]
    public void DirectoryThatHangs_HoldsUpNeitherStart_NorCounting_NorEnd()
    {
        // The directory is asked first: it hangs for root too.
        var names = New("slow files");
        names.Directory("hang");
        var events = names.Lab.Of("events.jsonl");
        var clock = Stopwatch.StartNew();
        var agent = names.Serve(
            "--labels=user,command,group", $"--events.file={events}", "--events.select=all");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        var ended = names.End((70001, "sh", 2), (70002, "sh", 1));
        IsInTime(NameLab.TimeToCount(agent, ended));
        for (uint uid = 70003; uid < 70053; uid++)
        {
            ended += names.End((uid, "late", 1));
        }

        IsInTime(NameLab.TimeToCount(agent, ended));
        Assert.StartsWith("70001:70001/sh=2 70002:70002/sh=1 70003:70003/late=1 ", NameLab.UserPairs(agent));
        // What the system's own files say is known without the directory.
        Assert.Equal("root:root/named=51", NameLab.Pairs(agent.Scrape(), user => user is "root" or "0"));
        Assert.True(NameLab.Timeouts(agent) > 50);

        // Every exit is a line, with the number, too.
        agent.Until(() => agent.Own("events_written") == ended, "every event");
        Assert.Equal("70001", JsonDocument.Parse(File.ReadLines(events).First()).RootElement
            .GetProperty("user").GetString());
        Assert.Equal(0, agent.Own("events_dropped"));
        EndsInTime(agent);

        // Nor does it know better after a restart: the pairs are those of before.
        agent = names.Serve("--labels=user,command,group");
        agent.HasCounted(ended + 1);
        Assert.StartsWith("70001:70001/sh=2 70002:70002/sh=1 ", NameLab.UserPairs(agent));
        EndsInTime(agent);
    }

    [Fact]
    public void DirectoryThatStopsAnswering_AndComesBack()
    {
        var names = New();
        var agent = names.Serve("--labels=user,command,group");
        var ended = names.End((70001, "sh", 2));
        agent.HasCounted(ended);
        Assert.Equal("dir70001:grp70001/sh=2", NameLab.UserPairs(agent));
        Assert.Equal(0, NameLab.Timeouts(agent));

        names.Directory("hang");
        ended += names.End((70001, "ls", 1), (70002, "sh", 3), (70003, "sh", 1));
        IsInTime(NameLab.TimeToCount(agent, ended));
        ended += names.End((70002, "sh", 1), (70004, "ls", 1));
        IsInTime(NameLab.TimeToCount(agent, ended));
        Assert.Equal(
            "70002:70002/sh=4 70003:70003/sh=1 70004:70004/ls=1 dir70001:grp70001/ls=1 dir70001:grp70001/sh=2",
            NameLab.UserPairs(agent));
        // Users and groups: the first of each was waited for in vain, the others not at all.
        Assert.Equal(6, NameLab.Timeouts(agent));

        // What was born under a number keeps it, and so does all else of that user; who is new has a name.
        names.Directory("answer");
        var probe = 70100u;
        agent.Until(() => HasName(++probe), "names again");
        ended += names.End((70002, "ls", 1), (70005, "sh", 1));
        NameLab.TimeToCount(agent, ended);
        Assert.Contains("70002:70002/ls=1 70002:70002/sh=4 ", NameLab.UserPairs(agent));
        Assert.Contains(" dir70005:grp70005/sh=1", NameLab.UserPairs(agent));
        Assert.DoesNotContain("dir70002", NameLab.UserPairs(agent));
        EndsInTime(agent);

        bool HasName(uint uid)
        {
            ended += names.End((uid, "probe", 1));
            NameLab.TimeToCount(agent, ended);
            return NameLab.UserPairs(agent).Contains($"dir{uid}:grp{uid}/probe=1", StringComparison.Ordinal);
        }
    }

    /// <summary>Each name takes 150 ms: fifty of them one after the other would be 7.5 s.</summary>
    [Fact]
    public void SlowDirectory_CostsABoundedTime_HoweverManyUsersThereAre()
    {
        var names = New();
        names.Directory("delay 150");
        var agent = names.Serve("--labels=user,command,group");
        var first = names.End((70000, "sh", 1));
        IsInTime(NameLab.TimeToCount(agent, first));
        Assert.Equal("dir70000:grp70000/sh=1", NameLab.UserPairs(agent));

        var ended = first + names.End(
            [.. Enumerable.Range(1, 50).Select(i => (70000 + (uint)i, "sh", 2))]);
        var delay = NameLab.TimeToCount(agent, ended);
        output.WriteLine($"50 users at 150 ms each: counted {delay.TotalMilliseconds:F0} ms after the end");
        IsInTime(delay);
        var pairs = NameLab.UserPairs(agent).Split(' ');
        Assert.Equal(51, pairs.Length);
        Assert.Equal(50, pairs.Count(pair => pair.EndsWith("/sh=2", StringComparison.Ordinal)));
        Assert.True(NameLab.Timeouts(agent) > 40);

        // It goes on asking behind: nobody is asked for twice, and who asks later finds a name.
        agent.Until(() => HasName(70200), "a name");
        EndsInTime(agent);

        bool HasName(uint uid)
        {
            ended += names.End((uid, "late", 1));
            NameLab.TimeToCount(agent, ended);
            return NameLab.UserPairs(agent).Contains("dir", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("again")]
    [InlineData("down")]
    [InlineData("unknown")]
    public void DirectoryThatFails_IsNoReasonToWait(string order)
    {
        var names = New();
        names.Directory(order);
        var agent = names.Serve("--labels=user,command,group");
        var ended = names.End([.. Enumerable.Range(1, 100).Select(i => (70000 + (uint)i, "sh", 1))]);
        IsInTime(NameLab.TimeToCount(agent, ended));
        Assert.StartsWith("70001:70001/sh=1 70002:70002/sh=1 ", NameLab.UserPairs(agent));
        Assert.Equal("root:root/named=1", NameLab.Pairs(agent.Scrape(), user => user == "root"));
        EndsInTime(agent);
    }

    /// <summary>
    /// The thread that writes events waits longer for a name than the one that counts, but not for ever.
    /// </summary>
    [Fact]
    public void SlowDirectory_HoldsUpNoEnd_WhileEventsAreWritten()
    {
        var names = New();
        names.Directory("delay 900");
        var events = names.Lab.Of("events.jsonl");
        var agent = names.Serve($"--events.file={events}", "--events.select=all");
        var ended = names.End([.. Enumerable.Range(1, 40).Select(i => (70000 + (uint)i, "sh", 1))]);
        IsInTime(NameLab.TimeToCount(agent, ended));
        EndsInTime(agent);
        Assert.DoesNotContain("Unhandled", agent.Log);
        Assert.DoesNotContain("events that waited", agent.Log);
        Assert.Equal(ended, File.ReadLines(events).Count());
    }

    private NameLab New(string services = "files slow")
    {
        var lab = new NameLab(services);
        labs.Add(lab);
        return lab;
    }

    private static void IsInTime(TimeSpan delay) => Assert.InRange(delay, TimeSpan.Zero, InTime);

    private void EndsInTime(AgentProcess agent)
    {
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, agent.Stop());
        output.WriteLine($"the end took {clock.Elapsed.TotalMilliseconds:F0} ms");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, EndInTime);
    }
}
