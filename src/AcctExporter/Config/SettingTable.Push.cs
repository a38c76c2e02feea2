// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Push;

namespace AcctExporter.Config;

/// <content>Where figures are pushed.</content>
internal static partial class SettingTable
{
    private static IEnumerable<Setting> Push =>
    [
        Pushed(
            "otlp.endpoint", TextForm.Receiver,
            "Push to this receiver of OTLP (http://127.0.0.1:4318); unset: to OTEL_EXPORTER_OTLP_ENDPOINT, or nowhere",
            push => push.Endpoint, (push, value) => push with { Endpoint = value }),
        Pushed<PushProtocol?>(
            "otlp.protocol", TextForm.Protocol,
            "Transport; unset: OTEL_EXPORTER_OTLP_PROTOCOL, or http/protobuf",
            push => push.Protocol, (push, value) => push with { Protocol = value }),
        Pushed<TimeSpan?>(
            "otlp.interval", TextForm.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            "Time between two pushes of metrics; unset: OTEL_METRIC_EXPORT_INTERVAL, or 60s",
            push => push.Interval, (push, value) => push with { Interval = value }),
        Pushed<TimeSpan?>(
            "otlp.timeout", TextForm.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            "How long a request may take; unset: OTEL_EXPORTER_OTLP_TIMEOUT, or 10s",
            push => push.Timeout, (push, value) => push with { Timeout = value }),
        Pushed<PushCompression?>(
            "otlp.compression", TextForm.Choice<PushCompression>(),
            "How requests are packed; unset: OTEL_EXPORTER_OTLP_COMPRESSION, or none",
            push => push.Compression, (push, value) => push with { Compression = value }),
        Pushed<PushHistograms?>(
            "otlp.histograms", TextForm.Choice<PushHistograms>(),
            "Pushed histograms: with the bounds of /metrics, or exponential; unset: "
            + "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION, or explicit",
            push => push.Histograms, (push, value) => push with { Histograms = value }),
    ];

    private static Setting<T> Pushed<T>(
        string key, TextForm<T> form, string help, Func<PushOptions, T?> get,
        Func<PushOptions, T?, PushOptions> with) => new(
            key, form, help, options => get(options.Push),
            (options, value) => options with { Push = with(options.Push, value) });
}
