// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>
/// The directory of the accounting segments, opened once. acct(2) keeps the mount through which it was given its file,
/// and stops without a word when that mount goes; so in a mount namespace of our own the directory is opened through
/// the first process's root, and every path given to the kernel later leads through this one descriptor.
/// CAP_SYS_PTRACE, which that takes, is needed at no other time.
/// </summary>
internal sealed class SegmentDirectory : IDisposable
{
    private const uint OwnerOnly = 0x180; // 0600

    private readonly SafeFileHandle directory;
    private readonly string reached;

    private SegmentDirectory(SafeFileHandle directory, string path, bool survives, string? warning)
    {
        this.directory = directory;
        Path = path;
        reached = $"/proc/self/fd/{directory.DangerousGetHandle()}";
        SurvivesMountNamespace = survives;
        Warning = warning;
    }

    /// <summary>Where it is, as it was asked for: a whole path.</summary>
    public string Path { get; }

    /// <summary>
    /// True when accounting into this directory goes on after the end of this process's mount namespace.
    /// </summary>
    public bool SurvivesMountNamespace { get; }

    /// <summary>When it may not: why, and what to do; a sentence for the log.</summary>
    public string? Warning { get; }

    /// <summary>The open directory, for <see cref="FreeSpace"/>.</summary>
    public SafeFileHandle Handle => directory;

    /// <summary>Opens the directory; it and its missing parents are made with mode 0700.</summary>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    public static SegmentDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        var own = MountNamespace.IsOwn();
        var failure = "";
        if (own == true)
        {
            var refused = HostDirectory.Open(HostDirectory.FirstProcessRoot, path, out var outside);
            if (IsOutside(refused, outside, out failure))
            {
                return new(outside!, path, survives: true, warning: null);
            }

            outside?.Dispose();
        }

        var errno = HostDirectory.Open("/", path, out var inside);
        return errno == 0
            ? new(inside!, path, own == false, WarningFor(own, path, failure))
            : throw Errno.Fault("open the accounting directory", path, errno);
    }

    /// <summary>Takes over what <see cref="Open"/> opened before this process became another program.</summary>
    /// <param name="directory">The open directory.</param>
    /// <param name="path">What <see cref="Path"/> was.</param>
    /// <param name="survives">What <see cref="SurvivesMountNamespace"/> was.</param>
    /// <param name="warning">What <see cref="Warning"/> was; empty for null.</param>
    public static SegmentDirectory TakeOver(SafeFileHandle directory, string path, bool survives, string warning) =>
        new(directory, path, survives, warning.Length > 0 ? warning : null);

    /// <summary>
    /// What <see cref="Warning"/> will say of a directory, without making or changing anything: its nearest parent that
    /// is there answers for it. Null when accounting into it outlives this process's mount namespace.
    /// </summary>
    public static string? Foresee(string path)
    {
        var own = MountNamespace.IsOwn();
        var failure = "";
        if (own == true)
        {
            var refused = HostDirectory.OpenNearest(HostDirectory.FirstProcessRoot, path, out var outside);
            using (outside)
            {
                if (IsOutside(refused, outside, out failure))
                {
                    return null;
                }
            }
        }

        return WarningFor(own, path, failure);
    }

    /// <summary>What to give acct(2), or any other call of this process, for a file of that name.</summary>
    public string PathOf(string name) => $"{reached}/{Checked(name)}";

    /// <summary>
    /// Makes a file, mode 0600, that must not exist yet, and opens it for reading only: with a writer's handle of our
    /// own <see cref="WriterLease"/> could not tell the kernel's.
    /// </summary>
    /// <exception cref="IOException">It exists, or cannot be made.</exception>
    public SafeFileHandle CreateNew(string name)
    {
        var errno = OpenFile(name, Libc.ReadOnly | Libc.Create | Libc.Exclusive | Libc.CloseOnExec, out var file);
        return errno == 0 ? file! : throw Errno.Fault("create", $"{Path}/{name}", errno);
    }

    /// <summary>Opens a file for reading; null when there is none of that name.</summary>
    /// <exception cref="IOException">It cannot be opened, or is a symbolic link.</exception>
    public SafeFileHandle? TryOpenRead(string name)
    {
        var errno = OpenFile(name, Libc.ReadOnly | Libc.CloseOnExec | Libc.NoFollow, out var file);
        return errno is 0 or Errno.ENOENT ? file : throw Errno.Fault("open", $"{Path}/{name}", errno);
    }

    /// <summary>Deletes a file; false when there is none of that name.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    public unsafe bool Delete(string name)
    {
        using var descriptor = new BorrowedDescriptor(directory);
        fixed (byte* bytes = CString.Of(Checked(name)))
        {
            if (Libc.unlinkat(descriptor.Number, bytes, 0) == 0)
            {
                return true;
            }
        }

        var errno = Errno.Last;
        return errno == Errno.ENOENT ? false : throw Errno.Fault("delete", $"{Path}/{name}", errno);
    }

    /// <summary>The names of what is in the directory, subdirectories left out, in the order of their bytes.</summary>
    public IReadOnlyList<string> List()
    {
        var names = Directory.GetFiles(reached);
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = System.IO.Path.GetFileName(names[i]);
        }

        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>Makes the names of new segments outlive a power cut.</summary>
    public void Sync()
    {
        // A descriptor opened as a path only cannot be synced: it is opened again.
        using var descriptor = new BorrowedDescriptor(directory);
        DirectorySync.SyncAt(descriptor.Number, ".", Path);
    }

    public void Dispose() => directory.Dispose();

    private unsafe int OpenFile(string name, int flags, out SafeFileHandle? file)
    {
        using var descriptor = new BorrowedDescriptor(directory);
        int opened;
        fixed (byte* bytes = CString.Of(Checked(name)))
        {
            opened = Libc.openat(descriptor.Number, bytes, flags, OwnerOnly);
        }

        file = opened < 0 ? null : new(opened, ownsHandle: true);
        return opened < 0 ? Errno.Last : 0;
    }

    /// <summary>True when what was opened through the first process's root is on a mount of that process.</summary>
    private static bool IsOutside(int errno, SafeFileHandle? directory, out string failure)
    {
        failure = errno == 0 ? "it lies on a mount that the host does not have" : Errno.Describe(errno);
        return errno == 0 && HostDirectory.IsOnMountOfFirstProcess(directory!);
    }

    private static string? WarningFor(bool? own, string path, string failure) => own switch
    {
        true => $"Process accounting into {path} ends when this mount namespace does (a stopped container, a restarted "
            + $"unit with a private mount namespace): the directory could not be opened through "
            + $"{HostDirectory.FirstProcessRoot}: {failure}. Give the agent CAP_SYS_PTRACE, or run it without a mount "
            + "namespace of its own.",
        null => $"It is not known whether process accounting into {path} outlives this process's mount namespace: "
            + "/proc/1/ns/mnt may not be read. CAP_SYS_PTRACE allows it.",
        false => null,
    };

    /// <summary>A name and nothing else: a path would lead out of the directory.</summary>
    private static string Checked(string name) =>
        name is "" or "." or ".." || name.Contains('/', StringComparison.Ordinal)
            ? throw new ArgumentException($"'{name}' is not the name of a file in a directory", nameof(name))
            : name;
}
