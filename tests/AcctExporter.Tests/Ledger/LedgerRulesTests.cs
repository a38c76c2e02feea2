// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Ledger;

/// <summary>Rules in the life of a ledger: what is counted where, and what a change of rules does.</summary>
public sealed class LedgerRulesTests
{
    /// <summary>Two commands in three become something else, are folded, kept or dropped.</summary>
    private static readonly CommandRule[] Some =
    [
        CommandRulesTests.Keep(".*7.*"), CommandRulesTests.Drop("[a-f].*"), CommandRulesTests.Rule("(.).*[0-9]", "$1"),
        CommandRulesTests.Rule("p.*", "other"),
    ];

    [Fact]
    public void Rule_MakesTwoCommandsOne()
    {
        using var ledger = New(CommandRulesTests.Rule("(python|ruby)[0-9.]*", "$1"));
        ledger.Count("python3.11", "python3.12", "ruby3.2", "python", "sh");
        Assert.Equal("u0/python=3 u0/ruby=1 u0/sh=1", ledger.Pairs());
    }

    [Fact]
    public void Other_IsNeverMixedWithTheFold()
    {
        using var ledger = New(new LedgerOptions { PairLimit = 1, Rules = [CommandRulesTests.Rule("sh", "other")] });
        ledger.Count("sh", "ls", "other");
        Assert.Equal(@"other/other=1 u0/\x6fther=2", ledger.Pairs());
    }

    [Fact]
    public void Dropped_IsInTheHostsTotalsAlone()
    {
        using var ledger = New(CommandRulesTests.Drop("secret"));
        ledger.Count(
            TestLedger.Exit("secret", exitCode: 9) with { UserMicroseconds = 5 }, TestLedger.Exit("sh"),
            TestLedger.Exit("secret"));
        Assert.Equal("u0/sh=1", ledger.Pairs());
        var snapshot = ledger.Snapshot();
        Assert.Equal((3UL, 2UL, 5UL, 1UL), (
            snapshot.Host.Exits, snapshot.Dropped, snapshot.Host.UserMicroseconds, snapshot.HostSignal(9).Count));
        Assert.True(snapshot.Signals.IsEmpty);
    }

    /// <summary>The same name of a program and of a kernel thread are two raw keys.</summary>
    [Fact]
    public void OnlyKernelThreads_AreFolded()
    {
        using var ledger = New();
        var program = TestLedger.Exit("kworker/3:1") with { Ppid = 1, VirtualMemoryBytes = 4096 };
        for (var round = 0; round < 2; round++)
        {
            ledger.Count(
                program, KernelThread("kworker/3:1"), KernelThread("kworker/0:0"), program with { Ppid = 2 },
                KernelThread("kworker/3:1") with { Uid = 1 }, KernelThread("kworker/3:1") with { MinorFaults = 1 },
                KernelThread("kworker/3:1") with { MajorFaults = 1 }, KernelThread("kworker/3:1") with { Ppid = 3 });
        }

        Assert.Equal("u0/kworker/3:1=10 u0/kworker=4 u1/kworker/3:1=2", ledger.Pairs());
        ledger.Ledger.Reconfigure(new LedgerOptions { FoldKernelThreads = false });
        ledger.Count(KernelThread("kworker/3:1"));
        Assert.Equal("u0/kworker/3:1=11 u0/kworker=4 u1/kworker/3:1=2", ledger.Pairs());
    }

    [Fact]
    public void Reconfigure_KeepsPairsAndValues_AndAsksAnew()
    {
        using var ledger = New();
        ledger.Count("python3.11", "sh");
        ledger.Ledger.Reconfigure(With(CommandRulesTests.Rule("python.*", "python"), CommandRulesTests.Drop("sh")));
        ledger.Count("python3.11", "python3.11", "sh");
        Assert.Equal("u0/python3.11=1 u0/python=2 u0/sh=1", ledger.Pairs());
        Assert.Equal((5UL, 1UL), (ledger.Snapshot().Host.Exits, ledger.Snapshot().Dropped));
        ledger.Ledger.Reconfigure(new LedgerOptions());
        ledger.Count("python3.11", "sh");
        Assert.Equal("u0/python3.11=2 u0/python=2 u0/sh=2", ledger.Pairs());
    }

