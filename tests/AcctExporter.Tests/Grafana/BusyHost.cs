// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using AcctExporter.Records;
using AcctExporter.Tests.Logins;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Grafana;

/// <summary>
/// The host's own accounting with an agent that sees everything there is to see: processes that end in every way,
/// taskstats with delays, control groups, logins, prints, disks, fees, a daily run, rules that drop, a limit that
/// folds, pushes that a receiver takes, until it is gone.
/// </summary>
internal sealed class BusyHost : IDisposable
{
    private readonly HostLab lab = new();
    private VictoriaServer? receiver = new();
    private readonly CancellationTokenSource end = new();
    private readonly Thread work;
    private int lines;

    /// <summary>Starts the agent and the work.</summary>
    public BusyHost()
    {
        receiver.Until(receiver.Answers, "the receiver");
        File.WriteAllText(lab.Of("holidays"), $"  {DateTime.Now.Year}  0800  1800\n12/25 Christmas\n");
        File.WriteAllBytes(lab.Of("btmp"), []);
        File.WriteAllBytes(lab.Of("wtmp"), LoginLab.Record(UtmpType.BootTime, "reboot", "~", Now - 60));
        Directory.CreateDirectory(lab.Of("tree"));
        File.WriteAllBytes(lab.Of("tree/file"), new byte[1_000_000]);
        PrintAPage();
        File.WriteAllText(lab.Of("agent.yml"),
            """
            labels: [user, command, unit]
            rules:
              - command: 'id'
                drop: true
              - exe: '(/usr)?/bin/env'
                replace: of-env
            """);
        Agent = lab.Serve(
            $"--config.file={lab.Of("agent.yml")}", "--taskstats.enable-delays", "--pairs.limit=40",
            "--logins.source=wtmp", $"--logins.wtmp={lab.Of("wtmp")}", $"--logins.btmp={lab.Of("btmp")}",
            $"--logins.holidays={lab.Of("holidays")}", $"--suite.page-log={lab.Of("page_log")}",
            "--suite.groups=true", $"--suite.daily={DateTime.Now.AddHours(-2).ToString("HH:mm", Invariant)}",
            "--log.level=info");
        work = new Thread(Work);
        work.Start();
    }

    /// <summary>The agent.</summary>
    public AgentProcess Agent { get; }

    /// <summary>A day's run, with all that a day can have.</summary>
    public void RunTheDay()
    {
        Suite("chargefee", "daemon", "12.5");
        Suite("dodisk", lab.Of("tree"));
        Suite("runacct", $"--logins.source=wtmp", $"--logins.wtmp={lab.Of("wtmp")}", "--suite.groups=true",
            $"--logins.holidays={lab.Of("holidays")}", $"--suite.page-log={lab.Of("page_log")}");
    }

    /// <summary>The close of the period: its figures are gone then, and those of the running day remain.</summary>
    public void CloseThePeriod()
    {
        Suite("monacct");
        Suite("dodisk", lab.Of("tree"));
        Suite("chargefee", "daemon", "1");
    }

    /// <summary>From here on no push is taken.</summary>
    public void EndTheReceiver()
    {
        receiver?.Dispose();
        receiver = null;
    }

    public void Dispose()
    {
        end.Cancel();
        work.Join();
        lab.Dispose();
        EndTheReceiver();
        end.Dispose();
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Some of everything, again and again, until the end.</summary>
    private void Work()
    {
        for (var turn = 0; !end.IsCancellationRequested; turn++)
        {
            Quiet(Tools.Storm, "--count", "120", "--kinds", "60", "--cores", "20");
            Quiet("sh", "-c", "for i in 1 2 3; do id >/dev/null; /usr/bin/env true; false; sh -c 'kill -KILL $$'; done");
            Quiet("dd", "if=/dev/zero", $"of={lab.Of("written")}", "bs=64k", "count=64", "conv=fsync");
            Quiet("sh", "-c", "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done");
            Append("wtmp", turn % 2 == 0
                ? LoginLab.Login("root", "pts/91", Now, Environment.ProcessId)
                : LoginLab.Logout("pts/91", Now, Environment.ProcessId));
            Append("wtmp", LoginLab.Login("daemon", "pts/92", Now, Environment.ProcessId));
            Append("btmp", LoginLab.Record(UtmpType.LoginProcess, "nobody-at-all", "ssh:notty", Now));
            PrintAPage();
            end.Token.WaitHandle.WaitOne(300);
        }
    }

    private void Append(string name, byte[] record)
    {
        using var file = new FileStream(lab.Of(name), FileMode.Append);
        file.Write(record);
    }

    private void PrintAPage()
    {
        var now = DateTime.UtcNow.ToString("dd/MMM/yyyy:HH:mm:ss", Invariant);
        File.AppendAllText(
            lab.Of("page_log"), $"laser daemon {++lines} [{now} +0000] total 2 - localhost job na_letter one-sided\n");
    }

    private void Suite(string command, params string[] arguments)
    {
        var (code, said) = Quiet(
            AgentProcess.Program, [command, .. arguments, $"--storage.path={lab.Of("storage")}"]);
        // 2: done, but something should be looked at.
        Assert.True(code is 0 or 2, $"{command}: {code} {said}");
    }

    private (int Code, string Said) Quiet(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = lab.State,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said + errors.Result);
    }
}
