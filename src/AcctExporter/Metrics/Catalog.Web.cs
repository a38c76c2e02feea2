// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <content>What the agent says of its web server's own configuration; left out without one.</content>
internal static partial class Catalog
{
    private static MetricFamily[] WebFamilies() =>
    [
        OfWeb("acct.exporter.web_config_last_reload_successful", "", MetricKind.Gauge,
            "1 when --web.config.file and the files it names were last read without a fault, else 0: then what was "
            + "read before is in force.", web => Reading.State(web.Successful)),
        OfWeb("acct.exporter.web_config_reloads", "{reload}", MetricKind.Counter,
            "Times when --web.config.file was read anew, because a file had changed or by a reload.",
            web => Reading.Count(web.Reloads)) with { SinceStart = true },
        OfWeb("acct.exporter.web_config_reload_failures", "{failure}", MetricKind.Counter,
            "Of these, the ones that found faults, and changed nothing.",
            web => Reading.Count(web.Failures)) with { SinceStart = true },
        OfWeb("acct.exporter.web_certificate_expiry_timestamp", "s", MetricKind.Gauge,
            "When the web server's certificate ends; left out without TLS.",
            web => Reading.Timestamp(web.CertificateEndUnixMicroseconds)),
        Agent("acct.exporter.web_refusals", "{request}", MetricKind.Counter,
            "Connections and requests that the web server refused: certificate (none, or none that is taken), password "
            + "(not that of a user), busy (too many passwords were being checked), rate.",
            Each<string>("reason", ["certificate", "password", "busy", "rate"], reason => reason,
                reason => scrape => Refused(reason, scrape)))
            with { SinceStart = true },
    ];

    private static MetricFamily OfWeb(
        string name, string unit, MetricKind kind, string help, Func<WebFigures, Reading> value) =>
        Agent(name, unit, kind, help, scrape => scrape.Agent.Web is { } web ? value(web) : Reading.Absent);

    private static Reading Refused(string reason, ScrapeData scrape) => scrape.Agent.Web is not { } web
        ? Reading.Absent
        : Reading.Count(reason switch
        {
            "certificate" => web.RefusedCertificates,
            "password" => web.RefusedPasswords,
            "busy" => web.RefusedBusy,
            _ => web.RefusedRate,
        });
}