    [Fact]
    public void Reconfigure_LowersAndRaisesTheLimit()
    {
        using var ledger = New(new LedgerOptions { PairLimit = 2 });
        ledger.Count("a", "b", "c");
        Assert.Equal("other/other=1 u0/a=1 u0/b=1", ledger.Pairs());
        ledger.Ledger.Reconfigure(new LedgerOptions { PairLimit = 1 });
        ledger.Count("a", "b", "c", "d");
        Assert.Equal("other/other=3 u0/a=2 u0/b=2", ledger.Pairs());
        Assert.Equal(1, ledger.Snapshot().PairLimit);
        ledger.Ledger.Reconfigure(new LedgerOptions { PairLimit = 3 });
        ledger.Count("a", "b", "c", "d");
        Assert.Equal("other/other=4 u0/a=3 u0/b=3 u0/c=1", ledger.Pairs());
    }

    [Fact]
    public void Reconfigure_ChangesTheIdleTime()
    {
        using var ledger = New(new LedgerOptions { PairLimit = 1 });
        ledger.Count("a");
        ledger.UnixSeconds += 3600;
        Assert.Equal(0, ledger.Evict());
        ledger.Ledger.Reconfigure(new LedgerOptions { PairLimit = 1, PairIdleTime = TimeSpan.FromMinutes(1) });
        Assert.Equal(1, ledger.Evict());
        ledger.Count("b");
        Assert.Equal("u0/b=1", ledger.Pairs());
    }

    [Fact]
    public void Reconfigure_LeavesTheLabels()
    {
        using var ledger = new TestLedger(
            new LedgerOptions { Labels = OptionalLabels.Group }, null, gid => $"g{gid}", _ => ExitContext.Empty);
        ledger.Ledger.Reconfigure(new LedgerOptions { Labels = OptionalLabels.None });
        ledger.Count(TestLedger.Exit("sh") with { Gid = 5, Context = 1 });
        Assert.Equal("g5", Assert.Single(ledger.Snapshot().Pairs).Context.Group);
    }

    [Fact]
    public void RuleTimeouts_OutliveTheRules()
    {
        Assert.True(RulePattern.TryParse("(.*[ab].{15}){4}x?", TimeSpan.FromTicks(1), out var slow, out _));
        var path = new string(new Random(5).GetItems<char>("abcde", 5_000));
        using var ledger = new TestLedger(
            With(CommandRulesTests.Drop(".*") with { Exe = slow }), inputsOf: _ => new RuleInputs("", path));
        ledger.Count(TestLedger.Exit("sh") with { Context = 1 });
        Assert.Equal(1UL, ledger.Ledger.RuleTimeouts);
        ledger.Ledger.Reconfigure(new LedgerOptions());
        Assert.Equal(1UL, ledger.Ledger.RuleTimeouts);
    }

    /// <summary>A rule sees what stands behind the context; pairs do not.</summary>
    [Fact]
    public void Inputs_DecideAndAreNoLabels()
    {
        var rule = CommandRulesTests.Rule("sh", "job") with { Unit = RulePatternTests.Of("cron.service") };
        RuleInputs[] inputs = [RuleInputs.None, new("cron.service", ""), new("ssh.service", "/bin/sh")];
        using var ledger = new TestLedger(With(rule), inputsOf: context => inputs[context]);
        ledger.Count(TestLedger.Exit("sh") with { Context = 1 }, TestLedger.Exit("sh") with { Context = 2 },
            TestLedger.Exit("sh"));
        Assert.Equal("u0/job=1 u0/sh=2", ledger.Pairs());
    }

