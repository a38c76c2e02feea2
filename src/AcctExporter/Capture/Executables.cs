// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using AcctExporter.Kernel;

namespace AcctExporter.Capture;

/// <summary>
/// Paths of executables by device and inode, which is what the kernel tells of an ended process. They are found among
/// the usual directories and the processes that still live, and given only while the path leads to that very file: a
/// wrong path is worse than none. For a program in a container it is the path inside. Of a file with several names it
/// is one of them. On file systems whose files show another device than their own (btrfs, some overlays) there is none.
/// </summary>
internal sealed class Executables(TimeProvider clock, string processes = "/proc", IReadOnlyList<string>? usual = null)
{
    /// <summary>Paths of living processes kept at most; when they are so many, all are forgotten.</summary>
    public const int KnownAtMost = 4096;

    /// <summary>Files of the usual directories kept at most.</summary>
    public const int UsualAtMost = 16_384;

    /// <summary>How long <see cref="TryGetKnown"/> relies on a look at the file.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ProcessInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(5);

    /// <summary>Looking at all processes takes at most one part in so many of the time.</summary>
    private const int ProcessScanShare = 50;

    private static readonly string[] UsualDirectories =
    [
        "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin", "/usr/lib/systemd",
        "/usr/libexec",
    ];

    private static readonly EnumerationOptions PlainFiles = new()
    {
        // A symbolic link is another file's name, and hidden files are files.
        AttributesToSkip = FileAttributes.ReparsePoint,
        RecurseSubdirectories = true,
        MaxRecursionDepth = 2,
        IgnoreInaccessible = true,
    };

    private readonly IReadOnlyList<string> directories = usual ?? UsualDirectories;
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<(ulong Device, ulong Inode), Place> known = new();
    private Dictionary<(ulong, ulong), string> files = [];
    private long filesListed;
    private long processesListed;

    /// <summary>From the last look at all processes to the next.</summary>
    private TimeSpan processesWait;
    private bool isListed;

    /// <summary>
    /// The path, looked for where need be: that may take a tenth of a second, so it is nothing for the capture thread.
    /// Any thread may ask.
    /// </summary>
    /// <param name="device">In the kernel's 32-bit encoding (new_encode_dev).</param>
    /// <param name="inode">On that device.</param>
    /// <param name="endUnixSeconds">
    /// When its process ended. A file that changed since may have been given the inode number of one that was deleted.
    /// </param>
    /// <returns>Null when it is not certain.</returns>
    public string? PathOf(ulong device, ulong inode, long endUnixSeconds)
    {
        var file = (device, inode);
        lock (gate)
        {
            return Known(file, endUnixSeconds) ?? Usual(file, endUnixSeconds) ?? Living(file, endUnixSeconds);
        }
    }

    /// <summary>
    /// The same from memory alone: only what was looked at within <see cref="Trust"/>. Never waits, reads nothing.
    /// </summary>
    public bool TryGetKnown(ulong device, ulong inode, long endUnixSeconds, out string? path)
    {
        var found = known.TryGetValue((device, inode), out var place) && clock.GetElapsedTime(place.Seen) < Trust
            && IsOlder(place.ChangedUnixNanoseconds, endUnixSeconds);
        path = found ? place.Path : null;
        return found;
    }

    /// <summary>The kernel's 32-bit form of a device (<c>include/linux/kdev_t.h</c>, new_encode_dev).</summary>
    public static ulong Encode(ulong device)
    {
        var (major, minor) = (device >> 32, device & uint.MaxValue);
        return (minor & 0xff) | (major << 8) | ((minor & ~0xfful) << 12);
    }

    private string? Known((ulong, ulong) file, long endUnixSeconds)
    {
        if (!known.TryGetValue(file, out var place))
        {
            return null;
        }

        if (Remember(file, place.Path, place.Reached))
        {
            return Certain(file, endUnixSeconds);
        }

        known.TryRemove(file, out _);
        return null;
    }

    private string? Usual((ulong, ulong) file, long endUnixSeconds)
    {
        if (!files.TryGetValue(file, out var path)
            && (!isListed || clock.GetElapsedTime(filesListed) >= UsualInterval))
        {
            files = ListUsual();
            filesListed = clock.GetTimestamp();
            isListed = true;
            files.TryGetValue(file, out path);
        }

        return path is not null && Remember(file, path, path) ? Certain(file, endUnixSeconds) : null;
    }

    private string? Living((ulong, ulong) file, long endUnixSeconds)
    {
        if (clock.GetElapsedTime(processesListed) < processesWait)
        {
            return null;
        }

        var start = clock.GetTimestamp();
        ListLiving();
        processesListed = clock.GetTimestamp();
        var share = clock.GetElapsedTime(start, processesListed) * ProcessScanShare;
        processesWait = share > ProcessInterval ? share : ProcessInterval;
        return known.ContainsKey(file) ? Certain(file, endUnixSeconds) : null;
    }

    private Dictionary<(ulong, ulong), string> ListUsual()
    {
        var found = new Dictionary<(ulong, ulong), string>();
        foreach (var path in directories.Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFiles(directory, "*", PlainFiles)).Take(UsualAtMost))
        {
            if (FileIdentity.TryOfPath(path, out var identity, out _))
            {
                // The first name stands: /bin is /usr/bin on most hosts.
                found.TryAdd((Encode(identity.Device), identity.Inode), path);
            }
        }

        return found;
    }

    private void ListLiving()
    {
        foreach (var process in Directory.EnumerateDirectories(processes))
        {
            // Looking through the link tells the file even where its name means nothing to us.
            var link = $"{process}/exe";
            if (!char.IsAsciiDigit(process[processes.Length + 1])
                || !FileIdentity.TryOfPath(link, out var identity, out _))
            {
                continue;
            }

            var file = (Encode(identity.Device), identity.Inode);
            if (!known.ContainsKey(file) && TargetOf(link) is { } path && !Remember(file, path, path))
            {
                // In a container the name is that of its own root, which is there while this process lives.
                Remember(file, path, $"{process}/root{path}");
            }
        }
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It ended, or is none of ours to look at.
            return null;
        }
    }

    /// <summary>
    /// Notes a path when it leads to the file now. That settles renamed, replaced and deleted files alike.
    /// </summary>
    private bool Remember((ulong, ulong) file, string path, string reached)
    {
        if (!FileIdentity.TryOfPath(reached, out var identity, out _)
            || (Encode(identity.Device), identity.Inode) != file)
        {
            return false;
        }

        if (known.Count >= KnownAtMost && !known.ContainsKey(file))
        {
            known.Clear();
        }

        known[file] = new Place(path, reached, identity.ChangedUnixNanoseconds, clock.GetTimestamp());
        return true;
    }

    private string? Certain((ulong, ulong) file, long endUnixSeconds) =>
        known.TryGetValue(file, out var place) && IsOlder(place.ChangedUnixNanoseconds, endUnixSeconds)
            ? place.Path
            : null;

    private static bool IsOlder(long changedUnixNanoseconds, long endUnixSeconds) =>
        changedUnixNanoseconds / 1_000_000_000 < endUnixSeconds;

    /// <summary>A path, how this process reaches it, and what was seen there when.</summary>
    private readonly record struct Place(string Path, string Reached, long ChangedUnixNanoseconds, long Seen);
}
