// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

// The system's own library and none that lies beside the program.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace AcctExporter.Kernel;

/// <summary>
/// The C library's functions under their own names, over blittable arguments only. Layouts and numbers are those of
/// 64-bit Linux; where x86-64 and arm64 differ, it says so.
/// </summary>
internal static unsafe class Libc
{
    private const string C = "libc";

    public const int CurrentDirectory = -100;
    public const int EmptyPath = 0x1000;

    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoControllingTerminal = 0x100;
    public const int Append = 0x400;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int PathOnly = 0x200000;

    /// <summary><c>PATH_MAX</c>: the most bytes of a path that the kernel takes, with the NUL.</summary>
    public const int PathMax = 4096;

    /// <summary><c>O_DIRECTORY</c>: Arm kept its own number (arch/arm64/include/uapi/asm/fcntl.h).</summary>
    public static readonly int MustBeDirectory = IsArm ? 0x4000 : 0x10000;

    /// <summary><c>O_NOFOLLOW</c>: likewise.</summary>
    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    /// <summary>The number of getdents64(2), which older C libraries do not have.</summary>
    public static readonly nint GetDents64 = IsArm ? 61 : 217;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    [DllImport(C, SetLastError = true)]
    public static extern int acct(byte* path);

    [DllImport(C, SetLastError = true)]
    public static extern int open(byte* path, int flags, uint mode);

    [DllImport(C, SetLastError = true)]
    public static extern int openat(int directory, byte* path, int flags, uint mode);

    [DllImport(C, SetLastError = true)]
    public static extern nint syscall(nint number, nint first, nint second, nint third, nint fourth);

    [DllImport(C, SetLastError = true)]
    public static extern int close(int descriptor);

    [DllImport(C)]
    public static extern int mallopt(int parameter, int value);

    [DllImport(C, SetLastError = true)]
    public static extern int setpriority(int which, uint who, int niceness);

    [DllImport(C, SetLastError = true)]
    public static extern int mkdirat(int directory, byte* path, uint mode);

    [DllImport(C, SetLastError = true)]
    public static extern int unlinkat(int directory, byte* path, int flags);

    [DllImport(C, SetLastError = true)]
    public static extern nint readlink(byte* path, byte* buffer, nuint size);

    [DllImport(C, SetLastError = true)]
    public static extern nint read(int descriptor, byte* buffer, nuint size);

    [DllImport(C, SetLastError = true)]
    public static extern nint pread(int descriptor, byte* buffer, nuint size, long offset);

    [DllImport(C, SetLastError = true)]
    public static extern nint write(int descriptor, byte* buffer, nuint size);

    [DllImport(C, SetLastError = true)]
    public static extern int ftruncate(int descriptor, long length);

    [DllImport(C, SetLastError = true)]
    public static extern long lseek(int descriptor, long offset, int whence);

    [DllImport(C, SetLastError = true)]
    public static extern int fsync(int descriptor);

    [DllImport(C, SetLastError = true)]
    public static extern int flock(int descriptor, int operation);

    [DllImport(C, SetLastError = true)]
    public static extern int fcntl(int descriptor, int command, nint argument);

    [DllImport(C, SetLastError = true)]
    public static extern int statx(int directory, byte* path, int flags, uint mask, byte* result);

    [DllImport(C, SetLastError = true)]
    public static extern int statvfs(byte* path, ulong* result);

    [DllImport(C, SetLastError = true)]
    public static extern int fstatvfs(int descriptor, ulong* result);

    [DllImport(C, SetLastError = true)]
    public static extern int faccessat(int directory, byte* path, int mode, int flags);

    [DllImport(C, SetLastError = true)]
    public static extern int adjtimex(byte* state);

    [DllImport(C, SetLastError = true)]
    public static extern int inotify_init1(int flags);

    [DllImport(C, SetLastError = true)]
    public static extern int inotify_add_watch(int descriptor, byte* path, uint mask);

    [DllImport(C, SetLastError = true)]
    public static extern int inotify_rm_watch(int descriptor, int watch);

    [DllImport(C, SetLastError = true)]
    public static extern int eventfd(uint value, int flags);

    [DllImport(C, SetLastError = true)]
    public static extern int clock_getres(int clock, long* resolution);

    [DllImport(C, SetLastError = true)]
    public static extern int clock_gettime(int clock, long* time);

    [DllImport(C, SetLastError = true)]
    public static extern int poll(PollEntry* entries, nuint count, int milliseconds);

    [DllImport(C, SetLastError = true)]
    public static extern int socket(int domain, int type, int protocol);

