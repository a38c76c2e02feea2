// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>As whom this process runs.</summary>
internal static unsafe class OwnIdentity
{
    /// <summary>The effective user.</summary>
    public static uint Uid => Libc.geteuid();

    /// <summary>
    /// Makes every thread a member of one more group, which takes CAP_SETGID. Members may give their files to it, and
    /// go on being members when the right is gone. 0, or the errno.
    /// </summary>
    public static int Join(uint gid)
    {
        var count = Libc.getgroups(0, null);
        if (count < 0)
        {
            return Errno.Last;
        }

        var groups = new uint[count + 1];
        fixed (uint* first = groups)
        {
            count = Libc.getgroups(count, first);
            if (count < 0)
            {
                return Errno.Last;
            }

            if (groups.AsSpan(0, count).Contains(gid))
            {
                return 0;
            }

            groups[count] = gid;
            return Libc.setgroups((nuint)count + 1, first) == 0 ? 0 : Errno.Last;
        }
    }
}
