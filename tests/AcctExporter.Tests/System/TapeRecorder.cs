// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Kernel;
using AcctExporter.Tests.Capture;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Records a tape in the initial namespaces while processes run of which it knows what accounting and taskstats must
/// say: each becomes a line of <see cref="Truth"/>. Accounting of the host is off when it ends.
/// </summary>
internal sealed class TapeRecorder : IDisposable
{
    private static readonly TimeSpan PassInterval = TimeSpan.FromMilliseconds(25);

    private readonly string folder = Directory.CreateTempSubdirectory("tape").FullName;
    private readonly TaskStatsSocket socket;
    private readonly FileStream file;
    private readonly Lock truthLock = new();

    public TapeRecorder(int receiveBufferBytes)
    {
        socket = TaskStatsSocket.TryOpen(receiveBufferBytes, out var fault)
            ?? throw new InvalidOperationException(fault.Message);
        var path = Path.Combine(folder, "pacct");
        file = new FileStream(path, FileMode.Create, FileAccess.Read | FileAccess.Write, FileShare.ReadWrite);
        Assert.Equal(0, ProcessAccounting.Switch(path));
        Tape = new Tape
        {
            Family = socket.Family, PidMax = PidSpace.Max(), TickNanoseconds = SchedulerTick.Nanoseconds(),
        };
    }

    public Tape Tape { get; }

    /// <summary>Lines as Fixtures/tape/README.md says.</summary>
    public List<string> Truth { get; } = [];

    /// <summary>Makes passes until what is given has run.</summary>
    public void PassWhile(Action act, TimeSpan? interval = null)
    {
        var running = Task.Run(act);
        while (!running.Wait(interval ?? PassInterval))
        {
            Pass();
        }

        running.GetAwaiter().GetResult();
        Pass();
    }

    /// <summary>The next process gets this pid, or the next free one: sets where the kernel looks for one.</summary>
    public static void NextPid(int pid) =>
        File.WriteAllText("/proc/sys/kernel/ns_last_pid", (pid - 1).ToString(CultureInfo.InvariantCulture));

    /// <summary>A program that writes so many KiB (-1: not known) and ends with a status.</summary>
    public void Program(int writtenKib, int exitCode, string path, params string[] arguments)
    {
        var before = Stopwatch.GetTimestamp();
        using var process = Start(path, arguments);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(exitCode, process.ExitCode);
        Add(process.Id, Path.GetFileName(path), exitCode << 8, 1, writtenKib, Since(before), -1);
    }

    /// <summary>A process of many threads.</summary>
    public void Crowd(string name, int threads, int cpuMilliseconds, int writeKib, bool leaderFirst)
    {
        var before = Stopwatch.GetTimestamp();
        string[] arguments = [name, $"{threads}", $"{cpuMilliseconds}", $"{writeKib}", folder];
        using var crowd = Start(Tools.Crowd, leaderFirst ? [.. arguments, "leader-first"] : arguments);
        var said = crowd.StandardOutput.ReadToEnd().Split(' ').Select(long.Parse).ToArray();
        crowd.WaitForExit();
        Add((int)said[0], name, (int)said[3], threads + 1, threads * writeKib, Since(before), said[1] + said[2]);
    }

    /// <summary>Processes that use CPU time.</summary>
    public void Burn(int count, int cpuMicroseconds, int threads)
    {
        var before = Stopwatch.GetTimestamp();
        using var burn = Start(
            Tools.Burn, "--count", $"{count}", "--cpu-us", $"{cpuMicroseconds}", "--threads", $"{threads}");
        var lines = burn.StandardOutput.ReadToEnd().Split('\n')[..count];
        burn.WaitForExit();
        foreach (var line in lines)
        {
            var said = line.Split(' ').Select(long.Parse).ToArray();
            Add((int)said[0], "burn", 0, threads > 1 ? threads + 1 : 1, 0, Since(before), said[1] + said[2]);
        }
    }

    /// <summary>Exits as fast as they can be had, of which nothing is told but that they were.</summary>
    public static void FastStorm(int count)
    {
        using var storm = Start(Tools.Storm, "--fast", "--count", $"{count}", "--parallel", "2");
        new StormTruth().Take(storm);
    }

    /// <summary>Children of a storm, known by their parent and added up.</summary>
    public void Storm(params string[] arguments)
    {
        using var storm = Start(Tools.Storm, arguments);
        var pid = storm.Id;
        var truth = new StormTruth();
        truth.Take(storm);
        lock (truthLock)
        {
            truth.Pairs.Remove((0, Convert.ToHexStringLower("storm"u8)));
            Truth.AddRange(truth.Pairs.Select(pair =>
                $"children {pid} {pair.Key.Uid} x{pair.Key.NameHex} {pair.Value.Exits} {pair.Value.Signals}"));
        }
    }

    public void Dispose()
    {
        ProcessAccounting.Switch(null);
        socket.Dispose();
        file.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static long Now => ExitEnricher.Now(TimeProvider.System);

    private static long Since(long before) => (long)Stopwatch.GetElapsedTime(before).TotalMicroseconds;

    private static Process Start(string path, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(path, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private void Add(int pid, string name, int status, int threads, int writtenKib, long atMost, long cpu)
    {
        lock (truthLock)
        {
            Truth.Add($"process {pid} {name} {status} {threads} {writtenKib} {atMost} {cpu}");
        }
    }

    private void Pass()
    {
        var at = Now;
        var grown = new byte[(int)(file.Length - file.Position)];
        var looks = new List<TapeLook>();
        Drain(looks);
        var first = looks.Count;
        file.ReadExactly(grown);
        Drain(looks);
        var pass = new TapePass(at, grown, first);
        pass.Looks.AddRange(looks);
        Tape.Passes.Add(pass);
    }

    private void Drain(List<TapeLook> looks)
    {
        DrainStep step;
        do
        {
            var queued = socket.QueuedBytes;
            step = socket.Receive();
            var datagrams = Enumerable.Range(0, step.Count).Select(i => socket.Datagram(i).ToArray()).ToArray();
            looks.Add(new(Now, step.Result, queued, datagrams));
        }
        while (step.Result != DrainResult.Empty);
    }
}