    [DllImport(C, SetLastError = true)]
    public static extern int bind(int descriptor, NetlinkAddress* address, uint size);

    [DllImport(C, SetLastError = true)]
    public static extern nint send(int descriptor, byte* buffer, nuint size, int flags);

    [DllImport(C, SetLastError = true)]
    public static extern int recvmmsg(
        int descriptor, MultipleMessage* messages, uint count, int flags, void* timeout);

    [DllImport(C, SetLastError = true)]
    public static extern int getsockopt(int descriptor, int level, int option, void* value, uint* size);

    [DllImport(C, SetLastError = true)]
    public static extern int setsockopt(int descriptor, int level, int option, void* value, uint size);

    [DllImport(C)]
    public static extern int getpwuid_r(uint uid, void* entry, byte* buffer, nuint size, void** result);

    [DllImport(C)]
    public static extern int getpwnam_r(byte* name, void* entry, byte* buffer, nuint size, void** result);

    [DllImport(C)]
    public static extern int getgrnam_r(byte* name, void* entry, byte* buffer, nuint size, void** result);

    /// <summary>Not for two threads at once, as the two around it.</summary>
    [DllImport(C, SetLastError = true)]
    public static extern void* getpwent();

    [DllImport(C)]
    public static extern void setpwent();

    [DllImport(C)]
    public static extern void endpwent();

    [DllImport(C, SetLastError = true)]
    public static extern byte* realpath(byte* path, byte* resolved);

    [DllImport(C, SetLastError = true)]
    public static extern int chown(byte* path, uint uid, uint gid);

    [DllImport(C)]
    public static extern int getgrgid_r(uint gid, void* entry, byte* buffer, nuint size, void** result);

    [DllImport(C)]
    public static extern int posix_spawn(
        int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [DllImport(C, SetLastError = true)]
    public static extern int waitpid(int pid, int* status, int options);

    [DllImport(C, SetLastError = true)]
    public static extern int wait4(int pid, int* status, int options, long* usage);

    [DllImport(C)]
    public static extern int posix_spawnattr_init(void* attributes);

    [DllImport(C)]
    public static extern int posix_spawnattr_setflags(void* attributes, short flags);

    [DllImport(C)]
    public static extern int posix_spawnattr_setsigdefault(void* attributes, ulong* signals);

    [DllImport(C)]
    public static extern int posix_spawnattr_destroy(void* attributes);

    [DllImport(C, SetLastError = true)]
    public static extern int prctl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    /// <summary>Of the calling thread alone; <c>header</c> is <c>__user_cap_header_struct</c> (capget(2)).</summary>
    [DllImport(C, SetLastError = true)]
    public static extern int capget(uint* header, uint* data);

    /// <inheritdoc cref="capget"/>
    [DllImport(C, SetLastError = true)]
    public static extern int capset(uint* header, uint* data);

    [DllImport(C, SetLastError = true)]
    public static extern int execve(byte* path, byte** arguments, byte** environment);

    [DllImport(C, SetLastError = true)]
    public static extern int getgroups(int size, uint* groups);

    /// <summary>Of all threads: the C library tells each.</summary>
    [DllImport(C, SetLastError = true)]
    public static extern int setgroups(nuint size, uint* groups);

    [DllImport(C)]
    public static extern uint geteuid();

    [DllImport(C, SetLastError = true)]
    public static extern int sigaction(int signal, ulong* action, ulong* before);

    [DllImport(C, SetLastError = true)]
    public static extern int kill(int pid, int signal);

    [DllImport(C)]
    public static extern int getpid();

    [DllImport(C, SetLastError = true)]
    public static extern int getrusage(int who, long* result);

    [DllImport(C, SetLastError = true)]
    public static extern int getrlimit(int resource, ulong* result);

    [DllImport(C)]
    public static extern nint sysconf(int name);
}

/// <summary><c>struct pollfd</c> (poll(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Descriptor;
    public short Asked;
    public short Seen;
}

/// <summary><c>struct sockaddr_nl</c> (netlink(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetlinkAddress
{
    public ushort Family;
    public ushort Padding;
    public uint Port;
    public uint Groups;
}

/// <summary><c>struct iovec</c> (recvmsg(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Start;
    public nuint Length;
}

/// <summary><c>struct mmsghdr</c> (recvmmsg(2)): <c>struct msghdr</c>, and how many bytes were received.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MultipleMessage
{
    public void* Name;
    public nuint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public nint Flags;
    public uint Length;
    private readonly uint padding;
}
