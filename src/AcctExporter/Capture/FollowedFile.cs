// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Capture;

/// <summary>
/// Another program's accounting file, followed without ever calling acct(2): through renames (savelog, logrotate),
/// truncation, deletion and re-creation. The open file is read until the kernel has left it, whatever its name has
/// become.
/// </summary>
internal sealed class FollowedFile : IAccountingSource
{
    /// <summary>
    /// Without the right to take a lease, a file counts as left when it was still for so long and another has grown.
    /// </summary>
    private static readonly TimeSpan StillTime = TimeSpan.FromSeconds(3);

    private readonly string path;
    private readonly ExitRecorder recorder;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly RotatedFiles rotated;
    private readonly Queue<AcctFile> left = new();

    private AcctFile? current;
    private FileIdentity identity;
    private WriterState writer;
    private int watchId;
    private ulong lastSequence;
    private long lastLength;
    private long stillSince;
    private bool missing;
    private ulong failures;

    /// <summary>Nothing is opened before <see cref="Start"/>.</summary>
    public FollowedFile(string path, ExitRecorder recorder, TimeProvider clock, ILogger log)
    {
        this.path = path;
        this.recorder = recorder;
        this.clock = clock;
        this.log = log;
        rotated = new RotatedFiles(path, (file, why) => CaptureLog.SourceUnreadable(log, file, why));
        var directory = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        Space = new SuspensionWatch(
            () => FreeSpace.TryRead(directory, out var space) ? space : null, path, recorder, log);
        Watch = IAccountingSource.TryWatch(log);
    }

    /// <inheritdoc/>
    public string Kind => "file";

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public FileWatch? Watch { get; }

    /// <inheritdoc/>
    public IEnumerable<AcctFile> Files => current is null ? left : left.Append(current);

    /// <inheritdoc/>
    public bool Up => current is not null;

    /// <inheritdoc/>
    public bool Active => current is not null && writer != WriterState.NotWriting && !Space.Suspended;

    /// <inheritdoc/>
    public SuspensionWatch Space { get; }

    /// <inheritdoc/>
    public long BytesBehind => left.Sum(file => file.BytesBehind) + (current?.BytesBehind ?? 0);

    /// <inheritdoc/>
    public ulong SwitchFailures => 0;

    /// <inheritdoc/>
    public ulong ReadFailures => failures + rotated.Failures;

    /// <inheritdoc/>
    public void Start()
    {
        lastSequence = recorder.Position.Segment;
        Space.Look(isBlank: false);
        SafeFileHandle handle;
        try
        {
            handle = OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CaptureFault($"cannot read {path}: {error.Message.TrimEnd('.')}. It must exist and be readable "
                + "for this user (on Debian: the group adm)", error);
        }

        var position = recorder.Position;
        if (position.BootId != Guid.Empty || position.Fingerprint == 0)
        {
            // Nothing was ever counted of it.
            Open(handle, Fresh());
        }
        else if (AcctFile.FingerprintOf(handle) == position.Fingerprint)
        {
            Open(handle, position);
        }
        else
        {
            Open(handle, Fresh());
            if (!QueueSince(position))
            {
                recorder.Tally(Tallies.Gap(LossReason.Rotated));
                CaptureLog.SourceReplaced(log, path);
            }
        }

        CaptureLog.Following(log, path);
    }

    /// <inheritdoc/>
    public void Pass()
    {
        Watch?.Drain();
        DrainLeft();
        if (current is null)
        {
            TryOpenAgain();
        }

        if (current is null || recorder.IsOver)
        {
            return;
        }

        // A block that waits for room comes first: it moves the position.
        recorder.Flush();
        // Asked before the file is read: what it says holds for all that is read.
        writer = WriterLease.Test(current.Handle);
        RewindIfTruncated(current);
        NoteGrowth(current);
        recorder.Drain(current, writer == WriterState.NotWriting ? FileEnd.Left : FileEnd.Growing);
        FollowName(current);
    }

    /// <inheritdoc/>
    public void LookAround()
    {
        Space.Look(isBlank: false);
        Pass();
    }

    /// <inheritdoc/>
    public void Covered()
    {
        // The files are another program's: nothing of them is ours to delete.
    }

    /// <inheritdoc/>
    public void Stop(bool asFound) => Pass();

