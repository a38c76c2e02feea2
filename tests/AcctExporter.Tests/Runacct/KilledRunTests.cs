// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Kernel;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Runacct;

/// <summary>Runs that are killed, at every place there is, and what the next one makes of it. T-R3.</summary>
[Trait("Lane", "kernel")]
public sealed class KilledRunTests : IDisposable
{
    private const string Night = "2026-07-03 04:00:00";

    /// <summary>The changes of files; before one is written there is what was behind the last.</summary>
    private static readonly string[] Changes =
    [
        CrashPoint.BeforeSuiteRename, CrashPoint.AfterSuiteRename, CrashPoint.BeforeSuiteMove,
        CrashPoint.AfterSuiteMove, CrashPoint.BeforeSuiteDelete, CrashPoint.AfterSuiteDelete,
        .. CrashPoint.OfPrinting,
    ];

    private readonly MemoryFolder folder = new();
    private readonly RunLab lab;

    public KilledRunTests() => lab = new(folder.Path, journalFileBytes: 4096);

    public void Dispose()
    {
        lab.Dispose();
        folder.Dispose();
    }

    /// <summary>
    /// Killed at the first and at the last change of each kind in each state, and between all states: those between
    /// are left out. The run after shows what is charged, and the one of the next day what was left to be charged.
    /// </summary>
    [Fact]
    public void ARunKilledAnywhere_AndStartedAgain_LeavesTheSameBytes()
    {
        SecondDay();
        var places = Places("runacct");
        Assert.All(Enum.GetValues<RunState>().Where(state => state != RunState.Complete), state => Assert.Contains(
            places, place => place.State == CrashPoint.BeforeState(RunMarks.WordOf(state).ToLowerInvariant())));
        Assert.All(Changes[..6], change => Assert.Contains(places, place => place.Change == change));
        Assert.InRange(places.Length, 80, 140);
        var (whole, next) = Charged("whole");

        Each(places, (name, at) =>
        {
            Assert.Equal((at, 137), (at, Process(name, at, "runacct")));
            // The very last file says how the run ended.
            var isComplete = File.ReadAllText(On(name).Paths.StateFile).StartsWith(
                "COMPLETE\n2026-07-03", StringComparison.Ordinal);
            Assert.Equal((at, isComplete ? RunCode.AlreadyRun : RunCode.Done), (at, Run(name, Night)));
            Same(at, whole, RunLab.Kept(On(name).Paths));
            Same(at, next, Charged(name).Next);
        });
    }

    [Fact]
    public void ACloseKilledAnywhere_IsFinishedByTheNextRun()
    {
        SecondDay();
        Assert.Equal(RunCode.Done, lab.Run(Night).Code);
        var places = Places("monacct");
        Assert.InRange(places.Length, 12, 40);
        var (whole, next) = Charged("whole");

        Each(places, (name, at) =>
        {
            Assert.Equal((at, 137), (at, Process(name, at, "monacct")));
            // Killed before its mark nothing was begun; behind it whichever run comes next finishes it.
            var paths = On(name).Paths;
            var begun = File.Exists(Path.Combine(paths.Sum, "closing"));
            var closed = !File.Exists(Path.Combine(paths.Sum, "tacct0703")) && !begun;
            var code = begun || closed ? Run(name, Night)
                : new PeriodClose(On(name), lab.Io(Night, TextWriter.Null)).Run(null);
            Assert.Equal((at, begun || closed ? RunCode.AlreadyRun : RunCode.Done), (at, code));
            Same(at, whole, RunLab.Kept(paths));
            Same(at, next, Charged(name).Next);
        });
    }

    /// <summary>By the classic rules the day is there twice, as ever.</summary>
    [Fact]
    public void ARunKilledBehindItsSum_ChargesTwice_ByTheClassicRulesOnly()
    {
        SecondDay();
        var second = new DateOnly(2026, 7, 3);
        Copy("sane");
        Assert.Equal(137, Process("sane", "suite-after-mergetacct", "runacct"));
        Assert.Equal(RunCode.Done, new DailyRun(On("sane"), lab.Io(Night, TextWriter.Null)).Restart(second, null));
        Copy("classic");
        Assert.Equal(137, Process("classic", "suite-after-mergetacct", "runacct", "--compat"));
        lab.Options = lab.Options with { Compat = true };
        Assert.Equal(RunCode.Done, new DailyRun(On("classic"), lab.Io(Night, TextWriter.Null)).Restart(second, null));

        Assert.Equal(4, RunLab.Tacct(Path.Combine(lab.Of("sane"), "sum/tacct"))[(1, "daemon")].Processes);
        Assert.Equal(6, RunLab.Tacct(Path.Combine(lab.Of("classic"), "sum/tacct"))[(1, "daemon")].Processes);
    }

