// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Doctor;
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Doctor;

/// <summary>
/// A host made up of files in a temporary directory: Debian 12, root, nothing amiss. A test changes one thing.
/// </summary>
internal sealed class MadeUpHost : IDisposable
{
    private const string AllCapabilities = "000001ffffffffff";

    private readonly TemporaryDirectory temporary = new();

    public MadeUpHost()
    {
        View = new HostView
        {
            Root = temporary.Path,
            SpaceOf = _ => new FreeSpace(500_000, 1_000_000, 4096) { Files = 100_000, FilesAvailable = 90_000 },
            ErrnoOfMaking = _ => 0,
            WhyAccountingEnds = _ => "it lies on a mount that the host does not have.",
            AskTaskStats = asked => new(default, 14, asked * 2),
            AskConnector = () => default,
            KnowsUser = _ => true,
            ReadClock = () => ClockState.Synchronized,
            Variable = _ => null,
        };
        Write("/proc/sys/kernel/osrelease", "6.1.0-42-amd64\n");
        Write("/proc/sys/kernel/acct", "4\t2\t30\n");
        Write("/proc/sys/kernel/task_delayacct", "1\n");
        Write("/proc/sys/kernel/pid_max", "4194304\n");
        Write("/proc/uptime", "99999999.50 1.00\n");
        Write("/boot/config-6.1.0-42-amd64", """
            CONFIG_BSD_PROCESS_ACCT=y
            CONFIG_BSD_PROCESS_ACCT_V3=y
            CONFIG_TASKSTATS=y
            CONFIG_TASK_DELAY_ACCT=y
            CONFIG_TASK_XACCT=y
            CONFIG_TASK_IO_ACCOUNTING=y
            CONFIG_CONNECTOR=y
            CONFIG_PROC_EVENTS=y
            """);
        Rights(0, AllCapabilities);
        Write("/proc/self/uid_map", "         0          0 4294967295\n");
        Write("/proc/self/cgroup", "0::/system.slice/ssh.service\n");
        Write("/proc/self/limits", "Limit    Soft Hard Units\nMax open files            1024     524288   files\n");
        Mounts("24 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
            + "30 24 0:25 / /run rw,nosuid shared:2 - tmpfs tmpfs rw,size=800m\n");
        Namespace("pid", 4026531836);
        Namespace("net", 4026531840);
        Namespace("mnt", 4026531841);
        Namespace("user", 4026531837);
        Namespace("time", 4026531834);
        Directory.CreateDirectory(View.PathOf("/run"));
        Directory.CreateDirectory(View.PathOf("/var/lib"));
        Write("/var/log/wtmp", "x");
        Write("/var/log/btmp", "x");
        Write("/var/log/lastlog", "x");
        Write("/run/utmp", "x");
        Write("/etc/nsswitch.conf", "passwd:         files sss\n");
        Write("/etc/timezone", "Europe/Berlin\n");
    }

    public HostView View { get; set; }

    public DoctorOptions Options { get; set; } = new() { Labels = OptionalLabels.Unit };

    /// <summary>Changes what the agent is told of capture.</summary>
    public CaptureOptions Capture
    {
        get => Options.Capture;
        set => Options = Options with { Capture = value };
    }

    public Examination Examine() => Examination.Of(View, Options);

    public Finding Find(string id) => Assert.Single(Examine().Findings, finding => finding.Id == id);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(View.PathOf(path))!);
        File.WriteAllText(View.PathOf(path), text);
    }

    public void Delete(string path) => File.Delete(View.PathOf(path));

    public void Rights(int uid, string effective) =>
        Write("/proc/self/status", $"Name:\tdoctor\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\nCapEff:\t{effective}\n");

    /// <summary>All rights but one.</summary>
    public void Lacks(int capability, int uid = 0) =>
        Rights(uid, (0x1ffffffffff & ~(1L << capability)).ToString("x16"));

    public void Mounts(string table)
    {
        Write("/proc/self/mountinfo", table);
        Write("/proc/1/mountinfo", table);
    }

    /// <summary>The namespace of this process; of process 1 too, unless that is given.</summary>
    public void Namespace(string kind, long number, long? first = null)
    {
        Link($"/proc/self/ns/{kind}", $"{kind}:[{number}]");
        Link($"/proc/1/ns/{kind}", $"{kind}:[{first ?? number}]");
    }

    public void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(View.PathOf(path))!);
        File.Delete(View.PathOf(path));
        File.CreateSymbolicLink(View.PathOf(path), target);
    }

    public void Space(ulong free, ulong blocks = 1_000_000, ulong files = 90_000) => View = View with
    {
        SpaceOf = _ => new FreeSpace(free, blocks, 4096) { Files = 100_000, FilesAvailable = files },
    };

    /// <summary>A container in the host's PID namespace: its root is another.</summary>
    public void Container() =>
        Write("/proc/self/mountinfo", "700 600 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/a\n");

    public void Dispose() => temporary.Dispose();
}
