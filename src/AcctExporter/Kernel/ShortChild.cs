// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Kernel;

/// <summary>
/// The canary: a child of our own that ends at once, whose accounting record must then come. posix_spawn(3) and a wait
/// for that one pid, so that children which others of this program wait for are left alone.
/// </summary>
internal static class ShortChild
{
    private const int DoNotHang = 1;
    private const int Kill = 9;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Programs that do nothing. With none of them there, the attempt itself leaves an exit behind.</summary>
    private static readonly string[] Programs = ["/bin/true", "/usr/bin/true", "/bin/busybox"];

    /// <summary>Starts a child and waits for its end, for 5 seconds at most.</summary>
    /// <param name="pid">
    /// Its pid; 0 when no program could be started, and what ended is an unnamed fork of this process.
    /// </param>
    /// <returns>0 when an exit happened; else the errno that prevented it, or ETIMEDOUT.</returns>
    public static int Run(out int pid) => Run(Array.Find(Programs, File.Exists) ?? Programs[0], out pid);

    internal static unsafe int Run(string program, out int pid)
    {
        var child = 0;
        fixed (byte* path = CString.Of(program), name = "true\0"u8)
        {
            var arguments = stackalloc byte*[2] { name, null };
            byte* noEnvironment = null;
            var errno = Libc.posix_spawn(&child, path, null, null, arguments, &noEnvironment);
            if (errno != 0)
            {
                pid = 0;

                // These mean that no child was made; any other, that a child was made and could not become the program.
                return errno is Errno.EAGAIN or Errno.ENOMEM or Errno.ENOSYS or Errno.EPERM ? errno : 0;
            }
        }

        pid = child;
        return WaitFor(child);
    }

    private static unsafe int WaitFor(int pid)
    {
        var start = Stopwatch.GetTimestamp();
        var killed = false;
        while (true)
        {
            int status;
            var ended = Libc.waitpid(pid, &status, DoNotHang);

            // ECHILD: when SIGCHLD is ignored, children are not waited for: the kernel or the runtime took it.
            if (ended == pid || (ended < 0 && Errno.Last == Errno.ECHILD))
            {
                return killed ? Errno.ETIMEDOUT : 0;
            }

            if (ended < 0 && Errno.Last != Errno.EINTR)
            {
                return Errno.Last;
            }

            if (Stopwatch.GetElapsedTime(start) > Limit)
            {
                if (killed)
                {
                    return Errno.ETIMEDOUT;
                }

                // It is our child and not yet waited for, so the number is still its own.
                _ = Libc.kill(pid, Kill);
                killed = true;
                start = Stopwatch.GetTimestamp();
            }

            Thread.Sleep(1);
        }
    }
}
