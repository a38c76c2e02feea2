// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// The calls of acct(2) of this program: to a new segment, off, and back to whom accounting was taken from.
/// </summary>
internal sealed class SegmentSwitch(CaptureOptions options, SegmentDirectory directory, Guid bootId, ILogger log)
{
    private string? takenFrom;
    private bool fails;

    /// <summary>The highest sequence number that was ever used.</summary>
    public ulong LastSequence { get; set; }

    /// <summary>Attempts to switch to a segment that failed.</summary>
    public ulong Failures { get; private set; }

    /// <summary>
    /// Says so at once when this process may not switch accounting, before anything is made or opened.
    /// </summary>
    /// <exception cref="CaptureFault">It may not, or the kernel has no accounting.</exception>
    public static void DemandRight()
    {
        // The right is looked at before the path, and a directory is never accepted: this changes nothing.
        var errno = ProcessAccounting.Switch("/");
        if (errno is Errno.EPERM or Errno.ENOSYS)
        {
            throw new CaptureFault(errno == Errno.EPERM
                ? "switching process accounting on needs root (CAP_SYS_PACCT in the initial user namespace). Run this "
                    + "as root, or follow another program's accounting file, which takes no privilege: "
                    + "acct-exporter serve --source=FILE"
                : ProcessAccounting.Explain(errno, "a segment")
                    + ". A file from elsewhere can be followed: --source=FILE");
        }
    }

    /// <summary>Another program's accounting, or another agent's, is taken only when we are told to.</summary>
    /// <exception cref="CaptureFault">We are not.</exception>
    public void RefuseOthersFile()
    {
        if (!options.TakeOver && ActiveAccounting.FindSegment(options) is { } segment)
        {
            throw new CaptureFault(
                $"another agent has accounting on, to {segment}: its page says what this one would. End it first, or "
                + "take accounting from it (--accounting.take-over)");
        }

        if (ActiveAccounting.Find(options.UsualFiles) is { } file)
        {
            takenFrom = options.TakeOver ? file : throw new CaptureFault(
                $"another program has accounting on, to {file}. Follow that file without touching it "
                + $"(--source={file}), or take accounting from it (--accounting.take-over): then that program "
                + "gets no more records");
        }
    }

    /// <summary>Makes a segment and switches the kernel to it; null, and why, when that cannot be done.</summary>
    public AcctFile? ToNewSegment(out string why)
    {
        var name = new SegmentName(++LastSequence, bootId);
        var file = name.ToString();
        try
        {
            // Held open from its birth: whatever somebody does with the name, this is what the kernel writes to.
            var handle = directory.CreateNew(file);
            CrashPoint.Reach(CrashPoint.BeforeSwitch);
            var errno = ProcessAccounting.Switch(directory.PathOf(file));
            if (errno == 0)
            {
                CrashPoint.Reach(CrashPoint.AfterSwitch);
                fails = false;
                why = "";
                return new AcctFile(handle, file, new SourcePosition(bootId, name.Sequence, 0, 0));
            }

            handle.Dispose();
            directory.Delete(file);
            why = ProcessAccounting.Explain(errno, options.AccountingPath);
        }
        catch (IOException error)
        {
            why = error.Message;
        }

        Failures++;
        return null;
    }

    /// <summary>Says once why it fails, until it works again.</summary>
    public void SayFailure(string why, TimeSpan nextAttempt)
    {
        if (!fails)
        {
            CaptureLog.CannotSwitch(log, why, nextAttempt);
        }

        fails = true;
    }

    /// <summary>Accounting off, or back to whom it was taken from. False, and said, when it cannot be done.</summary>
    /// <param name="last">The segment that the kernel leaves; marked, so that the next start finds no gap.</param>
    public bool Off(AcctFile last)
    {
        if (!TryOff())
        {
            return false;
        }

        SegmentLeftovers.MarkSwitchedOff(last.Handle);
        return true;
    }

    private bool TryOff()
    {
        if (takenFrom is not null)
        {
            var refused = ProcessAccounting.Switch(takenFrom);
            if (refused == 0)
            {
                CaptureLog.HandedBack(log, takenFrom);
                return true;
            }

            CaptureLog.CannotHandBack(log, ProcessAccounting.Explain(refused, takenFrom));
        }

        var errno = ProcessAccounting.Switch(null);
        if (errno != 0)
        {
            CaptureLog.CannotSwitchOff(log, ProcessAccounting.Explain(errno, "off"));
            return false;
        }

        CaptureLog.SwitchedOff(log);
        return true;
    }
}
