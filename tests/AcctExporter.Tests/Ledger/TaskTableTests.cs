// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Ledger;

/// <summary>The sums are held by <see cref="ExitLedgerProperties"/>; here is what the table costs.</summary>
public sealed class TaskTableTests
{
    private static readonly TaskFigures Known = new() { ReadBytes = 1, Knowledge = TaskKnowledge.Joined };

    [Fact]
    public void Row_Has464Bytes() => Assert.Equal(464, System.Runtime.CompilerServices.Unsafe.SizeOf<TaskRow>());

    [Fact]
    public void UnknownFigures_CostNoMemory()
    {
        var tasks = new TaskTable(HistogramBounds.Default);
        tasks.Count(new TaskFigures[100], new int[100]);
        tasks.Retire(5);
        Assert.Equal(0, tasks.Rows.Length);
    }

    [Fact]
    public void Count_AllocatesNothing_OnceTheRowsAreThere()
    {
        var tasks = new TaskTable(HistogramBounds.Default);
        var figures = new TaskFigures[10_000];
        Array.Fill(figures, Known);
        var pairs = Enumerable.Range(0, figures.Length).Select(i => (i % 300) + ExitTable.Retired + 1).ToArray();
        tasks.Count(figures, pairs);
        Assert.Equal(0, Allocated.By(() => tasks.Count(figures, pairs)));
    }

    [Fact]
    public void Sum_OfResidentMemory_GoesOnOver64Bits()
    {
        using var ledger = new TestLedger();
        var figures = Known with { ResidentMebibyteMicroseconds = ulong.MaxValue };
        ledger.Count([TestLedger.Exit("a"), TestLedger.Exit("a")], [figures, figures]);
        Assert.Equal((UInt128)ulong.MaxValue * 2, ledger.Snapshot().HostTasks.ResidentMebibyteMicroseconds);
    }

    /// <summary>A place that is given to another pair begins empty; the host keeps what was.</summary>
    [Fact]
    public void Eviction_EmptiesTheRow_AndTheHostKeepsIt()
    {
        var options = new LedgerOptions { PairLimit = 1, PairIdleTime = TimeSpan.FromSeconds(1) };
        using var ledger = new TestLedger(options);
        ledger.Count([TestLedger.Exit("old")], [Known]);
        ledger.UnixSeconds += 60;
        Assert.Equal(1, ledger.Evict());
        ledger.Count("new");
        var snapshot = ledger.Snapshot();
        Assert.Equal("u0/new=1", ledger.Pairs());
        Assert.False(snapshot.PairsHave(TaskKnowledge.Joined));
        Assert.Equal((1UL, 1UL), (snapshot.HostTasks.Exits, snapshot.HostTasks.ReadBytes));
    }
}
