// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Kernel;

namespace AcctExporter.Doctor;

/// <summary>The directories of the agent: can files be made there, and is there room?</summary>
internal static class PlaceFindings
{
    /// <summary>Fewer free inodes than this and a directory of ours may fail within a day.</summary>
    private const ulong FewFiles = 100;

    /// <summary>Where the kernel refuses to write accounting, or every exit waits for somebody else.</summary>
    private static readonly string[] Refused = ["proc", "sysfs", "debugfs", "tracefs", "cgroup2", "devpts"];
    private static readonly string[] Remote = ["nfs", "nfs4", "cifs", "smb3", "ceph", "9p", "fuse", "afs"];

    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> Of(HostView host, DoctorOptions options)
    {
        var capture = options.Capture;
        var mounts = MountTable.Read(host);
        if (capture.SourceFile is { } source)
        {
            yield return Source(host, source);
        }
        else
        {
            var place = new Place("accounting", "--accounting.path", capture.AccountingPath, host, mounts);
            yield return PathOf(place);
            if (place.Space is { } space)
            {
                yield return Threshold(place, space, capture);
                yield return Inodes(place, space);
            }
        }

        var storage = new Place("storage", "--storage.path", capture.StoragePath, host, mounts);
        yield return PathOf(storage);
        if (storage.Space is { } room)
        {
            yield return Retention(storage, room, capture, host);
            yield return Inodes(storage, room);
        }
    }

