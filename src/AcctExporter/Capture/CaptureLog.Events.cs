// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <content>What is said of exit events.</content>
internal static partial class CaptureLog
{
    [LoggerMessage(60, LogLevel.Information, "exit events ({Selection}) go to {Path}")]
    public static partial void EventsGo(ILogger logger, EventSelection selection, string path);

    [LoggerMessage(61, LogLevel.Error,
        "exit events wait, and are dropped when too many do: {Why}. Trying again")]
    public static partial void EventsFail(ILogger logger, string why);

    [LoggerMessage(62, LogLevel.Information, "exit events can be written to {Path} again")]
    public static partial void EventsWork(ILogger logger, string path);

    [LoggerMessage(63, LogLevel.Warning, "{Count} exit events were not written before the end")]
    public static partial void EventsLeft(ILogger logger, long count);
}