    /// <inheritdoc/>
    public void Dispose()
    {
        current?.Dispose();
        while (left.TryDequeue(out var file))
        {
            file.Dispose();
        }

        Watch?.Dispose();
    }

    private static SafeFileHandle OpenRead(string file) =>
        File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Without a boot id: a position in another program's file is never taken for one in a segment.</summary>
    private SourcePosition Fresh() => new(Guid.Empty, ++lastSequence, 0, 0);

    private void Open(SafeFileHandle handle, SourcePosition position)
    {
        current = new AcctFile(handle, path, position);
        _ = FileIdentity.TryOfHandle(handle, out identity, out _);
        writer = WriterLease.Test(handle);
        lastLength = -1;
        stillSince = clock.GetTimestamp();
        if (Watch is not null)
        {
            Watch.Unwatch(watchId);
            watchId = IAccountingSource.WatchOrPoll(Watch, path);
        }
    }

    private void DrainLeft()
    {
        // The position stays at the end of the last one until the next file has its first record: a file without any
        // cannot be found again once it is rotated too.
        while (left.TryPeek(out var file))
        {
            recorder.Drain(file, FileEnd.Final);
            if (recorder.IsOver)
            {
                // Perhaps not to its end: the next start sees.
                return;
            }

            left.Dequeue().Dispose();
        }
    }

    /// <summary>
    /// Queues the file beside ours that holds the position, and those that came after it; false when one is missing.
    /// </summary>
    private bool QueueSince(SourcePosition position)
    {
        var files = rotated.Since(
            handle => AcctFile.FingerprintOf(handle) == position.Fingerprint, position.Offset, out var hasGap);
        foreach (var (handle, name) in files)
        {
            if (FileIdentity.TryOfHandle(handle, out var other, out _) && other.IsSameFile(identity))
            {
                // Rotated this very moment: it is open as the current one.
                handle.Dispose();
                continue;
            }

            left.Enqueue(new AcctFile(handle, name, left.Count == 0 ? position : Fresh()));
        }

        return !hasGap;
    }

    private void RewindIfTruncated(AcctFile file)
    {
        if (file.AfterCut() is not { } cut)
        {
            return;
        }

        recorder.Tally(Tallies.Gap(LossReason.Truncated));
        CaptureLog.SourceTruncated(log, path);
        if (cut.Offset == 0)
        {
            // Who copies and truncates leaves in the copy what was not yet counted. What came in between is the gap.
            _ = QueueSince(file.Position);
            cut = Fresh();
        }

        file.Position = cut;
        if (left.Count == 0)
        {
            recorder.MoveTo(cut);
        }

        DrainLeft();
    }

    private void NoteGrowth(AcctFile file)
    {
        var length = file.Length;
        if (length != lastLength)
        {
            stillSince = clock.GetTimestamp();
        }

        lastLength = length;
    }

    /// <summary>Goes on with the file that now has the name, once the kernel has left the one that had it.</summary>
    private void FollowName(AcctFile file)
    {
        if (!FileIdentity.TryOfPath(path, out var named, out _))
        {
            if (!missing && writer == WriterState.NotWriting)
            {
                CaptureLog.SourceMissing(log, path);
                failures++;
                missing = true;
            }

            return;
        }

        missing = false;
        if (named.IsSameFile(identity))
        {
            return;
        }

        var hasLeft = writer == WriterState.NotWriting
            || (writer == WriterState.Unknown && named.SizeBytes > 0 && clock.GetElapsedTime(stillSince) > StillTime);
        if (!hasLeft)
        {
            return;
        }

        recorder.Drain(file, FileEnd.Final);
        if (recorder.IsOver)
        {
            return;
        }

        current = null;
        TryOpenAgain();
        recorder.Tally(Tallies.Rotations);
        CaptureLog.SourceRotated(log, path);
        if (file.Position.Fingerprint != 0)
        {
            // It may have been rotated more than once since the last look.
            _ = QueueSince(file.Position);
        }

        file.Dispose();
        DrainLeft();
        if (current is not null)
        {
            recorder.Drain(current, FileEnd.Growing);
        }
    }

    private void TryOpenAgain()
    {
        try
        {
            Open(OpenRead(path), Fresh());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!missing)
            {
                CaptureLog.SourceUnreadable(log, path, error.Message);
                failures++;
                missing = true;
            }
        }
    }
}