    [Fact]
    public void AnyLife_IsWholeAndOneToOne() => Holds.ForAll(
        from limit in Gen.Choose(1, 60)
        from seeds in RecordGen.Seeds.ArrayOf().Resize(6)
        select (limit, seeds),
        150,
        life =>
        {
            using var ledger = New(new LedgerOptions { PairLimit = life.limit, Rules = Some });
            var values = new Dictionary<string, ulong>();
            foreach (var (seed, round) in life.seeds.Select((seed, round) => (seed, round)))
            {
                ledger.Count(Exits(seed));
                foreach (var (labels, exits) in Values(ledger))
                {
                    if (values.GetValueOrDefault(labels) > exits)
                    {
                        return false;
                    }

                    values[labels] = exits;
                }

                ledger.Ledger.Reconfigure(new LedgerOptions
                {
                    PairLimit = Math.Max(1, (int)(seed % 60)), Rules = Some[(round % 4)..],
                    FoldKernelThreads = seed % 2 == 0,
                });
            }

            var snapshot = ledger.Snapshot();
            return snapshot.Pairs.Select(pair => Encoding.UTF8.GetString(pair.Labels)).Distinct().Count()
                    == snapshot.Pairs.Count
                && snapshot.Pairs.All(pair => pair.Command is { Length: > 0 }
                    && (pair.Command != LabelText.Other || pair.Id < 0))
                && values.Values.Aggregate(0UL, (sum, exits) => sum + exits) + snapshot.Dropped == snapshot.Host.Exits;
        });

    /// <summary>Decisions and pair numbers are all that a replay needs, whatever rules there are then.</summary>
    [Fact]
    public void Replay_AsksNoRules() => Holds.ForAll(
        RecordGen.Seeds.ArrayOf().Resize(6),
        100,
        seeds =>
        {
            using var ledger = New(new LedgerOptions { PairLimit = 20, Rules = Some });
            using var replayed = New();
            foreach (var seed in seeds)
            {
                var exits = Exits(seed);
                var pairs = new int[exits.Length];
                var decisions = new System.Buffers.ArrayBufferWriter<byte>();
                ledger.Ledger.Plan(exits, pairs, decisions, 0);
                ledger.Ledger.Count(exits, pairs, 0);
                replayed.Ledger.Apply(decisions.WrittenSpan);
                replayed.Ledger.Count(exits, pairs, 0);
                ledger.Ledger.Reconfigure(new LedgerOptions { PairLimit = 25, Rules = Some[1..] });
            }

            return ledger.Checkpoint().AsSpan().SequenceEqual(replayed.Checkpoint());
        });

    [Fact]
    public void KnownRawKeys_AllocateNothing()
    {
        using var ledger = New(Some);
        ProcessExit[] exits =
        [
            TestLedger.Exit("python3"), TestLedger.Exit("abc"), TestLedger.Exit("sh7"), KernelThread("kworker/3:1"),
        ];
        var pairs = new int[exits.Length];
        var decisions = new System.Buffers.ArrayBufferWriter<byte>();
        ledger.Ledger.Plan(exits, pairs, decisions, 0);
        Assert.Equal([0, ExitTable.Dropped, 1, 2], pairs);
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                ledger.Ledger.Plan(exits, pairs, decisions, 0);
                ledger.Ledger.Count(exits, pairs, 0);
            }
        }));
    }

    private static ProcessExit KernelThread(string name) => TestLedger.Exit(name) with
    {
        Ppid = 2, Flags = AcctFlags.ForkedWithoutExec, ElapsedMicroseconds = 1_000_000,
    };

    /// <summary>Any bytes as names, and one in four a kernel thread.</summary>
    private static ProcessExit[] Exits(ulong seed)
    {
        var generator = new AcctFileGenerator(seed) { HostileNames = true };
        var exits = Enumerable.Range(0, 100).Select(_ => generator.Next().ToExit()).ToArray();
        for (var i = 0; i < exits.Length; i += 4)
        {
            exits[i] = exits[i] with
            {
                Ppid = 2, Uid = 0, VirtualMemoryBytes = 0, MinorFaults = 0, MajorFaults = 0,
            };
        }

        return exits;
    }

    private static List<(string Labels, ulong Exits)> Values(TestLedger ledger)
    {
        var snapshot = ledger.Snapshot();
        return [.. snapshot.Pairs.Select((pair, i) => (Encoding.UTF8.GetString(pair.Labels), snapshot.Rows[i].Exits))];
    }

    private static LedgerOptions With(params CommandRule[] rules) => new() { Rules = rules };

    private static TestLedger New(params CommandRule[] rules) => New(With(rules));

    private static TestLedger New(LedgerOptions options) => new(options);
}
