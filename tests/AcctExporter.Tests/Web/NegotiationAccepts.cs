// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Metrics;

namespace AcctExporter.Tests.Web;

/// <summary>
/// What Prometheus sends as <c>Accept</c>, recorded from Debian's 2.42 and 3.5 (held by AcceptHeaderTests) and 2.53,
/// and the format that it is to get.
/// </summary>
internal static class NegotiationAccepts
{
    private const string Delimited =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    public static IReadOnlyDictionary<string, ExpositionFormat> OfPrometheus { get; } =
        new Dictionary<string, ExpositionFormat>
        {
            // 2.42
            ["application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"] = ExpositionFormat.OpenMetrics,
            // 2.42 with native-histograms
            [Delimited + ",application/openmetrics-text;version=1.0.0;q=0.8,"
                + "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"] =
                ExpositionFormat.Protobuf,
            // 2.53
            ["application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"] = ExpositionFormat.OpenMetrics,
            // 2.53 with native-histograms, or with created-timestamp-zero-ingestion
            [Delimited + ";q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,"
                + "application/openmetrics-text;version=0.0.1;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"] =
                ExpositionFormat.Protobuf,
            // 3.5
            ["application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                + "application/openmetrics-text;version=0.0.1;q=0.5,"
                + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"] = ExpositionFormat.OpenMetrics,
            // 3.5 with native-histograms, or with created-timestamp-zero-ingestion
            [Delimited + ";q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                + "application/openmetrics-text;version=0.0.1;q=0.4,"
                + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
                + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"] = ExpositionFormat.Protobuf,
        };
}
