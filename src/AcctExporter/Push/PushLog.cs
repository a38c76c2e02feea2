// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Push;

/// <summary>What is said of pushes.</summary>
internal static partial class PushLog
{
    [LoggerMessage(170, LogLevel.Information, "{Data} are pushed to {Endpoint} every {Interval}")]
    public static partial void Pushing(ILogger logger, string data, Uri endpoint, TimeSpan interval);

    [LoggerMessage(171, LogLevel.Warning,
        "{Data} could not be pushed to {Endpoint}: {Problem}. It is tried again with the next push; counting goes on, "
        + "and sums lose nothing by it (said once; /metrics counts the failures)")]
    public static partial void Fails(ILogger logger, string data, Uri endpoint, string problem);

    [LoggerMessage(172, LogLevel.Information, "{Data} are pushed to {Endpoint} again")]
    public static partial void Works(ILogger logger, string data, Uri endpoint);

    [LoggerMessage(173, LogLevel.Information,
        "metrics are not pushed to {Endpoint}: OTEL_SDK_DISABLED or OTEL_METRICS_EXPORTER says so")]
    public static partial void SwitchedOff(ILogger logger, Uri endpoint);

    [LoggerMessage(174, LogLevel.Warning,
        "the last push of {Data} to {Endpoint} has not ended in {Time}: ending without it. What was counted since the "
        + "push before is on /metrics and in the journal, and never reaches the receiver")]
    public static partial void DoesNotEnd(ILogger logger, string data, Uri endpoint, TimeSpan time);
}
