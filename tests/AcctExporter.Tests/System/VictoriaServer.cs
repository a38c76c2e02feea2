// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A real VictoriaMetrics. It takes OTLP at <c>/opentelemetry/v1/metrics</c> (http/protobuf) under Prometheus' names,
/// and scrapes what its configuration says.
/// </summary>
internal sealed class VictoriaServer : QueryServer
{
    /// <summary>Starts it; with a target (host and port) it scrapes that every second.</summary>
    public VictoriaServer(string? target = null, params string[] flags)
        : base("victoriametrics")
    {
        if (target is not null)
        {
            File.WriteAllText($"{Root}/scrape.yml", $"""
                global:
                  scrape_interval: 1s
                scrape_configs:
                  - job_name: acct
                    static_configs:
                      - targets: ["{target}"]
                """);
        }

        Start(Tools.VictoriaMetrics, [
            $"-storageDataPath={Root}/data", $"-httpListenAddr={Address}", "-retentionPeriod=1y",
            "-opentelemetry.usePrometheusNaming", "-search.latencyOffset=0s", "-loggerLevel=WARN",
            .. target is null ? (string[])[] : [$"-promscrape.config={Root}/scrape.yml"], .. flags]);
    }

    /// <summary>The base to which OTLP exporters add <c>/v1/metrics</c>.</summary>
    public string OtlpEndpoint => $"http://{Address}/opentelemetry";

    /// <inheritdoc/>
    protected override string ReadyPath => "health";
}
