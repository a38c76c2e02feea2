// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AcctExporter.Benchmarks;

/// <summary>
/// The agent for as long as one likes, at a steady rate of real exits, scraped as Prometheus scrapes it: does it count
/// each one, and does anything of it grow? In a PID namespace of its own; with <c>--host</c> it takes this host's
/// accounting, and has taskstats.
/// </summary>
internal static class SteadyRun
{
    private const string Usage = "usage: --steady MINUTES [--rate EXITS_A_SECOND] [--host] [--agent PROGRAM]";

    /// <summary>As many KiB a minute are 45 MiB a day.</summary>
    private const double SteepestKibibytes = 32;

    /// <summary>A line through fewer minutes is noise.</summary>
    private const int FewestMinutes = 10;

    private static readonly TimeSpan ScrapeInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromSeconds(10);

    /// <summary>A name of our own: on the host others end, too.</summary>
    private static readonly string Command = $"steady-{Environment.ProcessId}";

    /// <summary>Runs it; returns the exit code: 0 when nothing is missing and nothing grows.</summary>
    public static int Run(string[] args)
    {
        if (Number(args, "--steady", 0) is not (> 0 and var minutes)
            || Number(args, "--rate", 500) is not (> 0 and var rate))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            Console.Error.WriteLine("--steady switches process accounting on, which takes root");
            return 1;
        }

        var program = Array.IndexOf(args, "--agent") is >= 0 and var at && at + 1 < args.Length
            ? Path.GetFullPath(args[at + 1]) : Workbench.AcctExporter;
        using var bench = new Workbench(quick: true);
        using var inside = args.Contains("--host") ? null : new PidNamespace();
        string[] wrapper = inside is null ? [] : ["nsenter", "-t", $"{inside.FirstPid}", "-p", "-m", "--"];
        var state = bench.NewDirectory("steady");
        using var agent = ServingAgent.Through(wrapper, program,
            $"--accounting.path={state}/segments", $"--storage.path={state}/storage", "--accounting.on-exit=off");
        _ = agent.WaitForPage();
        Console.WriteLine($"{program}: {minutes} minutes of {rate} exits a second, "
            + (inside is null ? "on the host" : "in a PID namespace"));
        Console.WriteLine(Minute.Heading);
        var rows = new List<Minute>();
        for (var minute = 1; minute <= minutes; minute++)
        {
            rows.Add(OneMinute(agent, [.. wrapper, bench.Storm()], state, rows.LastOrDefault() ?? Minute.None, rate));
            Console.WriteLine(rows[^1]);
        }

