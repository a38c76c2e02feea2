// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>
/// <c>struct acct_v3</c> in the byte order of the machine, laid over the bytes by the fast reader of
/// <see cref="AcctRecord"/>. Layout: <c>include/uapi/linux/acct.h</c>, 64 bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = AcctRecord.Size)]
internal readonly struct RawV3
{
    /// <summary>What the version byte says of a record in the byte order of x86 and of most others.</summary>
    public const byte VersionNumber = 3;

    public readonly byte Flags;
    public readonly byte Version;
    public readonly ushort Tty;
    public readonly uint ExitCode;
    public readonly uint Uid;
    public readonly uint Gid;
    public readonly uint Pid;
    public readonly uint Ppid;
    public readonly uint BeginUnixSeconds;
    public readonly float ElapsedTicks;
    public readonly ushort UserTicks;
    public readonly ushort SystemTicks;
    public readonly ushort MemoryKib;
    public readonly ushort IoCharacters;
    public readonly ushort BlocksReadOrWritten;
    public readonly ushort MinorFaults;
    public readonly ushort MajorFaults;
    public readonly ushort Swaps;
    public readonly ulong CommandLow;
    public readonly ulong CommandHigh;
}
