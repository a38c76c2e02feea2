// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A day in small, on the real kernel, with a real login and a real cupsd: what was done is known from outside, and
/// every figure of the day is held against it.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class SuiteTests : IDisposable
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly SmallDay day = new();

    private FaultLab Lab => day.Lab;

    public void Dispose() => day.Dispose();

    /// <summary>Somebody runs the day and prints it.</summary>
    [Fact]
    public void TheReport_HasWhatWasDone()
    {
        // The agent follows what is printed from its start on, since it may run the suite.
        var agent = Lab.Serve([.. day.Flags, "--suite.daily=" + Clock(TimeSpan.FromHours(-2))]);
        day.Do(33);
        agent.Until(() => agent.Exits() >= 9, "what was done");
        day.Command("runacct", day.Flags);

        using var report = JsonDocument.Parse(day.Command("prdaily", "--format=json"));
        var users = report.RootElement.GetProperty("users").EnumerateArray()
            .ToDictionary(row => row.GetProperty("user").GetString()!);
        Assert.Equal(["daemon", "nobody", "root"], users.Keys.Order());
        Did(users["daemon"], day.Daemon);
        Did(users["nobody"], day.Nobody);
        // Two burns that started the others, chargefee and dodisk.
        Assert.Equal(4, Number(users["root"], "processes"));
        Assert.Equal((0, 0, 1), (Number(users["daemon"], "sessions"), Number(users["nobody"], "sessions"),
            Number(users["root"], "sessions")));
        Assert.InRange(Both(users["root"], "connect_seconds"), day.LoggedIn.Low - 1, day.LoggedIn.High + 1);
        Assert.Equal(0, Both(users["daemon"], "connect_seconds"));
        Assert.Equal((day.Disk.Daemon, day.Disk.Nobody), (Number(users["daemon"], "disk_sum_bytes"),
            Number(users["nobody"], "disk_sum_bytes")));
        Assert.Equal((1, 1, 0), (Number(users["daemon"], "disk_samples"), Number(users["nobody"], "disk_samples"),
            Number(users["root"], "disk_samples")));
        Assert.Equal((SmallDay.Pages, 0, 0), (Number(users["daemon"], "printed_pages"),
            Number(users["nobody"], "printed_pages"), Number(users["root"], "printed_pages")));
        Assert.Equal((SmallDay.Fee, 0, 0), (Number(users["daemon"], "fee_units"),
            Number(users["nobody"], "fee_units"), Number(users["root"], "fee_units")));
        // The kernel tells no I/O inside of a PID namespace.
        Assert.All(users.Values, row => Assert.Equal(
            0, Both(row, "transferred_bytes") + Both(row, "storage_bytes")));

        InPrimeTime(users.Values);
        Others(report.RootElement);
        Lines(day.Command("prdaily"), users);
        Assert.Equal(0, agent.Stop());
    }

    /// <summary>The agent runs the day by itself, and what it shows agrees.</summary>
    [Fact]
    public void ARealDay_IsCharged_ToWhoDidWhat()
    {
        var agent = Lab.Serve([.. day.Flags, "--suite.daily=" + Clock(TimeSpan.FromSeconds(120))]);
        day.Do(3);

        // Live, before any run.
        agent.Until(() => Of(agent, "printed_pages", "daemon", "day") == SmallDay.Pages, "the running day");
        agent.Until(() => Of(agent, "disk_bytes", "daemon", "day") > 0, "the disks of the running day");
        Shown(agent, "day");
        Assert.Equal(day.Disk.Daemon, agent.Scrape().Sum("acct_disk_usage_bytes", ("user", "daemon")));
        Assert.Equal(0, agent.Scrape().Sum("acct_rollup_processes", ("scope", "fiscal")));

        Await(agent, () => agent.Scrape().Sum("acct_runacct_last_success_timestamp_seconds") > 0, "the daily run");
        Await(agent, () => Of(agent, "processes", "daemon", "fiscal") > 0, "its figures");
        Shown(agent, "fiscal");
        var scrape = agent.Scrape();
        Assert.Equal(0, scrape.Sum("acct_rollup_fee_units", ("scope", "day")));
        Assert.Equal(0, scrape.Sum("acct_rollup_printed_pages", ("scope", "day")));
        Assert.Equal(3, scrape.Sum("acct_rollup_group_processes", ("group", "daemon"), ("scope", "fiscal")));
        Assert.Equal(1, scrape["acct_runacct_state{state=\"complete\"}"]);
        Assert.Equal(0, scrape["acct_runacct_last_exit_code"]);
        Assert.Equal(SmallDay.Pages, scrape.Sum("acct_printed_pages_total", ("user", "daemon"), ("printer", "laser")));
        Assert.Equal(1, scrape["acct_exporter_suite_runs_total{task=\"day\",outcome=\"done\"}"]);
        Assert.Contains("the daily run is done", agent.Log, StringComparison.Ordinal);

        // To the microsecond what the agent's own counters had of the same exits.
        Assert.Equal(
            scrape.Sum("acct_process_cpu_time_seconds_total", ("user", "daemon")),
            Of(agent, "cpu_time_seconds", "daemon", "fiscal"), 1e-6);
        using var report = JsonDocument.Parse(day.Command("prdaily", "--format=json"));
        foreach (var row in report.RootElement.GetProperty("users").EnumerateArray())
        {
            var user = row.GetProperty("user").GetString()!;
            Assert.Equal(Both(row, "cpu_seconds"), Of(agent, "cpu_time_seconds", user, "fiscal"), 1e-6);
            Assert.Equal(Number(row, "processes"), Of(agent, "processes", user, "fiscal"));
        }

        // What was run is not run again, by whomever.
        Assert.Equal(4, day.Code("runacct", day.Flags));
        Assert.Equal(0, agent.Stop());
    }

    [Fact]
    public void Settings_DoWhatTheySay()
    {
        File.WriteAllText(Lab.Of("site"), $"#!/bin/sh\ntouch {Lab.Of("was-here")}\n");
        File.SetUnixFileMode(Lab.Of("site"), (UnixFileMode)0x1ed); // 0755
        var place = $"--suite.path={Lab.Of("acct")}";
        var agent = Lab.Serve(place, "--suite.users-limit=1", "--suite.daily=off");
        day.Work(1, 1);
        day.Work(65534, 1);
        Assert.DoesNotContain("acct_rollup", agent.Get("/metrics").Body, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Lab.Of("acct")));

        Assert.Equal(1, day.Code("runacct", place, "--suite.minimum-free=1000TiB"));
        Assert.Equal(0, day.Code(
            "runacct", [place, $"--suite.user-exit={Lab.Of("site")}", "--suite.groups=true", .. day.Holidays]));
        Assert.True(File.Exists(Lab.Of("was-here")));
        Assert.True(File.Exists(Lab.Of("acct/sum/gtacct")));
        Assert.False(Directory.Exists(Lab.Of("storage/suite")));
        agent.Until(() => Of(agent, "processes", "other", "fiscal") > 0, "the others are other");
        Assert.Equal(2, agent.Scrape().Series.Keys.Count(series =>
            series.StartsWith("acct_rollup_processes{", StringComparison.Ordinal)
            && series.Contains("scope=\"fiscal\"", StringComparison.Ordinal)));
        Assert.Equal(0, agent.Stop());
    }

    /// <summary>Metrics of a scope against what was done.</summary>
    private void Shown(AgentProcess agent, string scope)
    {
        foreach (var (user, worked) in (ReadOnlySpan<(string, Worked)>)[("daemon", day.Daemon), ("nobody", day.Nobody)])
        {
            Assert.Equal(worked.Processes, Of(agent, "processes", user, scope));
            var cpu = Of(agent, "cpu_time_seconds", user, scope);
            Assert.InRange(cpu, worked.Range.Low, worked.Range.High);
            var kib = Of(agent, "memory_byte_seconds", user, scope) / 1024 / cpu;
            Assert.InRange(kib, 0.99 * worked.Kib, 1.01 * worked.Kib);
        }

        Assert.InRange(Of(agent, "connect_time_seconds", "root", scope), day.LoggedIn.Low - 1, day.LoggedIn.High + 1);
        Assert.Equal((1, 0), (Of(agent, "sessions", "root", scope), Of(agent, "sessions", "daemon", scope)));
        Assert.Equal(SmallDay.Pages, Of(agent, "printed_pages", "daemon", scope));
        Assert.Equal(SmallDay.Fee, Of(agent, "fee_units", "daemon", scope));
        Assert.Equal(
            (day.Disk.Daemon, day.Disk.Nobody),
            (Of(agent, "disk_bytes", "daemon", scope), Of(agent, "disk_bytes", "nobody", scope)));
        Assert.DoesNotContain("acct_rollup_io_bytes", agent.Get("/metrics").Body, StringComparison.Ordinal);
    }

    private static void Did(JsonElement row, Worked worked)
    {
        Assert.Equal(worked.Processes, Number(row, "processes"));
        var cpu = Both(row, "cpu_seconds");
        Assert.InRange(cpu, worked.Range.Low, worked.Range.High);
        Assert.InRange(Both(row, "memory_byte_seconds") / 1024 / cpu, 0.99 * worked.Kib, 1.01 * worked.Kib);
    }

    /// <summary>All of it was in prime time, or none, unless it became the other meanwhile.</summary>
    private void InPrimeTime(IEnumerable<JsonElement> rows)
    {
        var prime = IsPrime(day.Began);
        if (prime == IsPrime(DateTime.Now))
        {
            var none = prime ? "nonprime_" : "prime_";
            Assert.All(rows, row => Assert.Equal(
                0, Number(row, none + "cpu_seconds") + Number(row, none + "connect_seconds")));
        }
    }

    private static bool IsPrime(DateTime time) =>
        time.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && time is { Hour: >= 8 and < 18 };

    /// <summary>Commands, lines and last logins of the report.</summary>
    private void Others(JsonElement report)
    {
        var bash = report.GetProperty("commands").EnumerateArray()
            .Single(row => row.GetProperty("command").GetString() == "bash");
        Assert.Equal(5, Both(bash, "processes"));
        Assert.InRange(
            Both(bash, "cpu_seconds"), day.Daemon.Range.Low + day.Nobody.Range.Low,
            day.Daemon.Range.High + day.Nobody.Range.High);

        var line = report.GetProperty("line_use").GetProperty("lines").EnumerateArray().Single();
        Assert.Equal(day.Line, line.GetProperty("line").GetString());
        Assert.Equal((1, 1, 1), (Number(line, "sessions"), Number(line, "logins"), Number(line, "logouts")));
        Assert.Contains(report.GetProperty("last_logins").EnumerateArray(), row =>
            row.GetProperty("user").GetString() == "root"
            && row.GetProperty("day").GetString() == day.Began.ToString("yyyy-MM-dd", Invariant));
        Assert.All(report.GetProperty("states").EnumerateArray(), state =>
            Assert.NotEqual("failed", state.GetProperty("outcome").GetString()));
    }

    /// <summary>What the printed report has: minutes, kcore minutes and blocks of the same figures.</summary>
    private static void Lines(string report, Dictionary<string, JsonElement> users)
    {
        var rows = report.Split('\n').Select(line => line.Split('\t').Select(word => word.Trim()).ToArray())
            .Where(words => words.Length == 15 && long.TryParse(words[0], out _)).ToArray();
        Assert.Equal(["TOTAL", "root", "daemon", "nobody"], rows.Select(row => row[1]));
        foreach (var row in rows)
        {
            // The total of each column is that of its users.
            JsonElement[] of = row[1] == "TOTAL" ? [.. users.Values] : [users[row[1]]];
            string[] due =
            [
                .. Each("cpu_seconds", 60), .. Each("memory_byte_seconds", 60 * 1024), .. Each("connect_seconds", 60),
                Whole(Sum("disk_sum_bytes") / 512), Whole(Sum("processes")), Whole(Sum("sessions")),
                Whole(Sum("disk_samples")), Sum("fee_units").ToString(Invariant),
                Sum("disk_samples") == 0 ? "-" : Whole(Sum("disk_sum_bytes") / 512), Whole(Sum("printed_pages")),
            ];
            Assert.Equal(due, row[2..]);

            string[] Each(string column, double unit) =>
                [Whole(Sum("prime_" + column) / unit), Whole(Sum("nonprime_" + column) / unit)];

            double Sum(string column) => of.Sum(user => Number(user, column));
        }

        static string Whole(double value) => value.ToString("F0", Invariant);
    }

    private static double Number(JsonElement row, string column) => row.GetProperty(column).GetDouble();

    private static double Both(JsonElement row, string column) =>
        Number(row, "prime_" + column) + Number(row, "nonprime_" + column);

    private static double Of(AgentProcess agent, string family, string user, string scope) =>
        agent.Scrape().Sum("acct_rollup_" + family, ("user", user), ("scope", scope));

    /// <summary>The minute that has begun after so long.</summary>
    private static string Clock(TimeSpan ahead) => DateTime.Now.Add(ahead).ToString("HH:mm", Invariant);

    private static void Await(AgentProcess agent, Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(agent.IsRunning && clock.Elapsed < TimeSpan.FromMinutes(4), $"not '{what}': {agent.Log}");
            Thread.Sleep(500);
        }
    }
}
