// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Hosts that lack something, really made: what the doctor says, that its mend mends it, and that the agent does what
/// the doctor foretells.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class DoctorTests : IDisposable
{
    private const string Segments = "/run/acct-exporter";

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void WithoutRoot_ItWillNotStart_AndSudoMendsIt()
    {
        var nobody = DoctorRun.Of(null, FaultLab.AsNobody);
        nobody.Says("right-accounting", "failure", "sudo acct-exporter serve");
        nobody.Says("right-accounting", "failure", "AmbientCapabilities=CAP_SYS_PACCT");
        nobody.Says("right-accounting", "failure", "--source=FILE");
        Assert.StartsWith("The agent will not start: right-accounting", nobody.Verdict);
        Assert.Equal(1, nobody.ExitCode);
        Assert.Equal(1, lab.StartThrough(FaultLab.AsNobody).WaitForEnd());

        Assert.Equal("ok", DoctorRun.Of(null).State("right-accounting"));
        // What the unit's line does, done by setpriv.
        string[] granted = [.. FaultLab.AsNobody, "--inh-caps=+sys_pacct", "--ambient-caps=+sys_pacct"];
        Assert.Equal("ok", DoctorRun.Of(null, granted).State("right-accounting"));
    }

    [Fact]
    public void WithoutNetAdmin_ItCountsWithoutTaskStats()
    {
        string[] wrapper = ["setpriv", "--bounding-set=-net_admin"];
        var without = DoctorRun.Of(null, wrapper);
        without.Says("right-taskstats", "warning", "CapabilityBoundingSet=CAP_SYS_PACCT CAP_NET_ADMIN");
        without.Says("taskstats", "warning", "CapabilityBoundingSet=CAP_SYS_PACCT CAP_NET_ADMIN");
        Assert.Contains("without true CPU time", without.Verdict);

        var agent = FaultLab.Ready(lab.StartThrough(wrapper));
        Assert.Contains("it takes CAP_NET_ADMIN", agent.Log);
        lab.Exit(3);
        agent.HasCounted(3);

        var with = DoctorRun.Of(null);
        Assert.Equal("ok", with.State("right-taskstats"));
        Assert.Equal("ok", with.State("taskstats"));
        Assert.Equal("ok", with.State("taskstats-buffer"));
    }

    [Fact]
    public void InAnotherNetworkNamespace_NoTaskStatsCome()
    {
        var apart = DoctorRun.Of(null, "unshare", "--net");
        apart.Says("namespace-network", "warning", "--network=host");
        // Asked as the agent asks: registering succeeded, and the child's message did not come.
        apart.Says("taskstats", "warning", "PrivateNetwork=no");
        Assert.Contains("without true CPU time", apart.Verdict);

        var here = DoctorRun.Of(null);
        Assert.Equal("ok", here.State("namespace-network"));
        Assert.Equal("ok", here.State("taskstats"));
    }

    /// <summary>As a unit with PrivateTmp= has it, or a container; without CAP_SYS_PTRACE none leads out.</summary>
    [Fact]
    public void InAMountNamespaceOfItsOwn_AccountingEndsWithIt()
    {
        string[] wrapper = ["unshare", "--mount", "setpriv", "--bounding-set=-sys_ptrace"];
        var own = DoctorRun.Of(lab.Inside, wrapper);
        Assert.Equal("warning", own.State("namespace-mount"));
        Assert.True(
            Mends(own, "PrivateTmp=no") || Mends(own, $"--cap-add SYS_PTRACE -v {Segments}:{Segments}"));
        Assert.Contains("what ends while no agent runs", own.Verdict);
        Assert.Contains("mount namespace", FaultLab.Ready(lab.StartThrough(wrapper)).Log);

        // With the capability the host's mounts are reached through process 1; without the namespace they are ours.
        Assert.Equal("note", DoctorRun.Of(lab.Inside, "unshare", "--mount").State("namespace-mount"));
        Assert.Equal("ok", DoctorRun.Of(lab.Inside, wrapper[2..]).State("namespace-mount"));
        Assert.Equal("ok", DoctorRun.Of(lab.Inside).State("namespace-mount"));
    }

    [Fact]
    public void PsacctThatRuns_IsNamed_AndTheAgentRefuses()
    {
        lab.MountUsualFile();
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "units", "/etc/systemd/system");
        var wants = lab.Inside.PathOf("/etc/systemd/system/multi-user.target.wants");
        Directory.CreateDirectory(wants);
        File.WriteAllText(lab.Inside.PathOf("/etc/systemd/system/psacct.service"), "[Unit]\n");
        File.CreateSymbolicLink($"{wants}/psacct.service", "/etc/systemd/system/psacct.service");
        lab.Inside.Run("accton", FaultLab.UsualFile);

        var taken = DoctorRun.Of(lab.Inside);
        taken.Says("accounting-in-use", "failure", $"--source={FaultLab.UsualFile}");
        taken.Says("accounting-in-use", "failure", "--accounting.follow-active");
        taken.Says("accounting-in-use", "failure", "accton off");
        taken.Says("other-psacct", "warning", "systemctl disable --now psacct");
        Assert.Contains("will not start: accounting-in-use", taken.Verdict);
        Assert.Equal(1, taken.ExitCode);
        Assert.Equal(1, lab.Start().WaitForEnd());

        // The mends: following works beside it; then it is disabled and switched off.
        var follower = lab.Serve("--accounting.follow-active");
        Assert.Equal(0, follower.Stop());
        File.Delete($"{wants}/psacct.service");
        lab.Inside.Run("accton", "off");
        var free = DoctorRun.Of(lab.Inside);
        Assert.Equal("ok", free.State("accounting-in-use"));
        Assert.Equal("note", free.State("other-psacct"));
        Assert.Equal(0, free.ExitCode);
        lab.Serve();
    }

    [Fact]
    public void WithThreePercentFree_ItStarts_AndCountsNothing()
    {
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "-o", "size=64m", "small", "/run");
        var filler = lab.Inside.PathOf("/run/filler");
        File.WriteAllBytes(filler, new byte[(64 << 20) / 100 * 97]);
        var full = DoctorRun.Of(lab.Inside);
        const string mend = $"mkdir -p {Segments} && mount -t tmpfs -o size=64m,mode=0750 acct-exporter {Segments}";
        full.Says("accounting-space", "failure", mend);
        Assert.Contains("will start, but count nothing (accounting-space)", full.Verdict);
        Assert.Equal(1, full.ExitCode);
        var agent = lab.Serve($"--accounting.path={Segments}", "--accounting.on-exit=off");
        lab.Exit(3);
        agent.HasCounted(0);
        Assert.Equal(0, agent.Stop());

        lab.Inside.RunBeside("sh", "-c", mend);
        Assert.Equal("ok", DoctorRun.Of(lab.Inside).State("accounting-space"));
        var next = lab.Serve($"--accounting.path={Segments}", "--accounting.on-exit=off");
        lab.Exit(3);
        Assert.True(next.IsActive());
        Assert.Equal(0, next.Stop());
        lab.Inside.RunBeside("umount", Segments);
        Assert.Equal("failure", DoctorRun.Of(lab.Inside).State("accounting-space"));
        File.Delete(filler);
        Assert.Equal("ok", DoctorRun.Of(lab.Inside).State("accounting-space"));
    }

    [Fact]
    public void WithoutRoomForTheJournal_ItStarts_AndCountsNothing()
    {
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "-o", "size=1m", "small", "/var/lib");
        var filler = lab.Inside.PathOf("/var/lib/filler");
        File.WriteAllBytes(filler, new byte[1 << 20]);
        var full = DoctorRun.Of(lab.Inside);
        full.Says("storage-space", "failure", "du -xhd1 /var/lib");
        Assert.Contains("will start, but count nothing (storage-space)", full.Verdict);
        var agent = lab.Start("--storage.path=/var/lib/acct-exporter", "--accounting.on-exit=off");
        agent.Until(() => agent.HasAddress, "listening");
        Assert.Contains("cannot write the journal", agent.Log);
        Assert.Equal(503, agent.Get("/-/ready").Code);

        File.Delete(filler);
        // 1 MiB is still less than the journal may grow to.
        DoctorRun.Of(lab.Inside).Says("storage-space", "warning", "--journal.retention-size=");
        agent.WaitUntilReady();
        Assert.Equal(0, agent.Stop());
    }

    [Fact]
    public void WithoutInodes_ItDoesNotStart()
    {
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "-o", "size=4m,nr_inodes=2", "small", "/var/lib");
        File.WriteAllText(lab.Inside.PathOf("/var/lib/last"), "");
        var full = DoctorRun.Of(lab.Inside);
        full.Says("storage-inodes", "failure", "du --inodes -xd2 /var/lib");
        Assert.Contains("will not start: storage-inodes", full.Verdict);
        Assert.Equal(1, lab.Start("--storage.path=/var/lib/acct-exporter").WaitForEnd());
    }

    [Fact]
    public void RootOfAUserNamespace_IsNoRoot()
    {
        string[] wrapper = ["unshare", "--user", "--map-root-user"];
        var apart = DoctorRun.Of(null, wrapper);
        apart.Says("namespace-user", "failure", "sudo acct-exporter serve");
        Assert.Equal("note", apart.State("right-accounting"));
        Assert.Equal("warning", apart.State("taskstats"));
        Assert.StartsWith("The agent will not start: namespace-user", apart.Verdict);
        Assert.Equal(1, lab.StartThrough(wrapper).WaitForEnd());

        Assert.Equal("ok", DoctorRun.Of(null).State("namespace-user"));
    }

    [Fact]
    public void InAnotherPidNamespace_ItCountsOnlyThat()
    {
        var apart = DoctorRun.Of(lab.Inside);
        apart.Says("namespace-pid", "warning", "--pid=host");
        apart.Says("taskstats", "warning", "--pid=host");
        Assert.Contains("without processes outside of this PID namespace", apart.Verdict);
        Assert.Equal(0, apart.ExitCode);
        var agent = lab.Serve();
        lab.Inside.RunBeside("true");
        lab.Exit(4);
        agent.HasCounted(4);

        Assert.Equal("ok", DoctorRun.Of(null).State("namespace-pid"));
    }

    /// <summary>Whoever looks changes nothing: no file is made, no accounting switched, no sysctl set.</summary>
    [Fact]
    public void TheDoctor_LeavesNoTrace()
    {
        var pacct = lab.File("pacct");
        lab.Inside.Run("accton", pacct);
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "empty", "/run");
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "empty", "/var/lib");
        var delays = File.ReadAllText("/proc/sys/kernel/task_delayacct");
        // mount(8) keeps notes in /run.
        var before = Directory.GetFileSystemEntries(lab.Inside.PathOf("/run"));
        DoctorRun.Of(lab.Inside);
        Assert.Equal(before, Directory.GetFileSystemEntries(lab.Inside.PathOf("/run")));
        Assert.Empty(Directory.GetFileSystemEntries(lab.Inside.PathOf("/var/lib")));
        Assert.Equal(delays, File.ReadAllText("/proc/sys/kernel/task_delayacct"));
        lab.Exit(2);
        var records = FaultLab.Records(pacct);
        // Nobody has left the file, and what ended is accton, the doctor (and its child, if any) and 2.
        Assert.DoesNotContain(records, exit => exit.LooksLikeLeaving);
        Assert.InRange(records.Count, 4, 5);
    }

    private static bool Mends(DoctorRun run, string text) =>
        run.Mends("namespace-mount").Any(mend => mend.Contains(text, StringComparison.Ordinal));
}
