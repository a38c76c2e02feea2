// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using AcctExporter.Tests.Reports;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// The process reports as people use them: an agent counts processes whose number, owner and end are known, and each
/// report shows them from the journal while it runs. With the kernel's own figures it is GNU's report, byte for byte.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class ProcessReportTests : IDisposable
{
    private const int Burns = 3;
    private const int BurnMicroseconds = 100_000;

    /// <summary>7 of true, 2 of false as nobody, a killed and a failed shell, burn and its children.</summary>
    private const int Exits = 7 + 2 + 2 + 1 + Burns;

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void EachReport_ShowsFromTheJournal_WhatEnded()
    {
        var burnt = Spawn();

        var commands = Rows("sa", "--by", "command", "--sort", "calls", "--top", "9", "--format", "csv");
        Assert.Equal(
            [("true", 7, 0, 0), ("burn", Burns + 1, 0, 0), ("false", 2, 2, 0), ("sh", 2, 1, 1)],
            commands.Select(row => (row["command"], Whole(row, "calls"), Whole(row, "failures"), Whole(row, "signals")))
                .OrderByDescending(row => row.Item2).ThenBy(row => row.Item1, StringComparer.Ordinal));
        var children = Rows("sa", "--by", "command,forked_without_exec", "--command", "burn", "--format", "csv")
            .Single(row => row["forked_without_exec"] == "true");
        Assert.Equal(Burns, Whole(children, "calls"));
        // Without taskstats it is what the kernel wrote: samples of its tick, above or below wait4(2).
        var ticks = Outside(ClassicTool.DumpAcct, lab.Segments().Single()).Split('\n')
            .Where(line => line.StartsWith("burn ", StringComparison.Ordinal)).Select(line => line.Split('|'))
            .Where(fields => fields[11].Contains('F', StringComparison.Ordinal))
            .Sum(fields => double.Parse(fields[2], Invariant) + double.Parse(fields[3], Invariant));
        Assert.Equal(ticks / 100, Number(children, "cpu_seconds"), 6);
        Assert.InRange(Number(children, "cpu_seconds"), burnt / 2, burnt * 2);
        Assert.Equal(
            [("nobody", 2), ("root", Exits - 2)],
            Rows("sa", "-m", "--format", "csv").Select(row => (row["user"], Whole(row, "calls"))).Order());
        Assert.Equal(2, Table("sa", "--by", "user,command", "--top", "1").Length);

        Assert.Equal(Exits, Table("lastcomm").Length);
        Assert.StartsWith("sh ", Table("lastcomm", "--signal", "KILL").Single(), StringComparison.Ordinal);
        Assert.Equal("7", Rows("lastcomm", "--exit-code", "7", "--format", "csv").Single()["exit_code"]);
        Assert.Equal(2, Table("lastcomm", "nobody").Length);
        Assert.Equal(Exits, Table("dump-acct").Length);

        Assert.Equal(Exits, Table("acctcom", "-v").Length);
        Assert.Equal(2, Table("acctcom", "-v", "-u", "nobody").Length);
        var summary = Table("acctcms", "-a").Select(Words).ToArray();
        Assert.Contains(summary, row => row is ["TOTALS", var calls, ..] && calls == $"{Exits}");
        Assert.Contains(summary, row => row is ["true", "7", ..]);
        Assert.Equal(
            [("0", "root", Exits - 2), ("65534", "nobody", 2)],
            Table("acctprc").Select(Words).Select(row => (row[0], row[1], int.Parse(row[^4], Invariant))));
    }

    /// <summary>What the kernel wrote about I/O is none, and nobody is told that it were.</summary>
    [Fact]
    public void WhatTheKernelWroteAboutIo_IsNotShownAsIo()
    {
        lab.Serve();
        lab.Inside.Run("dd", "if=/dev/zero", $"of={lab.Of("written")}", "bs=1M", "count=4", "status=none");
        Counted(1);

        var exit = Rows("lastcomm", "--format", "csv").Single();
        Assert.Equal(("dd", "", ""), (exit["command"], exit["io_bytes"], exit["storage_bytes"]));
        Assert.Equal("", Rows("sa", "--by", "command", "--format", "csv").Single()["io_bytes"]);
        Assert.Equal(["-", "-"], Words(Table("acctcom", "-v", "-i").Single())[^2..]);
        Assert.Equal(["-", "-"], Words(Table("acctcms", "-a")[^1])[^2..]);
    }

    [Fact]
    public void WithTheKernelsFigures_EachIsGnusReport()
    {
        Spawn();
        var segment = lab.Segments().Single();
        string[][] tables =
        [
            [], ["-a"], ["-m"], ["-u"], ["-c"], ["-alt"], ["-an"], ["-ab"], ["-aj"], ["-akr"], ["-aD"], ["-ap"],
            ["-aP"],
        ];
        foreach (var options in tables)
        {
            Assert.Equal(
                Outside([ClassicTool.Sa, .. options, "-i", segment]), Report("sa", [.. options, "-i", "--raw"]));
        }

        string[][] lists = [[], ["--pid"], ["-p"], ["--user", "nobody"], ["--command", "burn", "--pid"]];
        foreach (var options in lists)
        {
            Assert.Equal(
                Outside([ClassicTool.Lastcomm, .. options, "-f", segment]),
                Report("lastcomm", [.. options, "--raw"]));
        }

        // What the kernel wrote stands in the raw records; the fields show no I/O but the true one.
        const string again = "\"$0\" dump-acct --raw --storage.path \"$1\" | \"$0\" dump-acct \"$2\" -";
        foreach (var option in (string[])["-n9999", "-r"])
        {
            Assert.Equal(
                Outside([ClassicTool.DumpAcct, option, segment]),
                Outside("/bin/sh", "-c", again, AgentProcess.Program, lab.Of("storage"), option));
        }

        Assert.Equal(Outside("/usr/bin/od", "-v", segment), Outside("/bin/sh", "-c", "\"$@\" | od -v", "sh",
            AgentProcess.Program, "dump-acct", "--raw", "--storage.path", lab.Of("storage")));
    }

    [Fact]
    public void Following_ShowsEachExitAsItComes_UntilItIsInterrupted()
    {
        lab.Serve();
        lab.Exit(2);
        Counted(2);
        using var live = Process.Start(new ProcessStartInfo(
            "env", ["--default-signal=INT", AgentProcess.Program, "lastcomm", "--follow", "--pid", "--storage.path",
                lab.Of("storage")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Assert.StartsWith("true ", Next(live), StringComparison.Ordinal);
            Assert.StartsWith("true ", Next(live), StringComparison.Ordinal);
            lab.Inside.Run("sh", "-c", "/bin/false; exit 0");
            Assert.StartsWith("false ", Next(live), StringComparison.Ordinal);
            Assert.StartsWith("sh ", Next(live), StringComparison.Ordinal);
            using (var kill = Process.Start("kill", ["-s", "INT", $"{live.Id}"]))
            {
                kill.WaitForExit();
            }

            Assert.True(live.WaitForExit(TimeSpan.FromSeconds(20)));
            Assert.Equal((0, "", ""),
                (live.ExitCode, live.StandardOutput.ReadToEnd(), live.StandardError.ReadToEnd()));
        }
        finally
        {
            if (!live.HasExited)
            {
                live.Kill();
            }
        }
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>Makes the exits under an agent; returns the CPU seconds of burn's children by wait4(2).</summary>
    private double Spawn()
    {
        lab.Serve();
        lab.Exit(7);
        var nobody = FaultLab.AsNobody;
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(1, Ended(lab.Inside.Start(nobody[0], [.. nobody[1..], "false"])));
        }

        // nsenter, outside, dies as its child does.
        Ended(lab.Inside.Start("sh", "-c", "kill -KILL $$"));
        Assert.Equal(7, Ended(lab.Inside.Start("sh", "-c", "exit 7")));
        var said = lab.Inside.Run(
            Tools.Burn, "--count", $"{Burns}", "--cpu-us", $"{BurnMicroseconds}", "--mode", "user");
        Counted(Exits);
        return double.Parse(Words(said.Trim().Split('\n')[^1])[2], Invariant) / 1e6;
    }

    private static int Ended(Process started)
    {
        using (started)
        {
            started.StandardError.ReadToEnd();
            started.WaitForExit();
            return started.ExitCode;
        }
    }

    /// <summary>Waits until the journal has them all.</summary>
    private void Counted(int exits) => Assert.True(SpinWait.SpinUntil(
        () => Report("lastcomm").Count(letter => letter == '\n') == exits, TimeSpan.FromSeconds(20)),
        $"not {exits} in the journal:\n" + Report("lastcomm"));

    private static string Next(Process live)
    {
        var line = live.StandardOutput.ReadLineAsync();
        Assert.True(line.Wait(TimeSpan.FromSeconds(20)), "no line comes");
        return line.Result ?? throw new InvalidOperationException("it ended: " + live.StandardError.ReadToEnd());
    }

    private string Report(string name, params string[] options) =>
        Outside(
        [
            "/bin/sh", "-c", "exec \"$@\" < /dev/null", "sh",
            AgentProcess.Program, name, .. options, "--storage.path", lab.Of("storage"),
        ]);

    private string[] Table(string name, params string[] options) =>
        Report(name, options).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Dictionary<string, string>[] Rows(string name, params string[] options)
    {
        var lines = Report(name, options).Split("\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.TrimEnd('\r').Split(',')).ToArray();
        return [.. lines[1..].Select(line => lines[0].Zip(line).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private static string[] Words(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static double Number(Dictionary<string, string> row, string column) => double.Parse(row[column], Invariant);

    private static int Whole(Dictionary<string, string> row, string column) => int.Parse(row[column], Invariant);

    /// <summary>Runs a program outside of the namespace, where its exit is not recorded; it must succeed.</summary>
    private static string Outside(params string[] command)
    {
        var run = ClassicTool.Run(command[0], command[1..], now: 0);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', command)} ended with {run.ExitCode}: {run.Errors}");
        return run.Text;
    }
}
