// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>
/// Opens a directory below a root that may be another mount namespace's (<c>/proc/1/root</c>), and says to whose mounts
/// it belongs. Missing directories on the way are made.
/// </summary>
internal static class HostDirectory
{
    /// <summary>The root of the first process of our PID namespace, whose mounts end last.</summary>
    public const string FirstProcessRoot = "/proc/1/root";

    private const uint OwnerOnly = 0x1c0; // 0700

    /// <summary>openat2(2): one number on every architecture; the C library has no function for it.</summary>
    private const int OpenAt2 = 437;

    /// <summary><c>RESOLVE_IN_ROOT</c>.</summary>
    private const ulong ResolveInRoot = 0x10;

    /// <summary>Opens <paramref name="path"/>, absolute, below <paramref name="root"/>. 0, or the errno.</summary>
    public static int Open(string root, string path, out SafeFileHandle? directory) =>
        Open(root, path, makes: true, out directory);

    /// <summary>Likewise, but makes nothing: what is opened is the nearest parent that is there.</summary>
    public static int OpenNearest(string root, string path, out SafeFileHandle? directory) =>
        Open(root, path, makes: false, out directory);

    /// <summary>
    /// True when the directory lies on a mount that the first process has: mount numbers are unique in the whole
    /// kernel, so a number in its table is its mount and not ours. Asked and not assumed, because a symbolic link can
    /// lead astray.
    /// </summary>
    public static bool IsOnMountOfFirstProcess(SafeFileHandle directory)
    {
        try
        {
            var facts = File.ReadAllText(string.Create(
                CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{directory.DangerousGetHandle()}"));
            const string label = "mnt_id:";
            var start = facts.IndexOf(label, StringComparison.Ordinal);
            if (start < 0)
            {
                return false;
            }

            var line = facts.AsSpan(start + label.Length);
            var number = line[..line.IndexOf('\n')].Trim().ToString() + " ";
            return File.ReadLines("/proc/1/mountinfo").Any(mount => mount.StartsWith(number, StringComparison.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int Open(string root, string path, bool makes, out SafeFileHandle? directory)
    {
        directory = null;
        var errno = OpenAt(Libc.CurrentDirectory, root, inRoot: false, out var rootDescriptor);
        if (errno != 0)
        {
            return errno;
        }

        using var rootHandle = new SafeFileHandle(rootDescriptor, ownsHandle: true);
        var parent = new SafeFileHandle(rootDescriptor, ownsHandle: false);
        var reached = "";
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            reached = reached.Length == 0 ? name : $"{reached}/{name}";
            errno = OpenAt(rootDescriptor, reached, root != "/", out var descriptor);
            if (errno == Errno.ENOENT && !makes)
            {
                // A descriptor of its own also for the root, whose handle ends with this method.
                errno = OpenAt(parent, out descriptor);
                parent.Dispose();
                directory = errno == 0 ? new(descriptor, ownsHandle: true) : null;
                return errno;
            }

            if (errno == Errno.ENOENT && (errno = MakeAt(parent, name)) == 0)
            {
                errno = OpenAt(rootDescriptor, reached, root != "/", out descriptor);
            }

            parent.Dispose();
            if (errno != 0)
            {
                return errno;
            }

            parent = new(descriptor, ownsHandle: true);
        }

        directory = parent;
        return 0;
    }

    private static unsafe int MakeAt(SafeFileHandle parent, string name)
    {
        using var descriptor = new BorrowedDescriptor(parent);
        fixed (byte* bytes = CString.Of(name))
        {
            // Another may have made it meanwhile: opening it will tell.
            var errno = Libc.mkdirat(descriptor.Number, bytes, OwnerOnly) == 0 ? 0 : Errno.Last;
            return errno == Errno.EEXIST ? 0 : errno;
        }
    }

    private static int OpenAt(SafeFileHandle directory, out int descriptor)
    {
        using var parent = new BorrowedDescriptor(directory);
        return OpenAt(parent.Number, ".", inRoot: false, out descriptor);
    }

    /// <summary>
    /// <paramref name="inRoot"/>: an absolute symbolic link (/var/run, say) starts again at the given root, and not at
    /// ours, where open(2) would look.
    /// </summary>
    private static unsafe int OpenAt(int directory, string path, bool inRoot, out int descriptor)
    {
        var flags = Libc.PathOnly | Libc.CloseOnExec | Libc.MustBeDirectory;
        fixed (byte* bytes = CString.Of(path))
        {
            if (inRoot)
            {
                var how = new OpenHow { Flags = (ulong)flags, Resolve = ResolveInRoot };
                descriptor = (int)Libc.syscall(OpenAt2, directory, (nint)bytes, (nint)(&how), sizeof(OpenHow));

                // Kernels before 5.6 lack it, and seccomp filters older than it say EPERM.
                if (descriptor >= 0 || Errno.Last is not (Errno.ENOSYS or Errno.EPERM))
                {
                    return descriptor >= 0 ? 0 : Errno.Last;
                }
            }

            descriptor = Libc.openat(directory, bytes, flags, 0);
            return descriptor >= 0 ? 0 : Errno.Last;
        }
    }

    /// <summary><c>struct open_how</c> (linux/openat2.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
