// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Ledger;

/// <summary>
/// Names of kernel threads without what tells one from its like: a CPU, a device, a number. There may be thousands of
/// <c>kworker/3:1-events</c>, and nobody asks for one.
/// </summary>
internal static class KernelThreads
{
    /// <summary>
    /// The name up to its first <c>/</c> or <c>:</c> (<c>jbd2/sda1-8</c> is <c>jbd2</c>); without such, the name
    /// without the digits at its end, and the <c>_</c> and <c>-</c> before them (<c>scsi_eh_0</c> is <c>scsi_eh</c>).
    /// Never empty, and never the <see cref="LabelText.Other"/> of the limit.
    /// </summary>
    public static ReadOnlySpan<char> Fold(ReadOnlySpan<char> name)
    {
        var cut = name.IndexOfAny('/', ':');
        var folded = cut >= 0 ? name[..cut] : name;
        if (cut < 0 && name.Length > 0 && char.IsAsciiDigit(name[^1]))
        {
            folded = name.TrimEnd("0123456789").TrimEnd("_-");
        }

        return folded.IsEmpty || folded.SequenceEqual(LabelText.Other) ? name : folded;
    }
}
