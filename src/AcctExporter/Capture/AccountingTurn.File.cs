// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Kernel;

namespace AcctExporter.Capture;

/// <content>
/// A new file in the place of the one that the kernel writes to (<c>turnacct switch</c>), and the end of what an agent
/// left on.
/// </content>
internal sealed partial class AccountingTurn
{
    /// <summary>The process that has accounting on, as an agent; null when none has.</summary>
    public string? Agent =>
        AccountingLock.IsHeld(Path.Combine(accountingPath, "lock"), out var holder) ? holder ?? "unknown" : null;

    /// <summary>
    /// Accounting off when an agent that has ended left it on: the kernel writes to one of its segments. Else nothing
    /// is changed, for it is off, or another program's. The next agent finds no gap, as after one that switched it off.
    /// </summary>
    /// <param name="segment">The segment that the kernel wrote to; null when nothing was changed.</param>
    /// <returns>Null when accounting is no agent's now, else why it still is, and what to do about it.</returns>
    public string? OffIfOurs(out string? segment)
    {
        segment = null;
        try
        {
            SegmentSwitch.DemandRight();
            using var guard = Take(out var holder);
            if (holder is not null)
            {
                return Refusal(holder);
            }

            segment = FindSegment();
            if (segment is null)
            {
                return null;
            }

            using var file = File.OpenHandle(segment, share: FileShare.ReadWrite | FileShare.Delete);
            var errno = ProcessAccounting.Switch(null);
            if (errno != 0)
            {
                return ProcessAccounting.Explain(errno, "off");
            }

            SegmentLeftovers.MarkSwitchedOff(file);
            return null;
        }
        catch (CaptureFault fault)
        {
            return fault.Message;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return FileFault.Tell(error);
        }
    }

    /// <summary>
    /// Accounting to a new file of this name; the one that had it gets the next number: <c>pacct1</c>. No exit is lost:
    /// the kernel is given the new file before any is renamed, and goes on with it under whatever name. Accounting that
    /// was off is on then.
    /// </summary>
    /// <param name="file">The name.</param>
    /// <param name="kept">What the old one is called now; null when there was none.</param>
    /// <returns>Null when it is done, else why it is not, and what to do about it.</returns>
    public string? ToNew(string file, out string? kept)
    {
        kept = null;
        var next = file + ".switch";
        try
        {
            SegmentSwitch.DemandRight();
            using var held = AccountingLock.TryTake(file + ".lock", out var holder);
            if (held is null)
            {
                return $"process {holder ?? "unknown"} switches {file} just now";
            }

            if (File.Exists(next))
            {
                // One was killed here: the kernel may write to either, and both keep what they have.
                Rename(file, next);
            }

            if (To(next) is { } fault)
            {
                return fault;
            }

            kept = Rename(file, next);
            return null;
        }
        catch (CaptureFault fault)
        {
            return fault.Message;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{FileFault.Tell(error)}; what ends now is recorded in {next} or {file}, and switching again puts "
                + "them in order";
        }
    }

    private static string? Rename(string file, string next)
    {
        string? kept = null;
        if (File.Exists(file))
        {
            var number = 1;
            do
            {
                kept = string.Create(CultureInfo.InvariantCulture, $"{file}{number++}");
            }
            while (Path.Exists(kept));

            File.Move(file, kept);
        }

        File.Move(next, file);
        return kept;
    }
}
