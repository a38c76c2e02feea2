// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using AcctExporter.Cli;
using AcctExporter.Reports;

namespace AcctExporter.Benchmarks;

/// <summary>
/// The process reports of a large accounting file: against those of GNU acct, whose bytes they must have. Each is
/// measured in this process, once the compiler is done with it, and as a whole process; by the CPU time of all of its
/// threads, which is what one core needs, and by the clock, where it may use two.
/// </summary>
internal static class ProcessReportRows
{
    private const double MostGrowth = 1.1;

    /// <summary>Records are copied, not written as text: nothing was promised but not to be slower.</summary>
    private const double LeastRaw = 1;

    /// <summary>Sums by command and by user.</summary>
    public static IEnumerable<Finding> Sa(Workbench bench)
    {
        var (path, _) = bench.Usual();
        return new[] { "-i", "-i -a", "-i -m", "-i -acjlt" }
            .SelectMany(options => Compare(bench, Workbench.Sa(), "sa", [.. options.Split(' '), path], 4, bench.Rounds))
            .Concat(Memory(bench, "sa", "-i", "-a"));
    }

    /// <summary>Every exit, the newest first and the oldest first.</summary>
    public static IEnumerable<Finding> Lastcomm(Workbench bench)
    {
        var (path, _) = bench.Usual();
        return new[] { "-f", "--forwards -f" }
            .SelectMany(options =>
                Compare(bench, "/usr/bin/lastcomm", "lastcomm", [.. options.Split(' '), path], 5, ListRounds(bench)))
            .Concat(Memory(bench, "lastcomm", "-f"));
    }

    /// <summary>Every field of every record, and records of another version.</summary>
    public static IEnumerable<Finding> DumpAcct(Workbench bench)
    {
        var (path, _) = bench.Usual();
        string[] text = [path], raw = ["--raw", "--format", "2", path];
        return Compare(bench, "/usr/sbin/dump-acct", "dump-acct", text, 5, ListRounds(bench))
            .Concat(Compare(bench, "/usr/sbin/dump-acct", "dump-acct", raw, LeastRaw, ListRounds(bench)))
            .Concat(Memory(bench, "dump-acct"));
    }

    /// <summary>The real ones list 10 M records for 20 seconds.</summary>
    private static int ListRounds(Workbench bench) => Math.Min(bench.Rounds, 2);

    private static IEnumerable<Finding> Compare(
        Workbench bench, string peerProgram, string name, string[] words, double budget, int rounds)
    {
        var records = bench.Records;
        Check(peerProgram, name, words);
        string[] empty = [.. words[..^1], "/dev/null"];
        var best = Effort.Interleave(
            rounds,
            () => Effort.OfAllThreads(() => Run(name, words, "/dev/null")),
            () => Workbench.Measure(peerProgram, words),
            () => Workbench.Measure(Workbench.AcctExporter, [name, .. words]),
            () => Workbench.Measure(Workbench.AcctExporter, [name, .. empty]));
        var (ours, peer, process, start) = (best[0], best[1], best[2], best[3]);
        var line = $"{name} {string.Join(' ', words[..^1])}".Trim();
        yield return Finding.Faster(
            Finding.Text($"{line} of {records / 1e6:0.#} M records, CPU: {name}"),
            Rate(ours.CpuSeconds, records), Rate(peer.CpuSeconds, records), peer.CpuSeconds / ours.CpuSeconds, budget);
        yield return Finding.Faster(
            $"the process `{line}`, CPU: {name}", Rate(process.CpuSeconds, records), Rate(peer.CpuSeconds, records),
            peer.CpuSeconds / process.CpuSeconds, budget);
        yield return new Finding(
            $"`{line}` by the clock, two cores: {name}", Rate(ours.WallSeconds, records),
            Rate(peer.WallSeconds, records), Finding.Text($"{peer.WallSeconds / ours.WallSeconds:F2} x"));
        yield return new Finding(
            $"the process `{line}` by the clock, and of an empty file",
            Finding.Text($"{process.WallSeconds:F3} s, {start.WallSeconds:F3} s"),
            Finding.Text($"{peer.WallSeconds:F3} s"),
            Finding.Text($"{peer.WallSeconds / process.WallSeconds:F2} x"));
    }

