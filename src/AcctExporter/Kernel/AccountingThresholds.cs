// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Kernel;

/// <summary>
/// <c>kernel.acct</c>: when the kernel suspends accounting for want of space and when it goes on (proc_sys_kernel(5)).
/// The arithmetic is that of kernel/acct.c, check_free_space. The kernel looks only when a process ends, and a newly
/// opened file starts suspended.
/// </summary>
/// <param name="ResumePercent">Free space from which on a suspended file is written again; 4 by default.</param>
/// <param name="SuspendPercent">Free space at or under which the file is suspended; 2 by default.</param>
/// <param name="IntervalSeconds">How long the kernel relies on its last look; 30 by default.</param>
internal readonly record struct AccountingThresholds(int ResumePercent, int SuspendPercent, int IntervalSeconds)
{
    /// <summary>Where the kernel shows them. Missing when it was built without process accounting.</summary>
    public const string DefaultPath = "/proc/sys/kernel/acct";

    /// <summary>The kernel's own defaults.</summary>
    public static readonly AccountingThresholds Default = new(4, 2, 30);

    /// <summary>Reads what is set now; false when the file cannot be read or is not three numbers.</summary>
    public static bool TryRead(out AccountingThresholds value, string path = DefaultPath)
    {
        try
        {
            return TryParse(File.ReadAllText(path), out value);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            value = default;
            return false;
        }
    }

    /// <summary>Reads <c>4 2 30</c>, with tabs or blanks. The kernel checks no value, so neither does this.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AccountingThresholds value)
    {
        Span<int> numbers = stackalloc int[3];
        var count = 0;
        value = default;
        foreach (var range in text.SplitAny('\t', ' ', '\n'))
        {
            if (text[range].IsEmpty)
            {
                continue;
            }

            if (count == numbers.Length || !TryParse(text[range], out numbers[count++]))
            {
                return false;
            }
        }

        value = new(numbers[0], numbers[1], numbers[2]);
        return count == numbers.Length;
    }

    /// <summary>True when the kernel, at its next look, stops writing to a file that it writes to now.</summary>
    public bool SuspendsAt(FreeSpace space) => space.BlocksAvailable <= Limit(space.Blocks, SuspendPercent);

    /// <summary>True when the kernel, at its next look, writes to a file that is suspended or newly opened.</summary>
    public bool ResumesAt(FreeSpace space) => space.BlocksAvailable >= Limit(space.Blocks, ResumePercent);

    private static bool TryParse(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    /// <summary>A negative percentage becomes a huge number here, as it does in the kernel (u64 times int).</summary>
    private static ulong Limit(ulong blocks, int percent) => unchecked(blocks * (ulong)percent) / 100;
}
