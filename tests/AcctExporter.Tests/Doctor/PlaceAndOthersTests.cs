// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using AcctExporter.Doctor;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Doctor;

/// <summary>The directories of the agent, its address, and who else uses accounting, on a made-up host.</summary>
public sealed class PlaceAndOthersTests : IDisposable
{
    private readonly MadeUpHost host = new();

    public void Dispose() => host.Dispose();

    /// <summary>The kernel's own arithmetic: at 2 % it stops; a new file begins at 4 %; 8 % is close.</summary>
    [Theory]
    [InlineData(20_000, "failure", "The kernel writes no record")]
    [InlineData(20_001, "failure", "begins to record only over the upper number")]
    [InlineData(39_999, "failure", "begins to record only over the upper number")]
    [InlineData(40_000, "warning", "It is close")]
    [InlineData(79_999, "warning", "It is close")]
    [InlineData(80_000, "ok", "")]
    public void FreeSpace_IsHeldAgainstTheThresholdsOfTheKernel(ulong free, string state, string means)
    {
        host.Space(free);
        var finding = host.Find("accounting-space");
        Assert.Equal(state, ExaminationJson.NameOf(finding.State));
        Assert.Contains("suspends accounting at 2 % and resumes at 4 %, looking every 30 s", finding.What);
        Assert.Contains(means, finding.Means);
        if (state != "ok")
        {
            Assert.Contains(
                "mkdir -p /run/acct-exporter && mount -t tmpfs -o size=64m,mode=0750 acct-exporter /run/acct-exporter",
                finding.Mend);
        }

        var examination = host.Examine();
        Assert.Equal(state != "failure", examination.Works);
        if (!examination.Works)
        {
            Assert.Equal("The agent will start, but count nothing (accounting-space).", examination.Verdict);
        }
    }

    [Fact]
    public void Thresholds_AreThoseThatAreSet()
    {
        host.Write("/proc/sys/kernel/acct", "20\t10\t5\n");
        host.Space(150_000);
        Assert.Equal(FindingState.Failure, host.Find("accounting-space").State);
    }

    [Fact]
    public void SmallTmpfs_IsToldOf()
    {
        host.Space(4000, 4096);
        var finding = host.Find("accounting-space");
        Assert.Equal(FindingState.Warning, finding.State);
        Assert.Contains("mount -o remount,size=64m /run", finding.Mend);
    }

    [Fact]
    public void Storage_NeedsRoomForTheJournal_WithWhatTheJournalHasAlready()
    {
        host.Capture = host.Capture with { JournalRetentionBytes = 3L << 30 };
        Assert.Equal(FindingState.Warning, host.Find("storage-space").State);
        host.Capture = host.Capture with { JournalRetentionBytes = (500_000L * 4096) + 100 };
        Assert.Equal(FindingState.Warning, host.Find("storage-space").State);
        host.Write("/var/lib/acct-exporter/journal/1.journal", new string('x', 100));
        Assert.Equal(FindingState.Ok, host.Find("storage-space").State);
    }

    [Fact]
    public void NoInodes_IsAFailure()
    {
        host.Space(500_000, files: 0);
        var finding = host.Find("storage-inodes");
        Assert.Equal(FindingState.Failure, finding.State);
        Assert.StartsWith("du --inodes", Assert.Single(finding.Mend));
    }

    [Fact]
    public void DirectoryThatMayNotBeWritten_IsAFailure()
    {
        host.View = host.View with
        {
            ErrnoOfMaking = path => path.EndsWith("/var/lib", StringComparison.Ordinal) ? Errno.EACCES : 0,
        };
        var finding = host.Find("storage-path");
        Assert.Equal(FindingState.Failure, finding.State);
        Assert.Contains("/var/lib/acct-exporter (ext4, to be made in /var/lib)", finding.What);
        Assert.Contains("install -d -m 0750", finding.Mend[0]);
        Assert.Equal(FindingState.Ok, host.Find("accounting-path").State);
    }

    [Theory]
    [InlineData("tmpfs", "ro", "failure", "mount -o remount,rw /run")]
    [InlineData("proc", "rw", "failure", "--accounting.path=/run/acct-exporter")]
    [InlineData("nfs4", "rw", "warning", "mount -t tmpfs")]
    [InlineData("fuse.sshfs", "rw", "warning", "mount -t tmpfs")]
    [InlineData("tmpfs", "rw", "ok", "")]
    public void FileSystem_OfTheSegments_IsOneThatTheKernelWritesTo(
        string kind, string options, string state, string mend)
    {
        host.Mounts($"24 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 24 0:25 / /run rw - {kind} x {options}\n");
        var finding = host.Find("accounting-path");
        Assert.Equal(state, ExaminationJson.NameOf(finding.State));
        Assert.Contains(mend, string.Join('\n', finding.Mend));
    }

    [Fact]
    public void FileOnTheWay_IsNoDirectory()
    {
        host.Write("/var/lib/acct-exporter", "a file");
        Assert.Contains("is no directory", host.Find("storage-path").What);
    }