        return Judge(rows);
    }

    private static Minute OneMinute(ServingAgent agent, string[] storm, string state, Minute before, long rate)
    {
        string[] arguments =
        [
            .. storm[1..], "--fast", "--parallel", "1", "--count", $"{rate * 60}", "--rate", $"{rate}",
            "--name", Command,
        ];
        var spawning = Task.Run(() => Workbench.Run(storm[0], arguments));
        var slowest = TimeSpan.Zero;
        while (!spawning.Wait(ScrapeInterval))
        {
            var start = Stopwatch.GetTimestamp();
            _ = agent.Page() ?? throw new InvalidOperationException("the agent stops answering");
            var took = Stopwatch.GetElapsedTime(start);
            slowest = took > slowest ? took : slowest;
        }

        using var said = JsonDocument.Parse(spawning.Result);
        var spawned = before.Spawned + said.RootElement.GetProperty("children").GetInt64();
        var page = agent.Page() ?? throw new InvalidOperationException("the agent stops answering");
        for (var clock = Stopwatch.StartNew(); OfStorm(page) < spawned && clock.Elapsed < LongestCatchUp;)
        {
            Thread.Sleep(20);
            page = agent.Page() ?? throw new InvalidOperationException("the agent stops answering");
        }

        var checkpoint = new FileInfo($"{state}/storage/checkpoint");
        return new Minute(before.Number + 1, spawned, OfStorm(page), agent.Status("VmRSS"), agent.Status("RssAnon"),
            agent.Descriptors(), agent.Status("Threads"), Of(page, "process_cpu_seconds_total"), before.CpuSeconds,
            spawned - before.Spawned, (long)Of(page, "acct_exporter_journal_bytes"),
            checkpoint.Exists ? checkpoint.Length : 0, slowest);
    }

    private static int Judge(List<Minute> rows)
    {
        var last = rows[^1];
        var half = rows.Skip(rows.Count / 2).ToList();
        var exact = rows.TrueForAll(row => row.Counted == row.Spawned);
        var descriptors = half.Max(row => row.Descriptors) - half.Min(row => row.Descriptors);
        // A request or a switch of segments may be under way when it is looked at.
        var flat = descriptors <= 3;
        Console.WriteLine($"{last.Counted} of {last.Spawned} exits counted: {(exact ? "exact" : "WRONG")}");
        Console.WriteLine($"descriptors, second half: {descriptors} apart: {(flat ? "flat" : "GROWING")}");
        var rise = RiseOfPeaks(half);
        var judged = half.Count >= FewestMinutes;
        var steady = !judged || rise <= SteepestKibibytes;
        var word = !judged ? "too short to judge" : steady ? "flat" : "GROWING";
        Console.WriteLine(Finding.Text($"memory, second half: peaks rise by {rise:F1} KiB a minute: {word}"));
        return exact && flat && steady ? 0 : 1;
    }

    /// <summary>
    /// From the highest VmRSS of the first half of the rows to that of the other, in KiB a minute. The collector makes
    /// a saw of some MiB of it, whose teeth a line through all rows takes for a slope; what grows raises the peaks.
    /// </summary>
    private static double RiseOfPeaks(List<Minute> rows)
    {
        var middle = rows.Count / 2;
        return middle == 0 ? 0 : (rows.Skip(middle).Max(row => row.ResidentKibibytes)
            - rows.Take(middle).Max(row => row.ResidentKibibytes)) / (double)(rows.Count - middle);
    }

    private static long OfStorm(string page) => (long)page.Split('\n')
        .Where(line => line.StartsWith("acct_process_exits_total{", StringComparison.Ordinal)
            && line.Contains($"command=\"{Command}\"", StringComparison.Ordinal))
        .Sum(Value);

    private static double Of(string page, string metric) => page.Split('\n')
        .Where(line => line.StartsWith(metric + " ", StringComparison.Ordinal)).Sum(Value);

    private static double Value(string line) =>
        double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);

    private static long Number(string[] args, string name, long otherwise) => Array.IndexOf(args, name) switch
    {
        < 0 => otherwise,
        var at => at + 1 < args.Length && long.TryParse(args[at + 1], CultureInfo.InvariantCulture, out var value)
            ? value : 0,
    };

    /// <summary>What was seen at the end of a minute; counts are since the start.</summary>
    private sealed record Minute(long Number, long Spawned, long Counted, long ResidentKibibytes,
        long AnonymousKibibytes, int Descriptors, long Threads, double CpuSeconds, double CpuSecondsBefore, long Exits,
        long JournalBytes, long CheckpointBytes, TimeSpan SlowestScrape)
    {
        public const string Heading =
            "minute     spawned     counted  VmRSS KiB RssAnon KiB   fds threads  us/exit  journal B   checkpt B "
            + "scrape ms";

        public static readonly Minute None = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, TimeSpan.Zero);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Number,6} {Spawned,11} {Counted,11} {ResidentKibibytes,10} {AnonymousKibibytes,11} {Descriptors,5} "
            + $"{Threads,7} {(CpuSeconds - CpuSecondsBefore) / Exits * 1e6,8:F2} {JournalBytes,10} "
            + $"{CheckpointBytes,11} {SlowestScrape.TotalMilliseconds,9:F1}");
    }
}
