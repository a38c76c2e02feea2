// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Kernel;

/// <summary>
/// The capabilities of the calling thread (capabilities(7)), a bit each. The kernel keeps them for each thread by
/// itself: what one gives up, the others still have.
/// </summary>
/// <param name="Effective">What is looked at when the thread asks for something.</param>
/// <param name="Permitted">What it may make effective.</param>
/// <param name="Inheritable">What a program that it becomes may get.</param>
internal readonly record struct CapabilitySets(ulong Effective, ulong Permitted, ulong Inheritable)
{
    private const uint Version = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
    private const int Words = 6; // two of struct __user_cap_data_struct

    private const int BoundingRead = 23; // PR_CAPBSET_READ
    private const int BoundingDrop = 24; // PR_CAPBSET_DROP
    private const int SetNoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int Ambient = 47; // PR_CAP_AMBIENT
    private const int AmbientRaise = 2; // PR_CAP_AMBIENT_RAISE

    /// <summary>Names by number (include/uapi/linux/capability.h), without <c>CAP_</c>.</summary>
    private static readonly string[] Names =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
        "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
        "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
        "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
        "CHECKPOINT_RESTORE",
    ];

    /// <summary>What the calling thread has now; nothing where the kernel does not say.</summary>
    public static unsafe CapabilitySets Read()
    {
        var header = stackalloc uint[2] { Version, 0 };
        var data = stackalloc uint[Words];
        return Libc.capget(header, data) != 0 ? default : new(
            data[0] | (ulong)data[3] << 32, data[1] | (ulong)data[4] << 32, data[2] | (ulong)data[5] << 32);
    }

    /// <summary>Makes them the calling thread's. 0, or the errno.</summary>
    public unsafe int Set()
    {
        var header = stackalloc uint[2] { Version, 0 };
        var data = stackalloc uint[Words]
        {
            (uint)Effective, (uint)Permitted, (uint)Inheritable,
            (uint)(Effective >> 32), (uint)(Permitted >> 32), (uint)(Inheritable >> 32),
        };
        return Libc.capset(header, data) == 0 ? 0 : Errno.Last;
    }

    /// <summary>
    /// From now on no program that this thread becomes can give it more than it has: not root's, and not one with the
    /// set-user-ID bit. 0, or the errno.
    /// </summary>
    public static int ForbidNewOnes() => Libc.prctl(SetNoNewPrivileges, 1, 0, 0, 0) == 0 ? 0 : Errno.Last;

    /// <summary>
    /// Takes all but these out of what a program that the thread becomes could ever have. It takes CAP_SETPCAP; without
    /// it, they stay as they are, and <see cref="ForbidNewOnes"/> alone stands in the way.
    /// </summary>
    public static void Bound(ulong kept)
    {
        for (var i = 0; i < 64 && Libc.prctl(BoundingRead, (nuint)i, 0, 0, 0) >= 0; i++)
        {
            if ((kept >> i & 1) == 0)
            {
                _ = Libc.prctl(BoundingDrop, (nuint)i, 0, 0, 0);
            }
        }
    }

    /// <summary>
    /// Has a program that the thread becomes keep these, also when the user is not root. They must be permitted and
    /// inheritable. Kernels before 4.3 do not know it: there root alone keeps them.
    /// </summary>
    public static void RaiseAmbient(ulong kept)
    {
        for (var i = 0; i < 64; i++)
        {
            if ((kept >> i & 1) != 0)
            {
                _ = Libc.prctl(Ambient, AmbientRaise, (nuint)i, 0, 0);
            }
        }
    }

    /// <summary>As people write them: <c>CAP_SYS_PACCT, CAP_LEASE</c>; <c>none</c> for nothing.</summary>
    public static string Text(ulong capabilities)
    {
        var names = new List<string>();
        for (var i = 0; i < 64; i++)
        {
            if ((capabilities >> i & 1) != 0)
            {
                names.Add(i < Names.Length ? "CAP_" + Names[i]
                    : string.Create(CultureInfo.InvariantCulture, $"capability {i}"));
            }
        }

        return names.Count == 0 ? "none" : string.Join(", ", names);
    }

    /// <summary>The number of a capability by its name, <c>CAP_SYS_PACCT</c>; -1 for none.</summary>
    public static int Number(string name) => Array.FindIndex(Names, known => "CAP_" + known == name);
}
