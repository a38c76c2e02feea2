// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Capture;

/// <summary>
/// What the last agent left in the directory of the segments, and what of it is missing. Looked at once, before
/// accounting is switched to a new segment.
/// </summary>
internal sealed class SegmentLeftovers
{
    /// <summary>
    /// The mode of a segment after which an agent switched accounting off itself: what came then is no gap. In the
    /// file, for the journal may have no room when the agent ends.
    /// </summary>
    private const UnixFileMode SwitchedOff = UnixFileMode.UserRead;

    private readonly SegmentDirectory directory;
    private readonly ExitRecorder recorder;
    private readonly ILogger log;
    private readonly Guid bootId;
    private readonly List<SegmentName> found = [];
    private readonly bool isLeft;

    /// <summary>Looks at the directory.</summary>
    public SegmentLeftovers(SegmentDirectory directory, ExitRecorder recorder, Guid bootId, ILogger log)
    {
        this.directory = directory;
        this.recorder = recorder;
        this.bootId = bootId;
        this.log = log;
        foreach (var file in directory.List())
        {
            if (SegmentName.TryParse(file, out var name))
            {
                found.Add(name);
            }
        }

        found.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        var states = found.ConvertAll(StateOf);
        IsWritten = states.Contains(WriterState.Writing);
        isLeft = states.Count > 0 && states.TrueForAll(state => state == WriterState.NotWriting)
            && !IsSwitchedOff(found[^1]);
    }

    /// <summary>We switch accounting off, and this segment was the last.</summary>
    /// <exception cref="IOException">Its file system cannot be written.</exception>
    public static void MarkSwitchedOff(SafeFileHandle segment) => File.SetUnixFileMode(segment, SwitchedOff);

    /// <summary>The kernel still writes to one of them.</summary>
    public bool IsWritten { get; }

    /// <summary>The highest sequence number that was ever used.</summary>
    public ulong LastSequence => Math.Max(found.Count > 0 ? found[^1].Sequence : 0, recorder.Position.Segment);

    /// <summary>Says what cannot be had any more, and queues the rest in <paramref name="left"/>.</summary>
    public void Take(SegmentQueue left)
    {
        JudgeLoss();
        foreach (var name in found)
        {
            Take(name, left);
        }
    }

    private WriterState StateOf(SegmentName name)
    {
        using var handle = directory.TryOpenRead(name.ToString());
        return handle is null ? WriterState.NotWriting : WriterLease.Test(handle);
    }

    private bool IsSwitchedOff(SegmentName name)
    {
        using var handle = directory.TryOpenRead(name.ToString());
        return handle is not null && File.GetUnixFileMode(handle) == SwitchedOff;
    }

    private void JudgeLoss()
    {
        var position = recorder.Position;
        if (position.Segment == 0 || position.IsFinished || position.BootId == Guid.Empty)
        {
            // Nothing was counted, or all of it, or it was another program's file.
            return;
        }

        var isThere = found.Exists(name => name.Sequence == position.Segment);
        if (position.BootId != bootId)
        {
            if (!isThere)
            {
                recorder.Tally(Tallies.Gap(LossReason.Reboot));
                CaptureLog.LostByReboot(log);
            }
        }
        else if (!isThere)
        {
            recorder.Tally(Tallies.Gap(LossReason.Deleted));
            CaptureLog.LostByDeletion(log, new SegmentName(position.Segment, position.BootId).ToString());
        }
        else if (isLeft)
        {
            recorder.Tally(Tallies.Gap(LossReason.Taken));
            CaptureLog.OffMeanwhile(log, found[^1].ToString());
        }
    }

    private void Take(SegmentName name, SegmentQueue left)
    {
        var position = recorder.Position;
        var file = name.ToString();
        if (name.Sequence < position.Segment || (name.Sequence == position.Segment && position.IsFinished))
        {
            // Counted before the last agent ended, which had no time to delete it.
            left.AddFinished(file);
            return;
        }

        if (directory.TryOpenRead(file) is { } handle)
        {
            var isHalfCounted = name.Sequence == position.Segment;
            var segment = new AcctFile(
                handle, file, isHalfCounted ? position : new SourcePosition(name.BootId, name.Sequence, 0, 0));
            if (isHalfCounted && segment.AfterCut() is { } cut)
            {
                JudgeCut(segment, name.BootId == bootId ? cut : null);
            }

            left.Add(segment);
        }
    }

    /// <summary>
    /// Under the same kernel somebody cut the file, and what is new in it can be told. After a power cut it cannot:
    /// what stands before the position is counted, and is not counted again, whatever it is now.
    /// </summary>
    private void JudgeCut(AcctFile segment, SourcePosition? cut)
    {
        if (cut is { } position)
        {
            segment.Position = position;
            recorder.Tally(Tallies.Gap(LossReason.Truncated));
            CaptureLog.SegmentCut(log, segment.Name);
            return;
        }

        recorder.Tally(Tallies.Gap(LossReason.Power));
        CaptureLog.Shortened(log, segment.Name, segment.Length, segment.Position.Offset);
    }
}
