// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// The switch of BSD process accounting, acct(2): one file for each PID namespace, the last caller wins, and the kernel
/// tells nobody. There is no way to ask what it is set to; see <see cref="WriterLease"/>.
/// </summary>
internal static class ProcessAccounting
{
    /// <summary>
    /// Makes the kernel write to <paramref name="path"/>, an existing file, from now on; null ends accounting. On
    /// return the file used before is final.
    /// </summary>
    /// <returns>0, or the errno: see <see cref="Explain"/>.</returns>
    public static unsafe int Switch(string? path)
    {
        if (path is null)
        {
            return Libc.acct(null) == 0 ? 0 : Errno.Last;
        }

        fixed (byte* bytes = CString.Of(path))
        {
            return Libc.acct(bytes) == 0 ? 0 : Errno.Last;
        }
    }

    /// <summary>What acct(2) means by an errno, and what to do about it, in one sentence for a log.</summary>
    public static string Explain(int errno, string path) => errno switch
    {
        // The capability is tested first and in the initial user namespace, even to switch off: kernel/acct.c,
        // sys_acct.
        Errno.EPERM => Say(
            errno, path,
            "the caller needs CAP_SYS_PACCT in the initial user namespace (root of a rootless container has it only in "
            + "its own), and the file must not be immutable (chattr -i)"),
        Errno.ENOSYS => Say(
            errno, path, "this kernel was built without CONFIG_BSD_PROCESS_ACCT, or a seccomp filter hides acct(2)"),
        Errno.EACCES => Say(
            errno, path,
            "it must be a regular file that the caller may write, in directories it may search: CAP_SYS_PACCT does not "
            + "override file permissions"),
        Errno.EROFS => Say(
            errno, path,
            "its file system is mounted read-only here; choose another directory, or list it in ReadWritePaths= of the "
            + "unit"),
        Errno.EISDIR => Say(errno, path, "it is a directory; give a regular file"),
        Errno.ENOENT => Say(errno, path, "acct(2) never creates the file; create it first"),
        Errno.ENOTDIR => Say(errno, path, "a part of the path is not a directory"),
        Errno.ETXTBSY => Say(errno, path, "it is a program that is running; give a file of its own"),
        Errno.EINVAL => Say(
            errno, path,
            "the kernel does not write accounting to this file system (proc, sysfs, kernel-internal memory files, and "
            + "on some kernels of 2025 mounts with -o sync); choose an ordinary file system or tmpfs"),
        Errno.EIO => Say(errno, path, "its file system cannot be written by the kernel; choose another"),
        Errno.ELOOP => Say(errno, path, "it is a loop of symbolic links"),
        Errno.ENAMETOOLONG => Say(errno, path, "the path is too long"),
        Errno.ENFILE or Errno.ENOMEM => Say(
            errno, path, "the system is out of files or memory; it is tried again later"),
        _ => Say(errno, path, "acct(2) does not document this error"),
    };

    private static string Say(int errno, string path, string advice) =>
        $"process accounting cannot be switched to {path}: {Errno.Describe(errno)}: {advice}";
}
