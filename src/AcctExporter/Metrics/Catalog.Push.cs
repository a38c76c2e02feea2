// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <content>How the push over OTLP goes; nothing of it where nothing is pushed.</content>
internal static partial class Catalog
{
    /// <summary>The name of an exit event, where events have names.</summary>
    public const string ExitEvent = "acct.process.exit";

    private const string DataLabel = "data";

    private static MetricFamily[] PushFamilies() =>
    [
        Agent("acct.exporter.otlp.exports", "{export}", MetricKind.Counter,
            "Pushes over OTLP that were begun, by what was pushed: metrics, or exit events as logs.",
            Pushed(push => Reading.Count(push.Exports))) with { SinceStart = true },
        Agent("acct.exporter.otlp.export_failures", "{failure}", MetricKind.Counter,
            "Of these, the ones that the receiver did not take.",
            Pushed(push => Reading.Count(push.Failures))) with { SinceStart = true },
        Agent("acct.exporter.otlp.last_success_timestamp", "s", MetricKind.Gauge,
            "When a push was last taken; left out before the first.",
            Pushed(push => Reading.Timestamp(push.LastSuccessUnixMicroseconds))),
        Agent("acct.exporter.otlp.events_pushed", "{event}", MetricKind.Counter,
            "Exit events that the receiver took; left out where none are pushed.",
            scrape => Reading.Count(scrape.Status.EventsPushed)) with { SinceStart = true },
        Agent("acct.exporter.otlp.events_dropped", "{event}", MetricKind.Counter,
            "Exit events that never reached the receiver, because too many waited for one that is slow or gone.",
            scrape => Reading.Count(scrape.Status.EventsNotPushed)) with { SinceStart = true },
    ];

    private static AgentPoints Pushed(Func<PushFigures, Reading> value) => new([DataLabel],
        new AgentPoint(["metrics"], scrape => scrape.Agent.MetricsPush is { } push ? value(push) : Reading.Absent),
        new AgentPoint(["events"], scrape => scrape.Agent.EventsPush is { } push ? value(push) : Reading.Absent));
}