    [Fact]
    public void ALock_DiesWithItsHolder()
    {
        SecondDay();
        using var holder = lab.Start(Night, "suite-before-merge:hang", "runacct");
        SpinWait.SpinUntil(() => lab.Text(lab.Paths.StateFile).StartsWith("MERGE", StringComparison.Ordinal), 30_000);
        var before = lab.Kept();
        var (code, errors) = lab.Process(Night, "", "runacct");
        Assert.Equal(3, code);
        Assert.Contains($"is held by process {holder.Id}: a run of the suite is at work. Nothing was changed", errors);
        Assert.Equal(before, lab.Kept());

        holder.Kill();
        holder.WaitForExit();
        Assert.Equal((0, ""), lab.Process(Night, "", "runacct"));
        Assert.Equal(2, RunLab.Tacct(lab.Sum("tacct0703"))[(1, "daemon")].Processes);
    }

    /// <summary>A day with something of everything, and of it some charged ahead.</summary>
    private void SecondDay()
    {
        File.WriteAllText(lab.Of("page_log"), "DeskJet daemon 1 [01/Jul/2026:19:21:05 +0000] 1 1 acme-123\n");
        lab.SomeDay("2026-07-01");
        Assert.Equal((RunCode.Done, ""), lab.Run("2026-07-02 04:00:00"));
        for (var part = 1; part <= 2; part++)
        {
            for (var block = 0; block < 60; block++)
            {
                for (var exit = 0; exit < 20; exit++)
                {
                    lab.Exit(
                        2, $"2026-07-02 1{part}:{block:00}:{exit:00}", (ulong)(block * exit), (ulong)(7 * block % 51),
                        $"c{block * 31 % 17}");
                }

                lab.Count($"2026-07-02 1{part}:{block:00}:40");
            }

            Assert.Equal(RunCode.Done, new AccountingCheck(
                lab.Options, lab.Io($"2026-07-02 1{part + 1}:00:00", TextWriter.Null)).Run(limitBytes: 0));
            Assert.True(File.Exists(lab.Nite($"charge{part}")));
        }

        lab.SomeDay("2026-07-02");
        File.AppendAllText(lab.Of("page_log"), "DeskJet daemon 2 [02/Jul/2026:19:21:05 +0000] 1 3 acme-123\n");
        File.WriteAllText(Path.Combine(lab.Paths.FeeDrop, "backups"), "daemon 3\n");
        File.WriteAllText(Path.Combine(lab.Paths.FeeDrop, "copies"), "bin 4\n");
        var samples = new UserTable<TacctSums>();
        samples.Of(2, "bin"u8).Add(new TacctSums { DiskBytes = 51_200, DiskSamples = 1 });
        using var disk = File.Create(lab.Paths.DiskTacct);
        TacctFile.Write(disk, samples);
    }

    /// <summary>What a run reaches, told by one that is left alone: first and last of a kind in a state.</summary>
    private (string State, string Change, int Times)[] Places(string command)
    {
        Copy("whole");
        var (code, trace) = lab.Process(Night, CrashPoint.Trace, command, "--suite.path=" + lab.Of("whole"));
        Assert.Equal(0, code);
        var (state, reached) = (command, new List<(string State, string Change, int Times)>());
        foreach (var line in trace.Split('\n'))
        {
            if (Changes.Contains(line))
            {
                reached.Add((state, line, reached.Count(one => one.Change == line) + 1));
            }
            else if (CrashPoint.OfSuite.Contains(line) && line != CrashPoint.BeforeSuiteWrite)
            {
                state = line;
            }
        }

        return [.. reached.GroupBy(one => (one.State, one.Change))
            .SelectMany(same => new[] { same.First(), same.Last() }.Distinct())];
    }

    /// <summary>Does it at each place, on a copy of the suite's folder of its own.</summary>
    private void Each((string State, string Change, int Times)[] places, Action<string, string> act) =>
        Parallel.For(
            0, places.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"killed{i}");
                Copy(name);
                act(name, string.Create(CultureInfo.InvariantCulture, $"{places[i].Change}:{places[i].Times}"));
                Directory.Delete(lab.Of(name), recursive: true);
            });

    /// <summary>What is charged, and what is with the run of the next day.</summary>
    private (Dictionary<string, string> Now, Dictionary<string, string> Next) Charged(string name)
    {
        var now = RunLab.Kept(On(name).Paths);
        Assert.Equal(RunCode.Done, Run(name, "2026-07-04 04:00:00"));
        return (now, RunLab.Kept(On(name).Paths));
    }

    private int Process(string name, string at, params string[] words) =>
        lab.Process(Night, at, [.. words, "--suite.path=" + lab.Of(name)]).Code;

    private RunCode Run(string name, string night) => new DailyRun(On(name), lab.Io(night, TextWriter.Null)).Run();

    /// <summary>The settings for a copy.</summary>
    private RunOptions On(string name) =>
        lab.Options with { Suite = lab.Options.Suite with { Path = lab.Of(name) } };

    /// <summary>Of the suite's folder; the journal, the logins and the log of pages are only read.</summary>
    private void Copy(string name)
    {
        foreach (var path in Directory.GetFiles(lab.Paths.Root, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(lab.Of(name), Path.GetRelativePath(lab.Paths.Root, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    private static void Same(string at, Dictionary<string, string> whole, Dictionary<string, string> now)
    {
        Assert.Equal((at, string.Join(' ', whole.Keys.Order())), (at, string.Join(' ', now.Keys.Order())));
        Assert.All(whole, file => Assert.Equal((at, file.Key, file.Value), (at, file.Key, now[file.Key])));
    }
}
