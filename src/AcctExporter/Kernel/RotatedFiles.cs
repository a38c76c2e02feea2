// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>
/// What a followed file has become: the file beside it that begins with the same record (pacct.1, pacct.0,
/// pacct-20261122), and those that were rotated after that one. Known by their first record and by the order of their
/// names: a copy that somebody made with another name is never taken for a later file.
/// </summary>
/// <param name="path">The name that the newest file has.</param>
/// <param name="unreadable">Told of a file or directory that cannot be read, and why.</param>
internal sealed class RotatedFiles(string path, Action<string, string> unreadable)
{
    private readonly string full = System.IO.Path.GetFullPath(path);

    /// <summary>Times when one of them, or their directory, could not be read.</summary>
    public ulong Failures { get; private set; }

    /// <summary>
    /// The file that is looked for, and those rotated later, in the order of their writing. None when that file is not
    /// there; then <paramref name="hasGap"/>, as when one between is missing.
    /// </summary>
    /// <param name="isIt">True for the file that is looked for, and for copies of it.</param>
    /// <param name="offset">How long it must be at least.</param>
    /// <param name="hasGap">Something is missing.</param>
    public List<(SafeFileHandle Handle, string Name)> Since(
        Func<SafeFileHandle, bool> isIt, ulong offset, out bool hasGap)
    {
        var found = new List<(SafeFileHandle Handle, string Name)>();
        hasGap = true;
        if (LongestAt(isIt, offset) is not { } first)
        {
            return found;
        }

        found.Add(first);
        var suffix = first.Name[full.Length..];
        if (TryNumber(suffix, out var number))
        {
            // pacct.2 became so before pacct.1 did; the newest is 1 (logrotate) or 0 (savelog).
            hasGap = false;
            for (var later = number - 1; later >= 0; later--)
            {
                var isThere = Add(string.Create(CultureInfo.InvariantCulture, $"{full}.{later}"), found);
                hasGap |= !isThere && later > 0;
            }

            return found;
        }

        hasGap = false;
        foreach (var file in Siblings().Order(StringComparer.Ordinal))
        {
            var other = file[full.Length..];
            if (IsDate(suffix) && IsDate(other) && other.Length == suffix.Length
                && string.CompareOrdinal(other, suffix) > 0)
            {
                Add(file, found);
            }
        }

        return found;
    }

    /// <summary>
    /// The file that had the name before: the one with the lowest number, or with the latest date; null without one.
    /// </summary>
    public (SafeFileHandle Handle, string Name)? Newest()
    {
        var name = Siblings()
            .Select(file => (File: file, Suffix: file[full.Length..]))
            .Where(file => TryNumber(file.Suffix, out _) || IsDate(file.Suffix))
            .OrderBy(file => TryNumber(file.Suffix, out var number) ? number : int.MaxValue)
            .ThenByDescending(file => file.Suffix, StringComparer.Ordinal)
            .FirstOrDefault().File;
        return name is not null && TryOpen(name) is { } handle ? (handle, name) : null;
    }

    private static bool TryNumber(string suffix, out int number)
    {
        number = 0;
        return suffix[0] == '.' && suffix.Length <= 5
            && int.TryParse(suffix.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsDate(string suffix) =>
        suffix[0] == '-' && suffix.Length > 1 && suffix.All(letter => letter == '-' || char.IsAsciiDigit(letter));

    /// <summary>Of several copies the longest: it was the file itself.</summary>
    private (SafeFileHandle Handle, string Name)? LongestAt(Func<SafeFileHandle, bool> isIt, ulong offset)
    {
        (SafeFileHandle Handle, string Name)? best = null;
        var longest = (long)offset - 1;
        foreach (var file in Siblings())
        {
            if (TryOpen(file) is not { } handle)
            {
                continue;
            }

            var length = RandomAccess.GetLength(handle);
            if (length > longest && isIt(handle))
            {
                best?.Handle.Dispose();
                best = (handle, file);
                longest = length;
            }
            else
            {
                handle.Dispose();
            }
        }

        return best;
    }

    private IEnumerable<string> Siblings()
    {
        try
        {
            var directory = System.IO.Path.GetDirectoryName(full)!;
            return Directory.GetFiles(directory, System.IO.Path.GetFileName(full) + "*")
                .Where(file => file.Length > full.Length + 1 && file[full.Length] is '.' or '-');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            unreadable(full, error.Message);
            Failures++;
            return [];
        }
    }

    private bool Add(string file, List<(SafeFileHandle Handle, string Name)> found)
    {
        if (!File.Exists(file) || TryOpen(file) is not { } handle)
        {
            return false;
        }

        found.Add((handle, file));
        return true;
    }

    private SafeFileHandle? TryOpen(string file)
    {
        try
        {
            return File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            unreadable(file, error.Message);
            Failures++;
            return null;
        }
    }
}