    private static Finding Source(HostView host, string file)
    {
        const string id = "source-file";
        try
        {
            using var handle = File.OpenHandle(
                host.PathOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var writer = WriterLease.Test(handle);
            var size = $"{file} has {RandomAccess.GetLength(handle)} bytes";
            return writer switch
            {
                WriterState.Writing => Finding.Ok(id, $"{size}, and the kernel writes to it."),
                WriterState.Unknown => new(id, FindingState.Unknown,
                    $"{size}; whether the kernel writes to it cannot be asked."),
                _ => new(id, FindingState.Warning, $"{size}, but nobody writes to it now.")
                {
                    Means = "What it holds is counted; more comes only when accounting is switched on to it.",
                    Mend = [$"accton {file}"],
                    Lacks = "exits from now on: accounting is not on to that file",
                },
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var missing = error is FileNotFoundException or DirectoryNotFoundException;
            return new(id, FindingState.Failure, missing ? $"There is no {file}." : $"{file} may not be read.")
            {
                Means = "The agent does not start.",
                Mend = missing ? [$"touch {file} && accton {file}"]
                    : ["usermod --append --groups adm acct-exporter", "sudo acct-exporter serve --source=" + file],
            };
        }
    }

    private static Finding PathOf(Place place)
    {
        var id = place.Id + "-path";
        var where = $"{place.Path} ({place.Kind}{(place.Exists ? "" : $", to be made in {place.Nearest}")})";
        if (place.IsAccounting && Refused.Contains(place.Kind))
        {
            return new(
                id, FindingState.Failure, $"{place.Path} is on {place.Kind}, where the kernel writes no accounting.")
            {
                Means = "acct(2) is refused: the agent does not start.",
                Mend = [$"acct-exporter serve {place.Flag}={CaptureOptions.StandardAccountingPath}"],
            };
        }

        if (!place.NearestIsDirectory)
        {
            return new(id, FindingState.Failure, $"{place.Nearest}, on the way to {place.Path}, is no directory.")
            {
                Means = "The agent does not start.",
                Mend = [$"acct-exporter serve {place.Flag}=DIRECTORY"],
            };
        }

        var errno = place.IsReadOnly ? Errno.EROFS : place.ErrnoOfMaking;
        if (errno != 0)
        {
            return new(id, FindingState.Failure, $"Files cannot be made in {where}: {Errno.Describe(errno)}.")
            {
                Means = "The agent does not start.",
                Mend = errno == Errno.EROFS
                    ? [$"mount -o remount,rw {place.Point}", $"acct-exporter serve {place.Flag}=DIRECTORY"]
                    :
                    [
                        $"install -d -m 0750 -o $(id -u) -g $(id -g) {place.Path}  # as root, with the agent's ids",
                        $"acct-exporter serve {place.Flag}=DIRECTORY",
                    ],
            };
        }

        return !place.IsAccounting || !IsRemote(place.Kind) ? Finding.Ok(id, $"Files can be made in {where}.")
            : new(id, FindingState.Warning, $"{place.Path} is on {place.Kind}, which another program or host serves.")
            {
                Means = "Each process that ends waits until its record is written: when that server stalls, so does "
                    + "the end of every process.",
                Mend = TmpfsMends(place.Path),
            };
    }

    private static Finding Threshold(Place place, FreeSpace space, CaptureOptions capture)
    {
        const string id = "accounting-space";
        if (!AccountingThresholds.TryRead(out var limits, place.Host.PathOf(AccountingThresholds.DefaultPath)))
        {
            limits = AccountingThresholds.Default;
        }

        var what = string.Create(CultureInfo.InvariantCulture,
            $"{place.Path} has {Size(space.FreeBytes)} free, {space.FreeRatio:P1} of its {place.Kind}; the kernel "
            + $"suspends accounting at {limits.SuspendPercent} % and resumes at {limits.ResumePercent} %, looking "
            + $"every {limits.IntervalSeconds} s.");
        if (!limits.ResumesAt(space))
        {
            return new(id, FindingState.Failure, what)
            {
                Means = limits.SuspendsAt(space)
                    ? "The kernel writes no record: what ends is not counted."
                    : "A newly opened file begins to record only over the upper number: what ends is not counted.",
                Mend = [FreeCommand(place), .. TmpfsMends(place.Path)],
                StartsAnd = "count nothing",
            };
        }

        if (space.FreeRatio * 100 < 2 * limits.ResumePercent)
        {
            return new(id, FindingState.Warning, what)
            {
                Means = "It is close: when it fills up, accounting stops without a sign until there is room.",
                Mend = [FreeCommand(place), .. TmpfsMends(place.Path)],
            };
        }

        // The kernel's segment, one that is being counted, and what waits while the agent is down.
        var wanted = 4 * capture.SegmentBytes;
        return space.FreeBytes >= wanted ? Finding.Ok(id, what) : new(id, FindingState.Warning, what)
        {
            Means = $"Segments are {Size(capture.SegmentBytes)} each, so there is no room for four of them: a storm, "
                + "or an agent that is down for long, fills it.",
            Mend =
            [
                $"mount -o remount,size=64m {place.Point}",
                $"acct-exporter serve --accounting.segment-size={Math.Max(4096, space.FreeBytes / 8)}",
            ],
        };
    }

    private static Finding Retention(Place place, FreeSpace space, CaptureOptions capture, HostView host)
    {
        const string id = "storage-space";
        var journal = host.PathOf(place.Path + "/journal");
        var used = host.Names(place.Path + "/journal")
            .Sum(name => FileIdentity.TryOfPath($"{journal}/{name}", out var file, out _) ? file.SizeBytes : 0);
        var left = space.FreeBytes + used;
        var what = $"{place.Path} has {Size(space.FreeBytes)} free; the journal has {Size(used)}"
            + (capture.JournalRetentionBytes == 0 ? "." : $" and may grow to {Size(capture.JournalRetentionBytes)}.");
        if (space.FreeBytes == 0)
        {
            return new(id, FindingState.Failure, what)
            {
                Means = "The journal cannot be written, and nothing is counted that is not written.",
                Mend = [FreeCommand(place)],
                StartsAnd = "count nothing",
            };
        }

        return left >= capture.JournalRetentionBytes ? Finding.Ok(id, what) : new(id, FindingState.Warning, what)
        {
            Means = "The disk fills up before the journal's oldest files are deleted; then counting waits for room.",
            Mend =
            [
                FreeCommand(place),
                $"acct-exporter serve --journal.retention-size={Math.Max(1, left / 2 >> 20)}MiB",
            ],
        };
    }

    private static Finding Inodes(Place place, FreeSpace space)
    {
        var id = place.Id + "-inodes";
        if (space.Files == 0 || space.FilesAvailable >= FewFiles)
        {
            return Finding.Ok(
                id, $"Files can be made: {(space.Files == 0 ? "no limit" : $"{space.FilesAvailable} left")}.");
        }

        return new(id, space.FilesAvailable == 0 ? FindingState.Failure : FindingState.Warning,
            $"The file system of {place.Path} has {space.FilesAvailable} of {space.Files} inodes left.")
        {
            Means = space.FilesAvailable == 0
                ? "No file can be made, however many bytes are free: the agent does not start."
                : "When there are none, no file can be made, however many bytes are free.",
            Mend = [$"du --inodes -xd2 {place.Point} | sort -n | tail  # and delete what can go"],
        };
    }

    private static bool IsRemote(string kind) =>
        Remote.Contains(kind) || kind.StartsWith("fuse.", StringComparison.Ordinal);

    private static string FreeCommand(Place place) => $"du -xhd1 {place.Point} | sort -h  # and delete what can go";

    /// <summary>A small file system of its own: then no other program can fill it.</summary>
    private static string[] TmpfsMends(string path) =>
    [
        $"mkdir -p {path} && mount -t tmpfs -o size=64m,mode=0750 acct-exporter {path}",
        $"echo 'acct-exporter {path} tmpfs size=64m,mode=0750 0 0' >> /etc/fstab",
    ];

    /// <summary>Bytes for people: <c>64.0 MiB</c>.</summary>
    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):F1} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):F1} MiB"),
        >= 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 10):F1} KiB"),
        _ => $"{bytes} bytes",
    };
}