    [Fact]
    public void FileThatIsWritten_IsSomebodysAccounting()
    {
        const string pacct = "/var/log/account/pacct";
        host.Write(pacct, "");
        Assert.Equal(FindingState.Ok, host.Find("accounting-in-use").State);
        using var writer = File.OpenHandle(
            host.View.PathOf(pacct), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

        var refused = host.Find("accounting-in-use");
        Assert.Equal(FindingState.Failure, refused.State);
        Assert.Contains($"acct-exporter serve --source={pacct}", refused.Mend);
        Assert.Contains("acct-exporter serve --accounting.follow-active", refused.Mend);
        Assert.Equal("The agent will not start: accounting-in-use.", host.Examine().Verdict);

        host.Options = host.Options with { Capture = host.Options.Capture with { FollowActive = true } };
        Assert.Equal(FindingState.Note, host.Find("accounting-in-use").State);
        host.Capture = host.Capture with { TakeOver = true };
        Assert.Equal(FindingState.Warning, host.Find("accounting-in-use").State);
    }

    [Theory]
    [InlineData("psacct.service", "/usr/lib/systemd/system", "other-psacct", "systemctl disable --now psacct")]
    [InlineData("acct.service", "/lib/systemd/system", "other-acct", "systemctl disable --now acct")]
    [InlineData("atopacct.service", "/lib/systemd/system", "other-atop", "systemctl disable --now atopacct")]
    public void UnitOfAnother_IsANoteWhenInstalled_AndAWarningWhenEnabled(
        string unit, string directory, string id, string mend)
    {
        host.Write($"{directory}/{unit}", "[Unit]\n");
        Assert.Equal(FindingState.Note, host.Find(id).State);
        host.Link($"/etc/systemd/system/multi-user.target.wants/{unit}", $"{directory}/{unit}");
        var finding = host.Find(id);
        Assert.Equal(FindingState.Warning, finding.State);
        Assert.Contains(mend, finding.Mend);
        host.Link($"/etc/systemd/system/{unit}", "/dev/null");
        Assert.Equal(FindingState.Note, host.Find(id).State);
    }

    [Theory]
    [InlineData("atopacctd", "other-atop", "warning", "systemctl disable --now atopacct")]
    [InlineData("pmdaproc", "other-pcp", "note", "pmstore acct.control.enable_acct 0")]
    public void ProcessOfAnother_IsSeen(string process, string id, string state, string mend)
    {
        Assert.Equal(FindingState.Ok, host.Find("other-programs").State);
        host.Write("/proc/4711/comm", process + "\n");
        var finding = host.Find(id);
        Assert.Equal(state, ExaminationJson.NameOf(finding.State));
        Assert.Contains(mend, finding.Mend);
    }

    [Theory]
    [InlineData("/etc/cron.daily/acct", "chmod -x /etc/cron.daily/acct")]
    [InlineData("/etc/logrotate.d/psacct", "mv /etc/logrotate.d/psacct /root/")]
    public void RotationOfAnother_IsAWarning(string path, string mend)
    {
        host.Write(path, "");
        var finding = host.Find("other-rotation");
        Assert.Equal(FindingState.Warning, finding.State);
        Assert.Contains(mend, finding.Mend);
    }

    [Fact]
    public void AgentThatRuns_IsNamed_AndItsAddressIsNoFault()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        var port = ((IPEndPoint)server.LocalEndPoint!).Port;
        host.Options = host.Options with { Listen = [new("x", [new(IPAddress.Loopback, port)])] };
        var taken = host.Find("listen-address");
        Assert.Equal(FindingState.Failure, taken.State);
        Assert.Contains($"ss -ltnp 'sport = :{port}'  # says which: end it", taken.Mend);

        Directory.CreateDirectory(host.View.PathOf("/var/lib/acct-exporter"));
        using (AccountingLock.TryTake(host.View.PathOf("/var/lib/acct-exporter/lock"), out _))
        {
            var agent = host.Find("agent");
            Assert.Equal(FindingState.Note, agent.State);
            Assert.Contains($"process {Environment.ProcessId}", agent.What);
            Assert.Equal(FindingState.Note, host.Find("listen-address").State);
            Assert.StartsWith("An agent runs here already", host.Examine().Verdict);
        }

        Assert.Equal(FindingState.Ok, host.Find("agent").State);
        server.Close();
        Assert.Equal(FindingState.Ok, host.Find("listen-address").State);
    }

    [Fact]
    public void AddressOfAnotherHost_IsAFailure()
    {
        host.Options = host.Options with { Listen = [new("192.0.2.1:98", [new(IPAddress.Parse("192.0.2.1"), 98)])] };
        Assert.Contains("ip -brief address  # those there are", host.Find("listen-address").Mend);
    }

    /// <summary>Following takes no right, and its faults are those of the file.</summary>
    [Fact]
    public void Source_MakesFaultsOfSwitchingNone()
    {
        host.Rights(65534, "0000000000000000");
        host.Namespace("user", 4026532300);
        host.Delete("/proc/sys/kernel/acct");
        host.Space(0);
        host.View = host.View with { SpaceOf = path =>
            new FreeSpace(path.EndsWith("/run", StringComparison.Ordinal) ? 0UL : 500_000, 1_000_000, 4096) };
        Assert.False(host.Examine().Works);
        host.Capture = host.Capture with { SourceFile = "/var/log/account/pacct" };
        Assert.Equal("The agent will not start: source-file.", host.Examine().Verdict);
        host.Write("/var/log/account/pacct", "");
        Assert.True(host.Examine().Works);
        Assert.Equal(FindingState.Warning, host.Find("source-file").State);
        using var writer = File.OpenHandle(
            host.View.PathOf("/var/log/account/pacct"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        Assert.Equal(FindingState.Ok, host.Find("source-file").State);
        Assert.Equal(
            "The agent will count every exit that comes to /var/log/account/pacct, with true CPU time, names and I/O.",
            host.Examine().Verdict);
    }
}
