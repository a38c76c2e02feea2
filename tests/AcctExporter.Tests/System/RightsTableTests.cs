// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Doctor;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Each row of <see cref="RightsTable"/>, by an agent that has the capability and by one that has not: the first works,
/// and keeps it only as long as the row says; the other says the row's words.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class RightsTableTests : IDisposable
{
    /// <summary>Where each row is shown.</summary>
    private static readonly Dictionary<Feature, string> Shown = new()
    {
        [Feature.Accounting] = nameof(Accounting),
        [Feature.TaskStats] = nameof(TaskStatsAndUnits_OnTheHost),
        [Feature.Units] = nameof(TaskStatsAndUnits_OnTheHost),
        [Feature.HostMounts] = nameof(HostMounts),
        [Feature.ProgramPaths] = nameof(ProgramPaths),
        [Feature.HiddenProcesses] = nameof(HiddenProcesses),
        [Feature.OthersFiles] = nameof(FollowedFileOfAnother),
        [Feature.OthersLease] = nameof(FollowedFileOfAnother),
        [Feature.Disks] = nameof(Disks),
        [Feature.LowPort] = nameof(LowPort),
        [Feature.Delays] = nameof(Delays),
        [Feature.JournalGroup] = nameof(JournalGroup),
    };

    private readonly FaultLab lab = new();

    public RightsTableTests() => File.SetUnixFileMode(lab.State, (UnixFileMode)0x1ff); // 0777

    public void Dispose() => lab.Dispose();

    [Fact]
    public void EachRow_HasATest() => Assert.All(RightsTable.Rows, row => Assert.NotNull(
        typeof(RightsTableTests).GetMethod(Shown[row.Feature])));

    [Fact]
    public void Accounting()
    {
        var row = Row(Feature.Accounting);
        var without = lab.StartThrough(AsRootWithout(row));
        Assert.Equal(1, without.WaitForEnd());
        Assert.Contains(row.Sign, without.Log);
        Keeps(FaultLab.Ready(lab.StartThrough(AsNobodyWith(row),
            $"--storage.path={lab.Of("nobodys")}", $"--accounting.path={lab.Of("nobodys-run")}")), row);
    }

    /// <summary>
    /// They come to the initial namespaces only: the host's accounting it is. By then the right is gone, and they come.
    /// </summary>
    [Fact]
    public void TaskStatsAndUnits_OnTheHost()
    {
        var row = Row(Feature.TaskStats);
        var units = Row(Feature.Units);
        var without = FaultLab.Ready(lab.StartThrough(AsRootWithout(row), "--labels=user,command,unit"));
        Assert.Contains(row.Sign, without.Log);
        Assert.Contains(units.Sign, without.Log);
        Assert.Equal(0, without.Stop());

        using var host = new HostLab();
        var with = host.Serve("--labels=user,command,unit", "--events.select=all");
        Assert.DoesNotContain("no exits from taskstats", with.Log);
        Assert.DoesNotContain(units.Sign, with.Log);
        Assert.Equal(0UL, Held(with) & row.Bit);
        const int children = 5;
        HostLab.Run("sh", "-c", string.Join(';', Enumerable.Repeat("/bin/cat /dev/null", children)) + "; :");
        with.Until(() => host.Events().Values.Count(exit => exit.Command() == "cat" && exit.IsEnriched()) >= children,
            "enriched");
    }

    [Fact]
    public void HostMounts()
    {
        var row = Row(Feature.HostMounts);
        var without = FaultLab.Ready(lab.StartThrough(["unshare", "--mount", .. AsRootWithout(row)]));
        Assert.Contains(row.Sign, without.Log);
        Assert.Equal(0, without.Stop());
        var with = FaultLab.Ready(lab.StartThrough(["unshare", "--mount"]));
        Assert.DoesNotContain(row.Sign, with.Log);
        Assert.Equal(0UL, Held(with) & row.Bit);
    }

    [Fact]
    public void ProgramPaths()
    {
        var row = Row(Feature.ProgramPaths);
        var flag = $"--events.file={lab.Of("events")}";
        Keeps(FaultLab.Ready(lab.StartThrough(AsNobodyWith(row, "sys_pacct"), flag)), row);
        Assert.Contains(row.Sign, Doctor(AsRootWithout(row)));
        Assert.DoesNotContain(row.Sign, Doctor([]));
    }

    /// <summary>Kept where /proc hides the first process of the namespace, and only there.</summary>
    [Fact]
    public void HiddenProcesses()
    {
        var row = Row(Feature.HiddenProcesses);
        var open = FaultLab.Ready(lab.StartThrough(AsNobodyWith(row, "sys_pacct"), "--labels=user,command,unit"));
        Assert.Equal(0UL, Held(open) & row.Bit);
        Assert.Equal(0, open.Stop());
        lab.Inside.RunBeside("mount", "-o", "remount,hidepid=2", "/proc");
        Keeps(FaultLab.Ready(lab.StartThrough(AsNobodyWith(row, "sys_pacct"), "--labels=user,command,unit")), row);
    }

    [Fact]
    public void FollowedFileOfAnother()
    {
        var read = Row(Feature.OthersFiles);
        var lease = Row(Feature.OthersLease);
        var pacct = lab.File("pacct");
        File.SetUnixFileMode(pacct, UnixFileMode.UserRead);
        var without = lab.StartThrough(AsNobodyWith(lease), $"--source={pacct}");
        Assert.Equal(1, without.WaitForEnd());
        Assert.Contains(read.Sign, without.Log);
        Assert.Contains(lease.Sign, Doctor(AsNobodyWith(read), $"--source={pacct}"));

        var with = FaultLab.Ready(lab.StartThrough(AsNobodyWith(read, "lease"), $"--source={pacct}"));
        Keeps(with, read);
        Keeps(with, lease);
        Assert.DoesNotContain(lease.Sign, Doctor(AsNobodyWith(read, "lease"), $"--source={pacct}"));
    }

    [Fact]
    public void Disks()
    {
        var row = Row(Feature.Disks);
        Directory.CreateDirectory(lab.Of("disk/home"), (UnixFileMode)0x1c0); // 0700, root's
        File.SetUnixFileMode(lab.Of("disk"), (UnixFileMode)0x1ed); // 0755
        string[] walk =
        [
            AgentProcess.Program, "dodisk", $"--suite.disk-paths={lab.Of("disk")}", $"--storage.path={lab.Of("s")}",
        ];
        Assert.Contains(row.Sign, Said([.. FaultLab.AsNobody, .. walk]));
        Assert.DoesNotContain(row.Sign, Said([.. AsNobodyWith(row), .. walk]));
        Keeps(FaultLab.Ready(lab.StartThrough(AsNobodyWith(row, "sys_pacct"), "--suite.disk=Sun 03:00")), row);
    }

    [Fact]
    public void LowPort()
    {
        const string address = "--web.listen-address=127.0.0.1:981";
        var row = Row(Feature.LowPort);
        var without = lab.StartThrough(AsRootWithout(row), address);
        Assert.Equal(1, without.WaitForEnd());
        Assert.Contains(row.Sign, without.Log);
        Keeps(FaultLab.Ready(lab.StartThrough(AsNobodyWith(row, "sys_pacct"), address,
            $"--storage.path={lab.Of("nobodys")}", $"--accounting.path={lab.Of("nobodys-run")}")), row);
    }

    /// <summary>That it is switched on is shown on the host: <see cref="AccuracyTests"/>.</summary>
    [Fact]
    public void Delays()
    {
        var row = Row(Feature.Delays);
        var before = File.ReadAllText(DelayAccounting.DefaultPath);
        try
        {
            File.WriteAllText(DelayAccounting.DefaultPath, "0");
            Assert.False(DelayAccounting.TryEnable(out var why, "/proc/sys/kernel/no_such"));
            Assert.StartsWith(row.Sign, why, StringComparison.Ordinal);
            var with = FaultLab.Ready(lab.Start("--taskstats.enable-delays"));
            Assert.Equal("1", File.ReadAllText(DelayAccounting.DefaultPath).Trim());
            Assert.Equal(0UL, Held(with) & row.Bit);
        }
        finally
        {
            File.WriteAllText(DelayAccounting.DefaultPath, before);
        }
    }

    [Fact]
    public void JournalGroup()
    {
        var row = Row(Feature.JournalGroup);
        var without = FaultLab.Ready(lab.StartThrough(
            [.. AsRootWithout(row, "chown"), "--clear-groups"], "--journal.group=adm"));
        Assert.Contains(row.Sign, without.Log);
        Assert.Equal(0, without.Stop());
        var with = FaultLab.Ready(lab.Start("--journal.group=adm"));
        Assert.DoesNotContain("not readable to group", with.Log);
        Assert.Equal(0UL, Held(with) & row.Bit);
    }

    private static RightsRow Row(Feature feature) => RightsTable.Rows.Single(row => row.Feature == feature);

    private static string Short(RightsRow row) => row.Capability["CAP_".Length..].ToLowerInvariant();

    private static string[] AsRootWithout(RightsRow row, params string[] more) =>
        ["setpriv", "--bounding-set=" + string.Join(',', more.Append(Short(row)).Select(name => "-" + name))];

    private static string[] AsNobodyWith(RightsRow row, params string[] more)
    {
        var rights = string.Join(',', more.Append(Short(row)).Distinct().Select(name => "+" + name));
        return [.. FaultLab.AsNobody, $"--inh-caps={rights}", $"--ambient-caps={rights}"];
    }

    /// <summary>It works with it, and holds it still.</summary>
    private static void Keeps(AgentProcess agent, RightsRow row)
    {
        Assert.True(row.Always);
        Assert.Equal(row.Bit, Held(agent) & row.Bit);
    }

    private static ulong Held(AgentProcess agent) => ulong.Parse(
        File.ReadLines($"/proc/{agent.Pid}/status")
            .Single(line => line.StartsWith("CapPrm:", StringComparison.Ordinal))[7..],
        NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private string Doctor(string[] wrapper, params string[] flags) => Said(
        [.. wrapper, AgentProcess.Program, "doctor", $"--storage.path={lab.Of("d")}", .. flags]);

    /// <summary>What a program says inside, also one that fails.</summary>
    private string Said(string[] command) => string.Join(' ', lab.Inside
        .Run("sh", ["-c", "\"$@\" 2>&1 || :", "sh", .. command])
        .Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
}
