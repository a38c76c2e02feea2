// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Tests.RealSystem;

/// <summary>A real Prometheus that scrapes targets every second.</summary>
internal sealed class PrometheusServer : QueryServer
{
    /// <summary>The feature that takes native histograms; to be named in <see cref="PrometheusSetup.Flags"/>.</summary>
    private const string NativeHistograms = "--enable-feature=native-histograms";

    /// <summary>From here on a job says so, and the feature's name soon has no effect any more.</summary>
    private static readonly Version NativesByJob = new(3, 8);

    /// <summary>The one of Debian 12, scraping one target; host and port.</summary>
    public PrometheusServer(string target)
        : this(new PrometheusSetup(target))
    {
    }

    /// <summary>Starts it.</summary>
    public PrometheusServer(PrometheusSetup setup)
        : base("prometheus")
    {
        var targets = string.Join(", ", setup.Targets.Select(target => $"\"{target}\""));
        var natives = setup.Flags.Any(flag => flag.StartsWith(NativeHistograms, StringComparison.Ordinal))
            && VersionOf(setup) >= NativesByJob
            ? "    scrape_native_histograms: true" : "";
        File.WriteAllText($"{Root}/prometheus.yml", $"""
            global:
              scrape_interval: {setup.Interval}
              scrape_timeout: 1s
              evaluation_interval: 1s
            {setup.Configuration}
            scrape_configs:
              - job_name: {setup.Job}
                static_configs:
                  - targets: [{targets}]
            {setup.ScrapeConfiguration}
            {natives}
            """);
        Start(setup.Program ?? Tools.Prometheus, [
            $"--config.file={Root}/prometheus.yml", $"--storage.tsdb.path={Root}/data",
            $"--web.listen-address={Address}", "--log.level=warn", .. setup.Flags]);
    }

    /// <summary>The version of the program.</summary>
    public static Version VersionOf(PrometheusSetup setup)
    {
        var start = new ProcessStartInfo(setup.Program ?? Tools.Prometheus, "--version")
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        // "prometheus, version 3.5.3+ds1 (...)"
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Version.Parse(said.Split(' ')[2].Split('+', '-')[0]);
    }

    /// <inheritdoc/>
    protected override string ReadyPath => "-/ready";

    /// <summary>
    /// Type and unit of a metric's family as the last scrape told them; empty when there is no such family.
    /// </summary>
    public (string Type, string Unit) Metadata(string family)
    {
        using var answer = Query($"api/v1/targets/metadata?metric={family}");
        return answer.RootElement.GetProperty("data").EnumerateArray()
            .Select(one => (one.GetProperty("type").GetString()!, one.GetProperty("unit").GetString()!))
            .FirstOrDefault(("", ""));
    }

    /// <summary>What Prometheus says of the last scrape when it failed.</summary>
    public string LastError()
    {
        using var answer = Query("api/v1/targets");
        var targets = answer.RootElement.GetProperty("data").GetProperty("activeTargets");
        return targets[0].GetProperty("lastError").GetString()!;
    }

    /// <summary>Waits until the target answers, and is scraped once more after that.</summary>
    public void UntilScraped()
    {
        Until(() => Answers() && Value("up") == 1, "up");
        var since = Value("timestamp(up)");
        Until(() => Value("timestamp(up)") > since && Value("up") == 1, "scraped again");
    }

    /// <inheritdoc/>
    protected override string Trouble() => Answers() ? LastError() : "it does not answer";
}

/// <summary>What is special about a <see cref="PrometheusServer"/>.</summary>
/// <param name="Targets">Host and port of each target.</param>
internal sealed record PrometheusSetup(params string[] Targets)
{
    /// <summary>The program; null is the one of Debian 12.</summary>
    public string? Program { get; init; }

    /// <summary>Flags besides the usual: <c>--enable-feature=native-histograms</c>.</summary>
    public string[] Flags { get; init; } = [];

    /// <summary>The name of the job.</summary>
    public string Job { get; init; } = "acct";

    /// <summary>How often it scrapes.</summary>
    public string Interval { get; init; } = "1s";

    /// <summary>Top-level YAML: <c>rule_files</c>, <c>alerting</c>.</summary>
    public string Configuration { get; init; } = "";

    /// <summary>YAML of the job, indented by four: <c>    scrape_protocols: [...]</c>.</summary>
    public string ScrapeConfiguration { get; init; } = "";
}
