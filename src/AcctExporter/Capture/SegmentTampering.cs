// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>What somebody else may do to the segment that the kernel writes to, seen and said.</summary>
internal sealed class SegmentTampering(SegmentDirectory directory, ExitRecorder recorder, ILogger log)
{
    private AcctFile? displaced;

    /// <summary>Truncated under us: what is new in it will be counted, the rest is a gap.</summary>
    public void RewindIfCut(AcctFile file)
    {
        if (file.AfterCut() is { } position)
        {
            file.Position = position;
            recorder.Tally(Tallies.Gap(LossReason.Truncated));
            CaptureLog.SegmentCut(log, file.Name);
            recorder.MoveTo(position);
        }
    }

    /// <summary>Renamed or deleted: we still count it, but a next agent would not find it.</summary>
    public bool IsDisplaced(AcctFile file)
    {
        if (file.HasName(directory.PathOf(file.Name)))
        {
            return false;
        }

        if (displaced != file)
        {
            displaced = file;
            CaptureLog.SegmentDisplaced(log, file.Name);
        }

        return true;
    }
}
