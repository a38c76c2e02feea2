// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using AcctExporter.Tests.Suite;

namespace AcctExporter.Tests.RealSystem;

/// <summary>What a user's processes took, as wait4(2) and the processes themselves say.</summary>
/// <param name="Processes">How many ended.</param>
/// <param name="CpuSeconds">All of them.</param>
/// <param name="Kib">The address space of one, the largest.</param>
internal readonly record struct Worked(int Processes, double CpuSeconds, double Kib)
{
    /// <summary>
    /// What a report may say: the kernel's records have user and system time apart, by the samples of the tick, cut
    /// down to 10 ms.
    /// </summary>
    public (double Low, double High) Range => (CpuSeconds - (Processes * 0.03), CpuSeconds + (Processes * 0.01));
}

/// <summary>
/// A day in small: users that work, somebody who logs in, a printed job, a fee, and files; and what all this came to,
/// known from outside of the program under test.
/// </summary>
internal sealed class SmallDay : IDisposable
{
    /// <summary>Pages of the job that daemon prints.</summary>
    public const int Pages = 4;

    /// <summary>The fee of daemon.</summary>
    public const double Fee = 12.5;

    /// <summary>bash computes for a while, and says how large it is.</summary>
    private const string Script = """
        for ((i = 0; i < 300000; i++)); do :; done
        while read -r name kib _; do [[ $name != VmSize: ]] || echo "VM $kib" >&2; done < /proc/$$/status
        """;

    private readonly CupsServer cups = new();

    public SmallDay()
    {
        Lab.Inside.RunBeside("mount", "-t", "tmpfs", "logs", "/var/log");
        foreach (var name in (string[])["wtmp", "btmp", "lastlog"])
        {
            File.WriteAllText(Lab.Inside.PathOf($"/var/log/{name}"), "");
        }

        var year = DateTime.Now.Year;
        File.WriteAllText(Lab.Of("holidays"), $"  {year}  0800  1800\n12/25 Christmas\n");
        // This was printed before anybody counted.
        cups.Print(CupsServer.Laser, "daemon", "earlier", "one\ntwo\n");
        CupsServer.Until(() => File.Exists(cups.PageLog) && new FileInfo(cups.PageLog).Length > 0);
    }

    /// <summary>The namespace.</summary>
    public FaultLab Lab { get; } = new();

    /// <summary>What user 1 did.</summary>
    public Worked Daemon { get; private set; }

    /// <summary>What user 65534 did.</summary>
    public Worked Nobody { get; private set; }

    /// <summary>Seconds that root was logged in: at least, and at most.</summary>
    public (double Low, double High) LoggedIn { get; private set; }

    /// <summary>Where root was logged in.</summary>
    public string Line { get; private set; } = "";

    /// <summary>Bytes of files by du(1), which counts each of two links once.</summary>
    public (double Daemon, double Nobody) Disk { get; private set; }

    /// <summary>When it began.</summary>
    public DateTime Began { get; } = DateTime.Now;

    /// <summary>The flags of an agent that sees it all.</summary>
    public string[] Flags => [$"--suite.page-log={cups.PageLog}", "--suite.groups=true", .. Holidays];

    /// <summary>Prime time.</summary>
    public string[] Holidays => [$"--logins.holidays={Lab.Of("holidays")}"];

    /// <summary>Does it all.</summary>
    /// <param name="seconds">How long somebody is logged in.</param>
    public void Do(int seconds)
    {
        cups.Print(CupsServer.Laser, "daemon", "a job", "one\ntwo\nthree\nfour\n");
        var before = Stopwatch.StartNew();
        using var login = LogIn();
        var inside = Stopwatch.StartNew();
        Daemon = Work(1, 3);
        Nobody = Work(65534, 2);
        Command("chargefee", "daemon", "12.5");
        MakeTree();
        Command("dodisk", Lab.Of("tree"));
        Thread.Sleep(Math.Max(0, (seconds * 1000) - (int)inside.ElapsedMilliseconds));
        var low = inside.Elapsed.TotalSeconds;
        login.StandardInput.WriteLine();
        Assert.Equal("out", login.StandardOutput.ReadLine());
        login.WaitForExit();
        LoggedIn = (low, before.Elapsed.TotalSeconds);
        // Pages of both jobs: that of before, which nobody is charged for, and this one.
        CupsServer.Until(() => File.ReadLines(cups.PageLog).Count() >= 2 || File.Exists(cups.PageLog + ".O"));
    }

    /// <summary>A command of ours, as root: its own end is one of root's processes, and of nobody else's.</summary>
    public string Command(string name, params string[] arguments) =>
        Lab.Inside.Run(AgentProcess.Program, [name, .. arguments, Storage]);

    /// <summary>The same for its exit code.</summary>
    public int Code(string name, params string[] arguments) => int.Parse(
        Lab.Inside.Run(
            "sh",
            ["-c", "\"$@\" >/dev/null 2>&1; echo $?", "sh", AgentProcess.Program, name, .. arguments, Storage]),
        CultureInfo.InvariantCulture);

    /// <summary>
    /// Processes of a user that compute for a while. Nobody interrupts them: of a process that is interrupted often
    /// samples of the tick tell little.
    /// </summary>
    public Worked Work(int uid, int count)
    {
        // burn keeps what they say on standard output for itself.
        var said = Lab.Inside.Run(
            "sh", "-c", "exec \"$@\" 2>&1", "sh", Tools.Burn, "--count", $"{count}", "--", "chrt", "--fifo", "1",
            "setpriv", $"--reuid={uid}", $"--regid={uid}", "--clear-groups", "bash", "-c", Script)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Where(words => words[0] != "total").ToArray();
        var ended = said.Where(words => words[0] != "VM").ToArray();
        Assert.Equal((count, count), (ended.Length, said.Length - ended.Length));
        return new(
            count, ended.Sum(words => Number(words[1]) + Number(words[2])) / 1e6,
            said.Where(words => words[0] == "VM").Max(words => Number(words[1])));
    }

    public void Dispose()
    {
        Lab.Dispose();
        cups.Dispose();
    }

    private string Storage => $"--storage.path={Lab.Of("storage")}";

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private Process LogIn()
    {
        var start = new ProcessStartInfo("nsenter", ["-t", $"{Lab.Inside.FirstPid}", "-m", "--", Tools.PtyLogin])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        var login = Process.Start(start)!;
        Line = login.StandardOutput.ReadLine()?.Split(' ')[0] ?? "";
        Assert.StartsWith("pts/", Line, StringComparison.Ordinal);
        return login;
    }

    /// <summary>Files of two users, one with two names.</summary>
    private void MakeTree()
    {
        Directory.CreateDirectory(Lab.Of("tree/d"));
        File.WriteAllBytes(Lab.Of("tree/d/large"), new byte[1_000_000]);
        File.WriteAllBytes(Lab.Of("tree/small"), new byte[5_000]);
        Lab.Inside.RunBeside("ln", Lab.Of("tree/d/large"), Lab.Of("tree/again"));
        Lab.Inside.RunBeside("chown", "-R", "1:1", Lab.Of("tree"));
        Lab.Inside.RunBeside("chown", "65534:65534", Lab.Of("tree/small"));
        var small = Du(Lab.Of("tree/small"));
        Disk = (Du(Lab.Of("tree")) - small, small);
    }

    private double Du(string path) => Number(Lab.Inside.RunBeside("du", "-s", "-B1", path).Split('\t')[0]);
}
