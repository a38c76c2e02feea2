// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Capture;

/// <summary>
/// Name of a segment file: <c>pacct-SEQUENCE-BOOT</c>. The sequence number has 20 digits and is never used again; BOOT
/// is the boot id of the kernel that wrote it. Together they say which segment it is: an inode is used again, a path
/// too.
/// </summary>
/// <param name="Sequence">1 and up.</param>
/// <param name="BootId"><c>/proc/sys/kernel/random/boot_id</c> when the segment was made.</param>
internal readonly record struct SegmentName(ulong Sequence, Guid BootId)
{
    private const string Prefix = "pacct-";
    private const int SequenceDigits = 20;

    /// <summary>Reads a file name; false for files that are no segments.</summary>
    public static bool TryParse(string file, out SegmentName name)
    {
        name = default;
        if (!file.StartsWith(Prefix, StringComparison.Ordinal) || file.Length < Prefix.Length + SequenceDigits + 2)
        {
            return false;
        }

        var digits = file.AsSpan(Prefix.Length, SequenceDigits);
        if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || file[Prefix.Length + SequenceDigits] != '-'
            || !Guid.TryParseExact(file.AsSpan(Prefix.Length + SequenceDigits + 1), "N", out var boot))
        {
            return false;
        }

        // Guid's reader takes capitals and spaces: such a file is none of ours, and its name could not be given back.
        name = new SegmentName(sequence, boot);
        return name.ToString() == file;
    }

    /// <summary>The file name.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Sequence:D20}-{BootId:N}");
}
