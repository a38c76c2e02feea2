// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>Whether the kernel measures what tasks wait for.</summary>
internal enum DelayAccountingState : byte
{
    /// <summary>
    /// It does not say: built without CONFIG_TASK_DELAY_ACCT, or older than 5.14, where a boot parameter decided.
    /// </summary>
    Unknown,

    /// <summary>No, the default since 5.14: of all delays only that for want of a CPU is known.</summary>
    Off,

    /// <summary>Yes, for tasks that were forked since.</summary>
    On,
}

/// <summary>
/// <c>kernel.task_delayacct</c> (Documentation/accounting/delay-accounting.rst): it costs a little at every wait, so
/// kernels come with it off.
/// </summary>
internal static class DelayAccounting
{
    /// <summary>Where the kernel shows and takes it.</summary>
    public const string DefaultPath = "/proc/sys/kernel/task_delayacct";

    /// <summary>What is set now.</summary>
    public static DelayAccountingState Read(string path = DefaultPath)
    {
        try
        {
            return File.ReadAllText(path).AsSpan().Trim() switch
            {
                "0" => DelayAccountingState.Off,
                "1" => DelayAccountingState.On,
                _ => DelayAccountingState.Unknown,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return DelayAccountingState.Unknown;
        }
    }

    /// <summary>Switches it on. Tasks that live already are not measured, nor are those they become by exec.</summary>
    /// <param name="why">When false: what was in the way, and what to do, in one sentence for a log.</param>
    public static bool TryEnable(out string why, string path = DefaultPath)
    {
        why = "";
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write("1\n"u8);
            return true;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            why = $"delay accounting cannot be switched on: there is no {path}: the kernel was built without "
                + "CONFIG_TASK_DELAY_ACCT, or is older than 5.14, where it is on unless the boot parameter nodelayacct "
                + "says otherwise";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            why = $"delay accounting cannot be switched on: {error.Message} It takes CAP_SYS_ADMIN and a writable "
                + "/proc/sys; the host can do it with: sysctl kernel.task_delayacct=1";
        }

        return false;
    }
}
