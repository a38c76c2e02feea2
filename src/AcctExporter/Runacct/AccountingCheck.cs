// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>The kernel's accounting, where it is the suite's to switch: no agent has it.</summary>
/// <param name="File">The file that the kernel writes to; null for none that is known.</param>
/// <param name="To">Switches to a file, or with null off; null when it is done, else why it is not.</param>
internal sealed record AccountingSwitch(Func<string?> File, Func<string?, string?> To);

/// <summary>
/// The check of the hour (<c>ckpacct</c>): is there room on the disk, and is enough of the journal closed that it
/// should be charged now, before retention can delete it.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="io">Messages and the clock.</param>
internal sealed class AccountingCheck(RunOptions options, ReportIo io)
{
    /// <summary>The command's name.</summary>
    public const string Name = "ckpacct";

    /// <summary>What the original takes for little: 500 blocks, free or written.</summary>
    public const long ClassicBytes = 500 * TacctSums.BlockBytes;

    private readonly SuitePaths paths = options.Paths;
    private int warnings;

    /// <summary>The kernel's accounting; null where an agent has it, as in the agent itself.</summary>
    public AccountingSwitch? Accounting { get; init; }

    /// <summary>Free bytes of the file system of a folder; null when it cannot be asked.</summary>
    public Func<string, long?> FreeBytes { get; init; } =
        folder => FreeSpace.TryRead(folder, out var space) ? space.FreeBytes : null;

    /// <summary>Free bytes below which accounting is switched off.</summary>
    public long MinimumFreeBytes { get; init; } = options.Compat ? ClassicBytes : options.Suite.MinimumFreeBytes;

    /// <summary>What was charged; null for nothing.</summary>
    public ChargeCounts? Charged { get; private set; }

    /// <summary>Says which file accounting was switched away from, for want of room.</summary>
    public string MarkerPath => Path.Combine(paths.Nite, "acctoff");

    /// <summary>Checks, switches, charges.</summary>
    /// <param name="limitBytes">So much of the journal's closed files may stay uncharged.</param>
    public RunCode Run(long limitBytes)
    {
        try
        {
            paths.MakeFolders();
            using var taken = AccountingLock.TryTake(paths.Lock, out var holder);
            if (taken is null)
            {
                Say(RunLock.HeldBy(paths, holder));
                return RunCode.Locked;
            }

            if (!HasRoom())
            {
                return RunCode.Failed;
            }

            Charge(limitBytes);
            return warnings > 0 ? RunCode.WithWarnings : RunCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Say(FileFault.Tell(error));
            return RunCode.Failed;
        }
        catch (RunFault fault)
        {
            Say(fault.Message);
            return RunCode.Failed;
        }
    }

    private void Charge(long limitBytes)
    {
        var taken = RunMarks.Load(Path.Combine(paths.Nite, "taken"), RunJson.Default.TakenMark);
        var stage = new ProcessStage(paths, Path.Combine(options.StoragePath, JournalExits.FolderName), Warn)
        {
            ByGroup = options.Suite.Groups,
        };
        // What is wrong with the table of prime time, the daily run says.
        var table = new HolidayFile(options.Suite.Logins.HolidaysFile, _ => { }, io.Clock).Read();
        Charged = stage.ChargeClosed(
            JournalMark.TryParse(taken?.JournalTo, out var mark) ? mark : default,
            LifeSplit.Of(table, io.Clock.LocalTimeZone), limitBytes);
    }

    /// <summary>False when there is little room, or accounting cannot be switched on again.</summary>
    private bool HasRoom()
    {
        if (FreeBytes(paths.Root) is not { } free)
        {
            Warn($"{paths.Root}: how much is free cannot be found out");
            return true;
        }

        var isOff = File.Exists(MarkerPath);
        if (free < MinimumFreeBytes)
        {
            SwitchOff($"{free} bytes are free where {paths.Root} is, and {MinimumFreeBytes} are the least", isOff);
            return false;
        }

        return !isOff || SwitchOn(free);
    }

    private void SwitchOff(string why, bool isOff)
    {
        if (Accounting?.File() is not { } file)
        {
            Say(isOff ? $"{why}: still low; accounting is off since it was low first"
                : $"{why}: make room. There is no accounting to switch off: an agent has it, for which the kernel "
                    + "stops writing by itself (kernel.acct), or it is off");
            return;
        }

        SuiteFile.Put(MarkerPath, System.Text.Encoding.UTF8.GetBytes(file));
        var fault = Accounting.To(null);
        if (fault is not null)
        {
            SuiteFile.Delete(MarkerPath);
        }

        Say(fault is null ? $"{why}: turning acctg off ({file}), until there is room again"
            : $"{why}, and accounting cannot be switched off: {fault}");
    }

    private bool SwitchOn(long free)
    {
        var file = File.ReadAllText(MarkerPath);
        if ((Accounting is null ? "an agent has accounting now" : Accounting.To(file)) is { } fault)
        {
            Say($"{free} bytes are free again, but accounting to {file}, which was switched off when they were few, is "
                + $"not on: {fault}. Switch it on (accton {file}), or remove {MarkerPath}");
            return false;
        }

        SuiteFile.Delete(MarkerPath);
        Say($"{free} bytes are free again: restored, acctg is on ({file})");
        return true;
    }

    private void Warn(string message)
    {
        warnings++;
        Say(message);
    }

    private void Say(string message) => io.Errors.WriteLine($"{Name}: {message}");
}
