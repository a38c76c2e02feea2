// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Capture;

/// <summary>The table by tapes of events. /proc is a folder of the test.</summary>
public sealed class CgroupTableTests
{
    [Fact]
    public void Child_IsWhereItsParentWas()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Table.Scan(() => host.Now);
        host.Fork(10, 11);
        host.Exit(11);
        Assert.Equal("a.service", host.Record(11));
        Assert.Equal("", host.Record(11));
        Assert.Equal(1, host.Table.Count);
    }

    [Fact]
    public void Exec_LooksWhereTheProcessIsNow()
    {
        using var host = new FakeHost();
        host.Lives(1, "/init.scope");
        host.Table.Scan(() => host.Now);
        host.Fork(1, 20);
        host.Lives(20, "/web.service");
        host.Exec(20);
        host.Fork(20, 21);
        host.Exit(20);
        host.Exit(21);
        Assert.Equal("web.service", host.Record(20));
        Assert.Equal("web.service", host.Record(21));
    }

    /// <summary>It is gone when its exec is read, or a zombie of v1 that says "/": it is where it was born.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("/")]
    public void Exec_OfADeadProcess_ChangesNothing(string? path)
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Table.Scan(() => host.Now);
        host.Fork(10, 11);
        host.Lives(11, path);
        host.Exec(11);
        host.Exit(11);
        Assert.Equal("a.service", host.Record(11));
    }

    /// <summary>The record is read before its exit event is: the entry waits for the event.</summary>
    [Fact]
    public void Record_BeforeItsExitEvent_IsFound()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Lives(30, "/b.service");
        host.Table.Scan(() => host.Now);
        host.Fork(10, 11);
        Assert.Equal("a.service", host.Record(11));
        Assert.Equal("", host.Record(11));
        host.Exit(11);
        Assert.Equal(2, host.Table.Count);
        host.Fork(30, 11);
        Assert.Equal("b.service", host.Record(11));
    }

    [Fact]
    public void PidUsedAgain_IsFirstInFirstOut()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Lives(30, "/b.service");
        host.Table.Scan(() => host.Now);
        host.Fork(10, 11);
        host.Exit(11);
        host.Fork(30, 11);
        host.Exit(11);
        host.Fork(10, 11);
        Assert.Equal(["a.service", "b.service", "a.service"], [host.Record(11), host.Record(11), host.Record(11)]);
        host.Exit(11);
        Assert.Equal(2, host.Table.Count);
    }

    /// <summary>An ended process is taken from the parent by another thread's wait before its event is sent.</summary>
    [Fact]
    public void ExitEvent_BehindTheNextFork_IsForTheOlder()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Lives(30, "/b.service");
        host.Table.Scan(() => host.Now);
        host.Fork(10, 11);
        host.Fork(30, 11);
        host.Exit(11);
        Assert.Equal("a.service", host.Record(11));
        Assert.Equal("b.service", host.Record(11));
    }

    [Fact]
    public void Threads_AreNoProcesses()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Table.Scan(() => host.Now);
        host.Apply(1, 10, 10, 12, 10);
        host.Apply(0x8000_0000, 12, 10, 0, 17);
        Assert.Equal(1, host.Table.Count);
        Assert.Equal("", host.Record(12));
        Assert.Equal("a.service", host.Record(10));
    }

    /// <summary>A program whose first thread ends goes on for hours, and forks.</summary>
    [Fact]
    public void FirstThread_MayEndLongBeforeItsProcess()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Table.Scan(() => host.Now);
        host.Exit(10, gone: false);
        for (var minute = 0; minute < 60; minute++)
        {
            host.Pass(60);
        }

        host.Fork(10, 11);
        Assert.Equal("a.service", host.Record(11));
        Assert.Equal("a.service", host.Record(10));
        Assert.Equal(1, host.Table.Count);
    }

    /// <summary>Another thread calls exec: the first one ends, and the process goes on under its pid.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Exec_OfAnotherThread_KeepsTheProcess(bool execFirst)
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Table.Scan(() => host.Now);
        if (execFirst)
        {
            host.Exec(10);
        }

        host.Exit(10, gone: false);
        if (!execFirst)
        {
            host.Exec(10);
        }

        host.Pass(200);
        host.Pass(200);
        Assert.Equal("a.service", host.Record(10));
    }

    [Fact]
    public void EndedWithoutRecord_IsForgottenAfterAMinute()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Table.Scan(() => host.Now);
        host.Fork(10, 11);
        host.Fork(10, 12);
        host.Exit(11);
        host.Pass(59);
        Assert.Equal(3, host.Table.Count);
        host.Pass(20);
        Assert.Equal(2, host.Table.Count);
        Assert.Equal("", host.Record(11));
        Assert.Equal("a.service", host.Record(12));
    }

    /// <summary>Moved without running another program: seen at a fork, once a second at most.</summary>
    [Fact]
    public void Parent_IsLookedAtAgain_WhenItForks()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Table.Scan(() => host.Now);
        host.Lives(10, "/session-1.scope");
        host.Fork(10, 11);
        host.Pass(1);
        host.Fork(10, 12);
        Assert.Equal("a.service", host.Record(11));
        Assert.Equal("session-1.scope", host.Record(12));
    }

    [Fact]
    public void UnknownParent_IsLookedUp_OrStaysUnknown()
    {
        using var host = new FakeHost();
        host.Table.Scan(() => host.Now);
        host.Lives(10, "/a.service");
        host.Fork(10, 11);
        host.Fork(99, 12);
        Assert.Equal("a.service", host.Record(11));
        Assert.Equal(CgroupScopes.Unknown, host.Table.TakeForRecord(12));
        Assert.Equal(CgroupScopes.Unknown, host.Table.TakeForRecord(77));
    }

    /// <summary>Events that waited while /proc was read tell of processes that were seen there.</summary>
    [Fact]
    public void Scan_AndEventsFromBefore_MakeOneEntry()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Lives(11, "/b.service");
        host.Now += 1000;
        host.Table.Scan(() => host.Now);
        host.Apply(1, 10, 10, 11, 11);
        Assert.Equal(2, host.Table.Count);
        host.Exit(11);
        Assert.Equal("b.service", host.Record(11));
        Assert.Equal(1, host.Table.Count);
    }

    /// <summary>A zombie in the scan has no exit event to come; its pid is used again.</summary>
    [Fact]
    public void ZombieOfTheScan_GivesWay()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Lives(11, "/b.service");
        host.Table.Scan(() => host.Now);
        host.Now++;
        host.Fork(10, 11);
        Assert.Equal("a.service", host.Record(11));
    }

    [Fact]
    public void Full_TakesNoMore_AndRecovers()
    {
        using var host = new FakeHost(processes: 3);
        host.Lives(10, "/a.service");
        host.Table.Scan(() => host.Now);
        host.Fork(10, 11);
        host.Fork(10, 12);
        host.Fork(10, 13);
        Assert.Equal(3, host.Table.Count);
        Assert.Equal("", host.Record(13));
        host.Exit(11);
        Assert.Equal("a.service", host.Record(11));
        host.Fork(10, 14);
        Assert.Equal("a.service", host.Record(14));
    }

    /// <summary>A host that starts a container each second never runs out of numbers.</summary>
    [Fact]
    public void Scopes_AreLetGo_WhenNoProcessIsIn()
    {
        using var host = new FakeHost(numbers: 100);
        host.Lives(1, "/init.scope");
        host.Table.Scan(() => host.Now);
        for (uint i = 0; i < 1_000; i++)
        {
            host.Fork(1, 20 + i);
            host.Lives(20 + i, $"/run-{i}.service");
            host.Exec(20 + i);
            host.Exit(20 + i);
            Assert.Equal($"run-{i}.service", host.Record(20 + i));
            host.Pass(1);
        }

        Assert.InRange(host.Scopes.Generation, 5, 100);
        host.Fork(1, 7);
        Assert.Equal("init.scope", host.Record(7));
    }

    [Fact]
    public void KnownPaths_AllocateNothing()
    {
        using var host = new FakeHost();
        host.Lives(10, "/a.service");
        host.Lives(11, "/b.service");
        host.Table.Scan(() => host.Now);
        var fork = ProcessEvent.Read(Records.ProcessEventTests.Message(1, 5, 10, 10, 11, 11));
        var exec = ProcessEvent.Read(Records.ProcessEventTests.Message(2, 5, 11, 11));
        var exit = ProcessEvent.Read(Records.ProcessEventTests.Message(0x8000_0000, 5, 11, 11, 0, 17));
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                host.Table.Apply(fork);
                host.Table.Apply(exec);
                host.Table.Apply(exit);
                host.Table.TakeForRecord(11);
            }
        }));
    }
}
