// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>
/// What the pipeline says. Each message that can recur is said once per change and has a counter beside it.
/// </summary>
internal static partial class CaptureLog
{
    [LoggerMessage(1, LogLevel.Information, "accounting is on: the kernel writes every exit to {Path}")]
    public static partial void Armed(ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Information, "accounting is off again")]
    public static partial void SwitchedOff(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "accounting goes back to {Path}, from where it was taken")]
    public static partial void HandedBack(ILogger logger, string path);

    [LoggerMessage(4, LogLevel.Warning,
        "{Path} is over its limit of free space ({FreeRatio:P1} free): the kernel has suspended accounting, exits go "
        + "uncounted until {ResumeRatio:P0} are free. Make room, or give --accounting.path a small tmpfs of its own")]
    public static partial void Suspended(ILogger logger, string path, double freeRatio, double resumeRatio);

    [LoggerMessage(5, LogLevel.Information,
        "{Path} has room again ({FreeRatio:P1} free): accounting goes on with the kernel's next look")]
    public static partial void Resumed(ILogger logger, string path, double freeRatio);

    [LoggerMessage(6, LogLevel.Error, "{Path} is full: the kernel drops records without a sign. Make room")]
    public static partial void DiskFull(ILogger logger, string path);

    [LoggerMessage(7, LogLevel.Warning,
        "'{Command}' (process {Pid}) made the kernel leave our segment; trying to take accounting back in {Delay}")]
    public static partial void Taken(ILogger logger, string command, uint pid, TimeSpan delay);

    [LoggerMessage(8, LogLevel.Warning,
        "the kernel has left our segment, and not said for whom; trying to take accounting back in {Delay}")]
    public static partial void TakenSilently(ILogger logger, TimeSpan delay);

    [LoggerMessage(9, LogLevel.Warning,
        "accounting now goes to {Path}, which another program has switched on. It is left alone "
        + "(--accounting.take-over takes it)")]
    public static partial void OthersFile(ILogger logger, string path);

    [LoggerMessage(10, LogLevel.Error, "cannot switch accounting to a segment: {Why}. Next attempt in {Delay}")]
    public static partial void CannotSwitch(ILogger logger, string why, TimeSpan delay);

    [LoggerMessage(11, LogLevel.Warning,
        "the segment that was being counted is gone, with the reboot since: exits between the last one counted and "
        + "the reboot are lost. Segments on a disk, and not in memory, survive a clean reboot (--accounting.path)")]
    public static partial void LostByReboot(ILogger logger);

    [LoggerMessage(12, LogLevel.Warning,
        "segment {Name} is gone, and it was not the agent that deleted it: its exits are lost")]
    public static partial void LostByDeletion(ILogger logger, string name);

    [LoggerMessage(13, LogLevel.Warning,
        "segment {Name} has {Length} bytes, but {Offset} had been counted: it was cut (a power failure does that)")]
    public static partial void Shortened(ILogger logger, string name, long length, ulong offset);

    [LoggerMessage(14, LogLevel.Error,
        "cannot write the journal ({Why}): counting waits until it can. Make room in {Path}")]
    public static partial void JournalFails(ILogger logger, string why, string path);

    [LoggerMessage(15, LogLevel.Information, "the journal can be written again")]
    public static partial void JournalWorks(ILogger logger);

    [LoggerMessage(16, LogLevel.Error, "cannot save the checkpoint ({Why}): the journal keeps everything meanwhile")]
    public static partial void CheckpointFails(ILogger logger, string why);

    [LoggerMessage(17, LogLevel.Information, "checkpoints can be saved again")]
    public static partial void CheckpointWorks(ILogger logger);

    [LoggerMessage(18, LogLevel.Information,
        "went on where the last agent ended: {Replayed} exits counted again from the journal, {Cut} bytes of a torn "
        + "block cut off")]
    public static partial void Recovered(ILogger logger, ulong replayed, long cut);

    [LoggerMessage(37, LogLevel.Warning,
        "the bounds of histograms have changed (histograms.*): what was counted with the old ones stands in the bucket "
        + "that now holds its old bound, so quantiles over this start are rougher")]
    public static partial void BoundsChanged(ILogger logger);

    [LoggerMessage(70, LogLevel.Error,
        "what was kept in {Path} could not be used and is set aside there; counting begins at 0: {Why}")]
    public static partial void StartedAnew(ILogger logger, string path, string why);

    [LoggerMessage(19, LogLevel.Information, "ready: {Exits} exits that had gathered are counted")]
    public static partial void Ready(ILogger logger, ulong exits);

    [LoggerMessage(20, LogLevel.Warning,
        "a child of our own ended and left no record: the kernel does not write to {Path}. Somebody may have switched "
        + "accounting")]
    public static partial void CanaryUnseen(ILogger logger, string path);

    [LoggerMessage(21, LogLevel.Information, "following {Path}, read only")]
    public static partial void Following(ILogger logger, string path);

    [LoggerMessage(22, LogLevel.Warning, "{Path} is not there: waiting for it")]
    public static partial void SourceMissing(ILogger logger, string path);

    [LoggerMessage(23, LogLevel.Information,
        "{Path} was rotated: the old file is counted to its end, going on with the new one")]
    public static partial void SourceRotated(ILogger logger, string path);

    [LoggerMessage(24, LogLevel.Warning,
        "{Path} was truncated: records that were written to it and not yet read are lost. Rotate by renaming")]
    public static partial void SourceTruncated(ILogger logger, string path);

    [LoggerMessage(25, LogLevel.Warning,
        "{Path} is not the file that was being followed, and no file beside it is: exits in between are lost")]
    public static partial void SourceReplaced(ILogger logger, string path);

    [LoggerMessage(26, LogLevel.Error, "cannot read {Path}: {Why}")]
    public static partial void SourceUnreadable(ILogger logger, string path, string why);

    [LoggerMessage(27, LogLevel.Warning, "{Warning}")]
    public static partial void Warn(ILogger logger, string warning);

    [LoggerMessage(28, LogLevel.Information,
        "the segment {Path} goes on: there is too little free space to begin a new one")]
    public static partial void Adopted(ILogger logger, string path);

    [LoggerMessage(29, LogLevel.Critical, "the capture thread has ended: {Why}")]
    public static partial void CaptureEnded(ILogger logger, string why);

    [LoggerMessage(30, LogLevel.Warning,
        "another program has accounting on, to {Path}: following that file, read only (--accounting.take-over would "
        + "take it)")]
    public static partial void FollowingOthers(ILogger logger, string path);

    [LoggerMessage(31, LogLevel.Warning,
        "segment {Name} was truncated or written over by somebody: exits that were not yet counted are lost")]
    public static partial void SegmentCut(ILogger logger, string name);

    [LoggerMessage(32, LogLevel.Warning,
        "segment {Name} was renamed or deleted by somebody: it is still counted to its end, going on with a new one")]
    public static partial void SegmentDisplaced(ILogger logger, string name);

    [LoggerMessage(33, LogLevel.Warning,
        "the kernel does not write to segment {Name} any more: somebody switched accounting, or its mount namespace "
        + "ended, while no agent ran. Exits since then are lost")]
    public static partial void OffMeanwhile(ILogger logger, string name);

    [LoggerMessage(34, LogLevel.Error, "accounting cannot go back to whom it was taken from, so it is off: {Why}")]
    public static partial void CannotHandBack(ILogger logger, string why);

    [LoggerMessage(35, LogLevel.Error, "accounting is still on: {Why}")]
    public static partial void CannotSwitchOff(ILogger logger, string why);

    [LoggerMessage(36, LogLevel.Warning, "the journal is not readable to group {Group}: {Why}")]
    public static partial void NotShared(ILogger logger, string group, string why);
}
