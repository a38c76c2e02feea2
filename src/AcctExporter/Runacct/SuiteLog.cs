// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>What the agent says of the suite. What can recur is said once per change, and has a counter.</summary>
internal static partial class SuiteLog
{
    [LoggerMessage(130, LogLevel.Information, "the accounting suite runs daily at {Time}, with its files in {Path}")]
    public static partial void RunsDaily(ILogger logger, string time, string path);

    [LoggerMessage(131, LogLevel.Information, "the daily run is done after {Seconds} s (exit code {Code})")]
    public static partial void DayDone(ILogger logger, double seconds, int code);

    [LoggerMessage(132, LogLevel.Error,
        "the suite's task {Task} failed: {Why}. It is tried again after 5 minutes, then ever less often, and nothing "
        + "is lost meanwhile. See {Path}")]
    public static partial void Failed(ILogger logger, SuiteWork task, string why, string path);

    [LoggerMessage(133, LogLevel.Information, "the suite's task {Task} works again")]
    public static partial void WorksAgain(ILogger logger, SuiteWork task);

    [LoggerMessage(134, LogLevel.Information, "the fiscal period {Period} is closed")]
    public static partial void Closed(ILogger logger, string period);

    [LoggerMessage(135, LogLevel.Warning, "{Message}")]
    public static partial void Told(ILogger logger, string message);

    [LoggerMessage(136, LogLevel.Error, "cannot see how far the accounting suite is ({Why}): nothing of it is run")]
    public static partial void CannotLook(ILogger logger, string why);

    [LoggerMessage(137, LogLevel.Warning,
        "the last daily run is of {Last}, and the clock says {Today}: nothing is run before that day is over. If the "
        + "clock was wrong then, remove {Path}")]
    public static partial void FutureDay(ILogger logger, string last, string today, string path);

    [LoggerMessage(138, LogLevel.Error,
        "cannot read what the accounting suite wrote ({Why}): what is shown of it stands still")]
    public static partial void CannotRead(ILogger logger, string why);
}
