// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>What is said of logins. Each message that can recur is said once per change and has a counter.</summary>
internal static partial class LoginLog
{
    [LoggerMessage(100, LogLevel.Information, "following logins in {Path}, read only")]
    public static partial void Following(ILogger logger, string path);

    [LoggerMessage(101, LogLevel.Warning, "{Path} is not there: waiting for it. Until then its logins are not known")]
    public static partial void Missing(ILogger logger, string path);

    [LoggerMessage(102, LogLevel.Warning, "cannot read {Path}: {Why}. Its logins are not known (group utmp may help)")]
    public static partial void Unreadable(ILogger logger, string path, string why);

    [LoggerMessage(103, LogLevel.Information,
        "{Path} was rotated: the old file is read to its end, going on with the new one")]
    public static partial void Rotated(ILogger logger, string path);

    [LoggerMessage(104, LogLevel.Warning,
        "{Path} was truncated, and no copy of it is beside it: logins that were not yet read are lost")]
    public static partial void Truncated(ILogger logger, string path);

    [LoggerMessage(105, LogLevel.Warning,
        "{Path} is not the file that was read before, and that one or one after it is not beside it: logins in between "
        + "are lost")]
    public static partial void Replaced(ILogger logger, string path);

    [LoggerMessage(106, LogLevel.Error,
        "cannot save the state of logins ({Why}): what is shown of logins stands still until it can. Make room in "
        + "{Path}")]
    public static partial void CannotSave(ILogger logger, string why, string path);

    [LoggerMessage(107, LogLevel.Information, "the state of logins can be saved again")]
    public static partial void Saves(ILogger logger);

    [LoggerMessage(108, LogLevel.Information,
        "there is no {Path}: all connect time counts as non-prime (--logins.holidays names a table of prime time)")]
    public static partial void NoHolidays(ILogger logger, string path);

    [LoggerMessage(109, LogLevel.Error, "{Path} cannot be used: {Why}. All connect time counts as non-prime")]
    public static partial void BadHolidays(ILogger logger, string path, string why);

    [LoggerMessage(110, LogLevel.Warning, "{Path}, line {Line}: {What}: {Remedy}")]
    public static partial void HolidayWarning(ILogger logger, string path, int line, string what, string remedy);

    [LoggerMessage(111, LogLevel.Error,
        "what was kept of logins in {Path} could not be used and is set aside there; their counting begins at 0: "
        + "{Why}")]
    public static partial void StartedAnew(ILogger logger, string path, string why);

    [LoggerMessage(112, LogLevel.Information, "logins are read from {Source} now: sessions that were open are dropped")]
    public static partial void SourceChanged(ILogger logger, string source);

    [LoggerMessage(113, LogLevel.Critical, "the thread that follows logins has ended: {Why}")]
    public static partial void Ended(ILogger logger, string why);

    [LoggerMessage(114, LogLevel.Warning, "{Why}; looking at login files once a second instead")]
    public static partial void NoWatch(ILogger logger, string why);

    [LoggerMessage(115, LogLevel.Warning,
        "there is no {Path}: logins are not known, and have no series, until there is")]
    public static partial void NoSource(ILogger logger, string path);

    [LoggerMessage(116, LogLevel.Warning,
        "the latest state of logins is not whole, as after a power cut: going on from the one before it ({Why})")]
    public static partial void LatestLost(ILogger logger, string why);

    [LoggerMessage(118, LogLevel.Error,
        "cannot write the state of logins through to the disk ({Why}): a power cut may take what is counted since. See "
        + "{Path}")]
    public static partial void CannotSync(ILogger logger, string why, string path);

    [LoggerMessage(117, LogLevel.Warning,
        "the clock was set by {Seconds} s: who is logged in is moved with it, and connect time goes on as time passed")]
    public static partial void ClockSet(ILogger logger, long seconds);
}
