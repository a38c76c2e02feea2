// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>
/// Follows what the kernel does without telling: under one threshold of free space it suspends accounting, over another
/// it resumes (kernel.acct; <c>check_free_space()</c> in kernel/acct.c). Exits in between leave no record.
/// <c>measure</c> asks the file system, <c>path</c> is what people call it.
/// </summary>
internal sealed class SuspensionWatch(Func<FreeSpace?> measure, string path, ExitRecorder recorder, ILogger log)
{
    private AccountingThresholds? thresholds;
    private FreeSpace free;
    private bool known;
    private bool full;

    /// <summary>True while the kernel, by its own rule, writes no records.</summary>
    public bool Suspended { get; private set; }

    /// <summary>
    /// Free space over the threshold at which a newly opened file begins to record. True when unknown.
    /// </summary>
    public bool RoomForNewFile => !known || thresholds is null || thresholds.Value.ResumesAt(free);

    /// <summary>Free space from 0 to 1; NaN when unknown.</summary>
    public double FreeRatio => known ? free.FreeRatio : double.NaN;

    /// <summary>Accounting is suspended at or under this ratio; NaN when unknown.</summary>
    public double SuspendRatio => thresholds is { } limits ? limits.SuspendPercent / 100.0 : double.NaN;

    /// <summary>Accounting resumes at this ratio; NaN when unknown.</summary>
    public double ResumeRatio => thresholds is { } limits ? limits.ResumePercent / 100.0 : double.NaN;

    /// <summary>The kernel has just opened a new file, which records nothing until there is room.</summary>
    public void FileOpened()
    {
        Read();
        if (!RoomForNewFile && !Suspended)
        {
            Suspend();
        }
    }

    /// <summary>Looks at the free space and says what has changed; true when there is room again.</summary>
    /// <param name="isBlank">The kernel has not yet written to its file: it begins over the upper threshold.</param>
    public bool Look(bool isBlank)
    {
        Read();
        if (!known || thresholds is not { } limits)
        {
            return false;
        }

        var resumed = Suspended && limits.ResumesAt(free);
        if (resumed)
        {
            Suspended = false;
            CaptureLog.Resumed(log, path, free.FreeRatio);
        }
        else if (!Suspended && (limits.SuspendsAt(free) || (isBlank && !limits.ResumesAt(free))))
        {
            Suspend();
        }

        if (full != (free.BlocksAvailable == 0))
        {
            full = !full;
            if (full)
            {
                recorder.Tally(Tallies.Gap(LossReason.DiskFull));
                CaptureLog.DiskFull(log, path);
            }
        }

        return resumed;
    }

    private void Suspend()
    {
        Suspended = true;
        recorder.Tally(Tallies.Gap(LossReason.Suspension));
        CaptureLog.Suspended(log, path, free.FreeRatio, ResumeRatio);
    }

    private void Read()
    {
        if (measure() is { } measured)
        {
            free = measured;
            known = true;
        }

        thresholds = AccountingThresholds.TryRead(out var read) ? read : null;
    }
}