    /// <summary>The most that a process has in memory, with a tenth of the records and with all.</summary>
    private static IEnumerable<Finding> Memory(Workbench bench, string name, params string[] options)
    {
        var (large, _) = bench.Usual();
        var (small, _) = bench.Small(bench.Records / 10);
        var (least, most) = (Peak([name, .. options, small]), Peak([name, .. options, large]));
        yield return new Finding(
            Finding.Text(
                $"{name}: most memory, with {bench.Records / 1e7:0.##} M records and with {bench.Records / 1e6:0.#} M"),
            Finding.Text($"{least / 1024.0:F0} MiB, {most / 1024.0:F0} MiB"), "",
            Finding.Text($"{(double)most / least:F2} of it"), Finding.Text($"at most {MostGrowth} of it"),
            most <= MostGrowth * least);
    }

    /// <summary>
    /// The highest resident size of our process in KiB, as the kernel keeps it, looked at until it ends.
    /// </summary>
    private static long Peak(string[] words)
    {
        using var child = Process.Start(new ProcessStartInfo("/bin/sh",
            ["-c", "exec \"$0\" \"$@\" > /dev/null", Workbench.AcctExporter, .. words]))!;
        var peak = 0L;
        while (!child.WaitForExit(2))
        {
            peak = Math.Max(peak, HighWater(child.Id));
        }

        return child.ExitCode == 0 && peak > 0 ? peak
            : throw new WrongResultException($"{words[0]} ends with {child.ExitCode}");
    }

    private static long HighWater(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status")
                .FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line["VmHWM:".Length..^"kB".Length].Trim());
        }
        catch (IOException)
        {
            // It is gone.
            return 0;
        }
    }

    private static void Run(string name, string[] words, string output)
    {
        using var stream = new FileStream(
            output, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Run(name, words, stream);
    }

    private static void Run(string name, string[] words, Stream output)
    {
        var io = new ReportIo(Stream.Null, output, Console.Error, TimeProvider.System);
        var root = new RootCommand { Applets.Called(io, name, [])! };
        var parsed = SettingFlags.Parse(root, Applets.Arguments(root, name, words));
        if (parsed.Errors.Count > 0 || parsed.Invoke() != 0)
        {
            throw new WrongResultException($"{name} {string.Join(' ', words)} fails");
        }
    }

    /// <summary>Both write the same bytes.</summary>
    private static void Check(string peerProgram, string name, string[] words)
    {
        using var theirs = SHA256.Create();
        using var ours = SHA256.Create();
        using (var peer = Process.Start(new ProcessStartInfo(peerProgram, words)
        {
            RedirectStandardOutput = true,
            Environment = { ["LC_ALL"] = "C" },
        })!)
        using (var hashed = new CryptoStream(Stream.Null, theirs, CryptoStreamMode.Write))
        {
            peer.StandardOutput.BaseStream.CopyTo(hashed);
            peer.WaitForExit();
        }

        using (var hashed = new CryptoStream(Stream.Null, ours, CryptoStreamMode.Write))
        {
            Run(name, words, hashed);
        }

        if (!theirs.Hash!.AsSpan().SequenceEqual(ours.Hash))
        {
            throw new WrongResultException($"{name} {string.Join(' ', words)} and the real one write other bytes");
        }

        Console.WriteLine($"  {name} {string.Join(' ', words[..^1])}: the same bytes, "
            + $"SHA-256 {Convert.ToHexString(ours.Hash!)[..12]}...");
    }

    private static string Rate(double seconds, long records) =>
        Finding.Text($"{seconds:F3} s = {records / seconds / 1e6:F1} M/s");
}
