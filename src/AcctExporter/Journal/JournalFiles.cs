// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Journal;

/// <summary>The files of a journal: <c>journal-00000000000000000001.acj</c>, named by their first block.</summary>
internal static class JournalFiles
{
    private const string Prefix = "journal-";
    private const string Suffix = ".acj";
    private const int Digits = 20;

    /// <summary>The path of the file that begins with the block <paramref name="firstSequence"/>.</summary>
    public static string PathOf(string directory, ulong firstSequence) =>
        Path.Combine(directory, Prefix + firstSequence.ToString("D20", CultureInfo.InvariantCulture) + Suffix);

    /// <summary>All files, oldest first; none when there is no folder. Files of other names are left alone.</summary>
    public static List<(ulong FirstSequence, string Path)> List(string directory)
    {
        List<(ulong FirstSequence, string Path)> files = [];
        if (!Directory.Exists(directory))
        {
            return files;
        }

        foreach (var path in Directory.EnumerateFiles(directory, Prefix + "*" + Suffix))
        {
            var digits = Path.GetFileName(path.AsSpan())[Prefix.Length..^Suffix.Length];
            if (digits.Length == Digits
                && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var firstSequence))
            {
                files.Add((firstSequence, path));
            }
        }

        files.Sort(static (a, b) => a.FirstSequence.CompareTo(b.FirstSequence));
        return files;
    }
}
