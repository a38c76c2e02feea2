// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>What is said of printing. Each message that can recur is said once per change and has a counter.</summary>
internal static partial class PrintLog
{
    [LoggerMessage(150, LogLevel.Information,
        "following printed pages in {Path}; what was there before is not charged")]
    public static partial void Following(ILogger logger, string path);

    [LoggerMessage(151, LogLevel.Warning, "cannot follow printed pages: {Why}. Trying again")]
    public static partial void Fails(ILogger logger, string why);

    [LoggerMessage(152, LogLevel.Warning,
        "a line of {Path} is not of CUPS' default form (PageLogFormat in cupsd.conf), and is not charged: {Line}")]
    public static partial void BadLine(ILogger logger, string path, string line);

    [LoggerMessage(153, LogLevel.Warning,
        "{Path} is not the file that was read before, and that one or one after it is not beside it, or is compressed: "
        + "pages in between are not charged")]
    public static partial void Gap(ILogger logger, string path);

    [LoggerMessage(154, LogLevel.Information, "{Path}: {Bytes} bytes that a kill left are cut off, and read again")]
    public static partial void CutOff(ILogger logger, string path, long bytes);

    [LoggerMessage(155, LogLevel.Error,
        "what was kept of printing could not be used and is set aside as {Path}: {Why}. Pages are charged from now on")]
    public static partial void StartedAnew(ILogger logger, string path, string why);

    [LoggerMessage(156, LogLevel.Warning,
        "{Path} is shorter than it was written: {Bytes} bytes of printed jobs are lost")]
    public static partial void Shorter(ILogger logger, string path, long bytes);

    [LoggerMessage(157, LogLevel.Information, "printed pages can be followed again")]
    public static partial void Follows(ILogger logger);
}
