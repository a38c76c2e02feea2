// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Kernel;

namespace AcctExporter.Capture;

/// <summary>
/// One call of acct(2) at a person's wish (<c>accton</c>), under the lock that agents have while they use accounting.
/// </summary>
/// <param name="accountingPath">Where an agent of this host has its segments and its lock.</param>
/// <param name="mayTake">Switch although an agent has accounting on.</param>
internal sealed partial class AccountingTurn(string accountingPath, bool mayTake)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly List<string> notes = [];

    /// <summary>What should be known of the new state, each a sentence.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>
    /// Accounting to a file, which is made with mode 0600 when it is missing, or off. When it cannot be done, all is as
    /// it was.
    /// </summary>
    /// <param name="file">Its name; null for off.</param>
    /// <returns>Null when it is done, else why it is not, and what to do about it.</returns>
    public string? To(string? file)
    {
        try
        {
            // The right first: without it, nothing is made and no lock looked at.
            SegmentSwitch.DemandRight();
            using var guard = Take(out var holder);
            return holder is not null && !mayTake ? Refusal(holder) : Switch(file, holder);
        }
        catch (CaptureFault fault)
        {
            return fault.Message;
        }
        catch (IOException error)
        {
            return error.Message;
        }
    }

    /// <summary>The agents' lock; null when there is nothing to lock, or when an agent has it.</summary>
    private AccountingLock? Take(out string? holder)
    {
        holder = null;
        if (!Directory.Exists(accountingPath))
        {
            return null;
        }

        var taken = AccountingLock.TryTake(Path.Combine(accountingPath, "lock"), out holder);
        holder = taken is null ? holder ?? "unknown" : null;
        return taken;
    }

    /// <summary>The segment that the kernel writes to, or null.</summary>
    private string? FindSegment() => Directory.Exists(accountingPath)
        ? ActiveAccounting.Find(Directory.EnumerateFiles(accountingPath, "pacct-*")) : null;

    private string Refusal(string holder) =>
        $"an agent (process {holder}) has accounting on, with its files in {accountingPath}. End it first (systemctl "
        + "stop acct-exporter), or give --force: then it counts nothing until accounting is its own again, and takes "
        + "it back after a while unless the kernel writes to one of the usual files";

    private string? Switch(string? file, string? holder)
    {
        var segment = holder is null ? FindSegment() : null;
        var isNew = false;
        if (file is not null && (Create(file, out isNew) is { } fault))
        {
            return fault;
        }

        var errno = ProcessAccounting.Switch(file);
        if (errno != 0)
        {
            if (isNew)
            {
                File.Delete(file!);
            }

            return ProcessAccounting.Explain(errno, file ?? "off");
        }

        if (holder is not null)
        {
            notes.Add($"accounting was taken from an agent (process {holder}): see {accountingPath}");
        }
        else if (segment is not null)
        {
            notes.Add($"accounting was on, to {segment}, for an agent that does not run: it counts at its next start "
                + "what ended up to now, and nothing that ends from now on");
        }

        if (file is not null)
        {
            NoteWhatStandsInTheWay(file);
        }

        return null;
    }

    /// <summary>Makes the file when it is missing; null, or why that cannot be done.</summary>
    private static string? Create(string file, out bool isNew)
    {
        isNew = false;
        if (Path.Exists(file))
        {
            return null;
        }

        try
        {
            // Made anew or not at all: nobody's link is followed.
            using var made = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            });
            isNew = true;
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
            return $"cannot make {file}: {FileFault.Why(error, file)}"
                + (Directory.Exists(directory) ? "" : $"; make its directory first: mkdir {directory}");
        }
    }

    private void NoteWhatStandsInTheWay(string file)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (SegmentDirectory.Foresee(directory) is { } warning)
        {
            notes.Add(warning);
        }

        if (AccountingThresholds.TryRead(out var limits) && FreeSpace.TryRead(file, out var space)
            && !limits.ResumesAt(space))
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{space.FreeRatio:P1} of the file system are free: the kernel records nothing below "
                + $"{limits.ResumePercent} % (kernel.acct)"));
        }
    }
}
