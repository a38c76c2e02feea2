// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Doctor;
using AcctExporter.Kernel;
using AcctExporter.Tests.Capture;

namespace AcctExporter.Tests.Doctor;

/// <summary>One thing is amiss on a made-up host: what is found, and which command is given.</summary>
public class FindingsTests
{
    private const string KernelConfigFile = "/boot/config-6.1.0-42-amd64";

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["no accounting in the kernel"] = new(host => host.Delete("/proc/sys/kernel/acct"),
            "kernel-accounting", FindingState.Failure, "CONFIG_BSD_PROCESS_ACCT=y"),
        ["no /proc/sys and no config"] = new(
            host =>
            {
                Directory.Delete(host.View.PathOf("/proc/sys"), recursive: true);
                host.Delete(KernelConfigFile);
            },
            "kernel-accounting", FindingState.Unknown, "mount -t proc proc /proc"),
        ["records of version 2"] = new(
            host => host.Write(KernelConfigFile, "# CONFIG_BSD_PROCESS_ACCT_V3 is not set\n"),
            "kernel-record-version", FindingState.Warning, "CONFIG_BSD_PROCESS_ACCT_V3=y"),
        ["no config to read"] = new(host => host.Delete(KernelConfigFile),
            "kernel-record-version", FindingState.Unknown),
        ["taskstats without I/O"] = new(
            host => host.Write(KernelConfigFile, "CONFIG_TASKSTATS=y\nCONFIG_TASK_XACCT=y\n"),
            "kernel-taskstats", FindingState.Warning, "CONFIG_TASK_IO_ACCOUNTING=y"),
        ["no process events"] = new(host => host.Write(KernelConfigFile, "CONFIG_CONNECTOR=y\n"),
            "kernel-process-events", FindingState.Warning, "CONFIG_PROC_EVENTS=y"),
        ["delays off"] = new(host => host.Write("/proc/sys/kernel/task_delayacct", "0\n"),
            "kernel-delays", FindingState.Note, "sysctl kernel.task_delayacct=1"),
        ["nobody"] = new(host => host.Rights(65534, "0000000000000000"),
            "right-accounting", FindingState.Failure, "sudo acct-exporter serve"),
        ["root without SYS_PACCT"] = new(host => host.Lacks(Capabilities.SysPacct),
            "right-accounting", FindingState.Failure, "CapabilityBoundingSet=CAP_SYS_PACCT CAP_NET_ADMIN"),
        ["container without SYS_PACCT"] = new(
            host =>
            {
                host.Lacks(Capabilities.SysPacct);
                host.Container();
                host.Write("/.dockerenv", "");
            },
            "right-accounting", FindingState.Failure, "docker run --cap-add SYS_PACCT ..."),
        ["pod without SYS_PACCT"] = new(
            host =>
            {
                host.Lacks(Capabilities.SysPacct);
                host.Container();
                host.View = host.View with { Variable = name => name == "KUBERNETES_SERVICE_HOST" ? "10.0.0.1" : null };
            },
            "right-accounting", FindingState.Failure, "securityContext: {capabilities: {add: [SYS_PACCT]}}"),
        ["machine whose disk was an image"] = new(
            host =>
            {
                host.Lacks(Capabilities.SysPacct);
                host.Write("/.dockerenv", "");
            },
            "right-accounting", FindingState.Failure, "systemctl restart acct-exporter"),
        ["no NET_ADMIN"] = new(host => host.Lacks(Capabilities.NetAdmin),
            "right-taskstats", FindingState.Warning, "CAP_NET_ADMIN"),
        ["no DAC_READ_SEARCH"] = new(host => host.Lacks(Capabilities.DacReadSearch, uid: 999),
            "right-read", FindingState.Note, "usermod --append --groups adm acct-exporter"),
        ["no SYS_PTRACE"] = new(host => host.Lacks(Capabilities.SysPtrace),
            "right-ptrace", FindingState.Note, "CAP_SYS_PTRACE"),
        ["user namespace"] = new(
            host =>
            {
                host.Namespace("user", 4026532300);
                host.Write("/proc/self/uid_map", "         0       1000          1\n");
            },
            "namespace-user", FindingState.Failure, "sudo acct-exporter serve"),
        ["user namespace, number unknown"] = new(
            host =>
            {
                host.Delete("/proc/self/ns/user");
                host.Write("/proc/self/uid_map", "         0       1000          1\n");
            },
            "namespace-user", FindingState.Failure, "PrivateUsers=no"),
        ["PID namespace"] = new(host => host.Namespace("pid", 4026532301),
            "namespace-pid", FindingState.Warning, "docker run --pid=host ..."),
        ["network namespace"] = new(host => host.Namespace("net", 4026532302, first: 4026531840),
            "namespace-network", FindingState.Warning, "PrivateNetwork=no"),
        ["network namespace of a hidden host"] = new(
            host =>
            {
                host.Namespace("net", 4026532302);
                host.Delete("/proc/1/ns/net");
            },
            "namespace-network", FindingState.Unknown),
        ["network namespace since 6.18"] = new(
            host =>
            {
                host.Namespace("net", 4026531840);
                host.Delete("/proc/1/ns/net");
                host.Write("/proc/sys/kernel/osrelease", "6.18.2-arch1-1\n");
            },
            "namespace-network", FindingState.Warning, "--network=host"),
        ["mount namespace"] = new(host => host.Namespace("mnt", 4026532303, first: 4026531841),
            "namespace-mount", FindingState.Warning, "PrivateTmp=no"),
        ["mount namespace with a way out"] = new(
            host =>
            {
                host.Namespace("mnt", 4026532303, first: 4026531841);
                host.View = host.View with { WhyAccountingEnds = _ => null };
            },
            "namespace-mount", FindingState.Note),
        ["mount namespace of process 1 hidden"] = new(
            host =>
            {
                host.Lacks(Capabilities.SysPtrace);
                host.Delete("/proc/1/ns/mnt");
                host.Write("/proc/self/mountinfo", "400 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n");
            },
            "namespace-mount", FindingState.Warning, "CAP_SYS_PTRACE"),
        ["mounts of process 1 hidden"] = new(
            host =>
            {
                host.Delete("/proc/1/ns/mnt");
                host.Delete("/proc/1/mountinfo");
            },
            "namespace-mount", FindingState.Unknown, "CAP_SYS_PTRACE"),
        ["time namespace"] = new(host => host.Namespace("time", 4026532304),
            "namespace-time", FindingState.Note, "unshare --time"),
        ["another answers"] = new(host => host.View = host.View with
            {
                AskTaskStats = _ => new(new(TaskStatsObstacle.OtherNetworkNamespace, 0), 0, 0),
            },
            "taskstats", FindingState.Warning, "hostNetwork: true"),
        ["taskstats demanded and refused"] = new(
            host =>
            {
                host.Capture = host.Capture with { TaskStats = TaskStatsMode.On };
                host.View = host.View with { AskTaskStats = _ => new(TaskStatsFault.OfRegistering(Errno.EPERM), 0, 0) };
            },
            "taskstats", FindingState.Failure, "CAP_NET_ADMIN"),
        ["taskstats off"] = new(host => host.Capture = host.Capture with { TaskStats = TaskStatsMode.Off },
            "taskstats", FindingState.Note, "--taskstats.mode=auto"),
        ["small buffer"] = new(host => host.View = host.View with { AskTaskStats = _ => new(default, 14, 425_984) },
            "taskstats-buffer", FindingState.Warning, "sysctl net.core.rmem_max=33554432"),
        ["connector silent"] = new(host => host.View = host.View with
            {
                AskConnector = () => new(ProcessConnectorObstacle.Silent, 0),
            },
            "process-connector", FindingState.Warning, "hostPID: true"),
        ["no wtmp"] = new(host => host.Delete("/var/log/wtmp"), "login-wtmp", FindingState.Note, "/var/log/wtmp"),
        ["told of another wtmp"] = new(host => host.Options = host.Options with { Sessions = ["/srv/wtmp"] },
            "login-wtmp", FindingState.Note, "/dev/null /srv/wtmp"),
        ["told of another btmp"] = new(host => host.Options = host.Options with { FailedLogins = ["/srv/btmp"] },
            "login-btmp", FindingState.Note),
        ["wall clock of 1970"] = new(host => host.View = host.View with
            {
                Clock = new FixedClock { Now = DateTimeOffset.UnixEpoch },
            },
            "clock-wall", FindingState.Failure, "date --set="),
        ["nobody keeps the clock"] = new(
            host => host.View = host.View with { ReadClock = () => ClockState.NotSynchronized },
            "clock-synchronized", FindingState.Note, "systemctl enable --now systemd-timesyncd"),
        ["monotonic clock ahead"] = new(host => host.Write("/proc/uptime", "1.00 1.00\n"),
            "clock-monotonic", FindingState.Warning, "unshare --time"),
        ["user without a name"] = new(host => host.View = host.View with { KnowsUser = _ => false },
            "names", FindingState.Warning, "/etc/passwd"),
        ["few pids"] = new(host => host.Write("/proc/sys/kernel/pid_max", "32768\n"),
            "limit-pids", FindingState.Note, "sysctl kernel.pid_max=4194304"),
        ["few open files"] = new(
            host => host.Write("/proc/self/limits", "Max open files            256     524288   files\n"),
            "limit-open-files", FindingState.Warning, "ulimit -n 1024"),
        ["SELinux"] = new(
            host =>
            {
                host.Write("/sys/fs/selinux/enforce", "1");
                host.Write("/proc/self/attr/current", "system_u:system_r:init_t:s0\0");
            },
            "confinement", FindingState.Note, "ausearch -m avc -c acct-exporter"),
        ["AppArmor"] = new(
            host =>
            {
                host.Write("/sys/module/apparmor/parameters/enabled", "Y\n");
                host.Write("/proc/self/attr/current", "docker-default (enforce)\n");
            },
            "confinement", FindingState.Note, "apparmor=unconfined"),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Host_WithOneThingAmiss_HasTheFindingAndTheMend(string name)
    {
        var row = Rows[name];
        using (var good = new MadeUpHost())
        {
            // The finding is of what was changed: without it, all is well there.
            Assert.DoesNotContain(good.Examine().Findings, finding => finding.Id == row.Id
                && finding.State != FindingState.Ok);
        }

        using var host = new MadeUpHost();
        row.Change(host);
        var finding = host.Find(row.Id);
        Assert.Equal(row.State, finding.State);
        Assert.EndsWith(".", finding.What);
        if (row.Mend.Length > 0)
        {
            Assert.Contains(row.Mend, string.Join('\n', finding.Mend));
        }

        Assert.Equal(row.State != FindingState.Failure, host.Examine().Works);
    }

    private sealed record Row(Action<MadeUpHost> Change, string Id, FindingState State, string Mend = "");
}
