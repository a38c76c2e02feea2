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

    private readonly RunLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void ARunKilledAnywhere_AndStartedAgain_LeavesTheSameBytes()
    {
        SecondDay();
        Assert.Equal(RunCode.Done, OnACopy("whole", () => lab.Run(Night).Code));
        var whole = Sums("whole");
        var killed = 0;
        foreach (var place in CrashPoint.OfSuite.Where(place => !place.EndsWith("close", StringComparison.Ordinal)))
        {
            for (var times = 1; ; times++)
            {
                var at = string.Create(CultureInfo.InvariantCulture, $"{place}:{times}");
                var code = OnACopy("killed", () => Process(at));
                Assert.True(code is 137 or 0, at);
                if (code == 0)
                {
                    break;
                }

                killed++;
                Assert.Equal((at, RunCode.Done), (at, OnFolder("killed", () => lab.Run(Night).Code)));
                Same(at, whole, Sums("killed"));
            }
        }

        Assert.True(killed > 100, $"{killed} places");
    }

    [Fact]
    public void ACloseKilledAnywhere_IsFinishedByTheNextRun()
    {
        SecondDay();
        Assert.Equal(RunCode.Done, lab.Run(Night).Code);
        OnACopy("whole", () => lab.Close(Night).Code);
        var whole = Sums("whole");
        var killed = 0;
        foreach (var place in CrashPoint.OfSuite)
        {
            for (var times = 1; ; times++)
            {
                var at = string.Create(CultureInfo.InvariantCulture, $"{place}:{times}");
                var code = OnACopy("killed", () => Process(at, "monacct"));
                if (code == 0)
                {
                    break;
                }

                Assert.Equal((at, 137), (at, code));
                killed++;

                // Killed before its mark nothing was begun; behind it whichever run comes next finishes it.
                var begun = File.Exists(Path.Combine(lab.Of("killed"), "sum", "closing"));
                var closed = !File.Exists(Path.Combine(lab.Of("killed"), "sum", "tacct0703")) && !begun;
                var next = OnFolder("killed", () => begun || closed ? lab.Run(Night).Code : lab.Close(Night).Code);
                Assert.Equal((at, begun || closed ? RunCode.AlreadyRun : RunCode.Done), (at, next));
                Same(at, whole, Sums("killed"));
            }
        }

        Assert.True(killed > 30, $"{killed} places");
    }

    /// <summary>By the classic rules the day is there twice, as ever.</summary>
    [Fact]
    public void ARunKilledBehindItsSum_ChargesTwice_ByTheClassicRulesOnly()
    {
        SecondDay();
        Assert.Equal(137, OnACopy("sane", () => Process("suite-after-mergetacct")));
        Assert.Equal(RunCode.Done, OnFolder("sane", () => lab.Restart(Night, "2026-07-03").Code));
        Assert.Equal(137, OnACopy("classic", () => Process("suite-after-mergetacct", "runacct", "--compat")));
        lab.Options = lab.Options with { Compat = true };
        Assert.Equal(RunCode.Done, OnFolder("classic", () => lab.Restart(Night, "2026-07-03").Code));

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

    private void SecondDay()
    {
        lab.SomeDay("2026-07-01");
        Assert.Equal((RunCode.Done, ""), lab.Run("2026-07-02 04:00:00"));
        lab.SomeDay("2026-07-02");
        File.WriteAllText(Path.Combine(lab.Paths.FeeDrop, "backups"), "daemon 3\n");
        using var disk = File.Create(lab.Paths.DiskTacct);
        TacctFile.Write(disk, new());
    }

    private int Process(string at, params string[] words) => lab.Process(
        Night, at, [.. words.Length == 0 ? ["runacct"] : words, "--suite.path=" + lab.Options.Suite.Path]).Code;

    /// <summary>On a copy of the suite's folder; the journal and the wtmp are only read.</summary>
    private T OnACopy<T>(string name, Func<T> work)
    {
        if (Directory.Exists(lab.Of(name)))
        {
            Directory.Delete(lab.Of(name), recursive: true);
        }

        foreach (var path in Directory.GetFiles(lab.Paths.Root, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(lab.Of(name), Path.GetRelativePath(lab.Paths.Root, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        return OnFolder(name, work);
    }

    private T OnFolder<T>(string name, Func<T> work)
    {
        var options = lab.Options;
        lab.Options = options with { Suite = options.Suite with { Path = lab.Of(name) } };
        try
        {
            return work();
        }
        finally
        {
            lab.Options = options;
        }
    }

    /// <summary>The files of sums and reports, and the statefile.</summary>
    private Dictionary<string, string> Sums(string name) => OnFolder(name, lab.Kept);

    private static void Same(string at, Dictionary<string, string> whole, Dictionary<string, string> now)
    {
        Assert.Equal((at, string.Join(' ', whole.Keys.Order())), (at, string.Join(' ', now.Keys.Order())));
        Assert.All(whole, file => Assert.Equal((at, file.Key, file.Value), (at, file.Key, now[file.Key])));
    }
}
