// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Capture;

/// <summary>
/// Another program's accounting file, followed without ever calling acct(2): through renames (savelog, logrotate), truncation,
/// deletion and re-creation. The open file is read until the kernel has left it, whatever its name has become.
/// </summary>
internal sealed class FollowedFile : IAccountingSource
{
    /// <summary>Without the right to take a lease, a file counts as left when it was still for so long and another has grown.</summary>
    private static readonly TimeSpan StillTime = TimeSpan.FromSeconds(3);

    private readonly string path;
    private readonly ExitRecorder recorder;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Guid bootId = BootIdentity.Read();
    private readonly Queue<AcctFile> left = new();

    private AcctFile? current;
    private FileIdentity identity;
    private WriterState writer;
    private int watchId;
    private ulong lastSequence;
    private long lastLength;
    private long stillSince;
    private bool missing;

    /// <summary>Nothing is opened before <see cref="Start"/>.</summary>
    public FollowedFile(string path, ExitRecorder recorder, TimeProvider clock, ILogger log)
    {
        this.path = path;
        this.recorder = recorder;
        this.clock = clock;
        this.log = log;
        var directory = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        Space = new SuspensionWatch(() => FreeSpace.TryRead(directory, out var space) ? space : null, path, recorder, log);
        Watch = IAccountingSource.TryWatch(log);
    }

    /// <inheritdoc/>
    public string Kind => "file";

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public FileWatch? Watch { get; }

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
            throw new CaptureFault($"cannot read {path}: {error.Message}. It must exist and be readable for this user "
                + "(on Debian: the group adm)", error);
        }

        var position = recorder.Position;
        if (position.Segment == 0 || position.Fingerprint == 0 || position.IsFinished)
        {
            Open(handle, Fresh());
        }
        else if (IsAt(handle, position))
        {
            Open(handle, position);
        }
        else
        {
            FindRotated(position);
            Open(handle, Fresh());
        }

        CaptureLog.Following(log, path);
    }

    /// <inheritdoc/>
    public void Pass()
    {
        Watch?.Drain();
        while (left.TryPeek(out var file))
        {
            recorder.Drain(file, FileEnd.Final);
            recorder.MoveTo(left.Count > 1 ? left.ElementAt(1).Position : current?.Position ?? file.Position.Finished());
            left.Dequeue().Dispose();
        }

        if (current is null)
        {
            TryOpenAgain();
        }

        if (current is null)
        {
            return;
        }

        // Asked before the file is read: what it says holds for all that is read.
        writer = WriterLease.Test(current.Handle);
        if (!RewindIfTruncated(current))
        {
            recorder.Drain(current, writer == WriterState.NotWriting ? FileEnd.Left : FileEnd.Growing);
        }

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

    private static bool IsAt(SafeFileHandle handle, SourcePosition position) =>
        RandomAccess.GetLength(handle) >= (long)position.Offset && AcctFile.FingerprintOf(handle) == position.Fingerprint;

    private SourcePosition Fresh() => new(bootId, ++lastSequence, 0, 0);

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

    /// <summary>Queues the file beside ours that holds the position, and those that came after it.</summary>
    private void FindRotated(SourcePosition position)
    {
        var full = System.IO.Path.GetFullPath(path);
        var name = System.IO.Path.GetFileName(full);
        var siblings = new List<(string File, DateTime Written)>();
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(full)!, name + "*"))
        {
            // pacct.0, pacct.1, pacct-20261122: compressed ones are older than what a daemon that was briefly down needs.
            if (file.Length > full.Length && file[full.Length] is '.' or '-' && !file.EndsWith(".gz", StringComparison.Ordinal))
            {
                siblings.Add((file, File.GetLastWriteTimeUtc(file)));
            }
        }

        siblings.Sort((a, b) => a.Written.CompareTo(b.Written));
        var found = false;
        foreach (var (file, _) in siblings)
        {
            found |= TryQueue(file, position, found);
        }

        if (!found)
        {
            recorder.Tally(Tallies.Gap(LossReason.Rotated));
            CaptureLog.SourceReplaced(log, path);
        }
    }

    private bool TryQueue(string file, SourcePosition position, bool found)
    {
        try
        {
            var handle = OpenRead(file);
            if (found || IsAt(handle, position))
            {
                left.Enqueue(new AcctFile(handle, file, found ? Fresh() : position));
                return true;
            }

            handle.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            CaptureLog.SourceUnreadable(log, file, error.Message);
        }

        return false;
    }

    /// <summary>Shorter than what was counted, or another first record: everything from its start is new.</summary>
    private bool RewindIfTruncated(AcctFile file)
    {
        var length = file.Length;
        if (length != lastLength)
        {
            stillSince = clock.GetTimestamp();
        }

        lastLength = length;
        var known = file.Position.Fingerprint;
        if (length >= (long)file.Position.Offset && (known == 0 || AcctFile.FingerprintOf(file.Handle) == known))
        {
            return false;
        }

        recorder.Tally(Tallies.Gap(LossReason.Truncated));
        CaptureLog.SourceTruncated(log, path);
        file.Position = Fresh();
        recorder.MoveTo(file.Position);
        return true;
    }

    /// <summary>Goes on with the file that now has the name, once the kernel has left the one that had it.</summary>
    private void FollowName(AcctFile file)
    {
        if (!FileIdentity.TryOfPath(path, out var named, out _))
        {
            if (!missing && writer == WriterState.NotWriting)
            {
                CaptureLog.SourceMissing(log, path);
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
        current = null;
        TryOpenAgain();
        recorder.Tally(Tallies.Rotations);
        recorder.MoveTo(current?.Position ?? file.Position.Finished());
        file.Dispose();
        CaptureLog.SourceRotated(log, path);
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
                missing = true;
            }
        }
    }
}
