// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>
/// What is known of one ended process: the centre of the house. All figures are integers of base units or millionths of
/// them, so that sums do not depend on the order or the grouping in which exits are counted.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcessExit
{
    /// <summary>First 8 bytes of <see cref="CommandName"/>.</summary>
    public ulong CommandLow;

    /// <summary>Last 8 bytes of <see cref="CommandName"/>.</summary>
    public ulong CommandHigh;

    /// <summary>CPU time in user mode. From the accounting file: whole ticks of 10 ms, cut down.</summary>
    public ulong UserMicroseconds;

    /// <summary>CPU time in the kernel, likewise.</summary>
    public ulong SystemMicroseconds;

    /// <summary>Time from the start of the process to its end, without the time that the host was suspended.</summary>
    public ulong ElapsedMicroseconds;

    /// <summary>Size of the address space at exit (<c>ac_mem</c>): neither a peak nor resident memory.</summary>
    public ulong VirtualMemoryBytes;

    /// <summary>Page faults served without reading from storage.</summary>
    public ulong MinorFaults;

    /// <summary>Page faults that waited for storage.</summary>
    public ulong MajorFaults;

    /// <summary>Real user id, as seen by whoever switched accounting on.</summary>
    public uint Uid;

    /// <summary>Real group id, likewise.</summary>
    public uint Gid;

    /// <summary>Process id in the PID namespace of the file; 0 in records before v3.</summary>
    public uint Pid;

    /// <summary>
    /// Process id of the parent at the end; 0 in records before v3, or when it is outside of the namespace.
    /// </summary>
    public uint Ppid;

    /// <summary>Wait status: see <see cref="ExitStatus"/>.</summary>
    public uint ExitCode;

    /// <summary>
    /// Wall clock at exit minus elapsed time, in whole seconds: moves with clock steps, never an identity.
    /// </summary>
    public uint BeginUnixSeconds;

    /// <summary>
    /// What labels and rules need beside user and name (group, unit, executable, ...), as a number that the capture
    /// gave to this combination; 0 for nothing. Means nothing outside of this process, and is in no file.
    /// Below 2^31.
    /// </summary>
    public uint Context;

    /// <summary>Controlling terminal as a 16-bit device number; 0 for none.</summary>
    public ushort Tty;

    /// <summary><c>ac_flag</c>.</summary>
    public AcctFlags Flags;

    /// <summary>Version of the record that this exit was read from, 0 to 3.</summary>
    public byte Version;

    /// <summary>The name of the program.</summary>
    public readonly CommandName Command => new(CommandLow, CommandHigh);

    /// <summary>How the process ended.</summary>
    public readonly ExitStatus Status => new(ExitCode);

    /// <summary>
    /// The second in which a process ended. The kernel writes the wall clock's seconds at the end, less the whole
    /// seconds of the elapsed time, as the begin: so this sum is exact, and the begin may be up to a second late.
    /// </summary>
    public readonly long EndUnixSeconds => BeginUnixSeconds + (long)(ElapsedMicroseconds / 1_000_000);

    /// <summary>
    /// True for the shape of a kernel thread's record: a child of kthreadd (pid 2), root's, without memory of its own.
    /// Programs have memory until they end, whatever they call themselves, so none has this shape.
    /// </summary>
    public readonly bool IsKernelThread =>
        Ppid == 2 && Uid == 0 && VirtualMemoryBytes == 0 && (MinorFaults | MajorFaults) == 0;

    /// <summary>
    /// True for the shape of the record that the kernel appends about the <em>living caller</em> of acct(), umount and
    /// their like when it leaves a file (kernel/acct.c, acct_pin_kill): no memory, a clean exit, an exec'ed program
    /// that is no kernel thread. It may have CPU time, faults and flags: those of the caller's threads that have ended
    /// (acct_collect adds them up; the memory it takes from the last thread only). It is that record only when it also
    /// stands last in a file that the kernel has left.
    /// </summary>
    public readonly bool LooksLikeLeaving =>
        VirtualMemoryBytes == 0 && ExitCode == 0 && (Flags & AcctFlags.ForkedWithoutExec) == 0 && Ppid != 2;
}
