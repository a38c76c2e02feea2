// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AcctExporter.Records;

/// <summary>
/// One record of an accounting file with every field in the file's own units, of any version and byte order:
/// v3 (<c>struct acct_v3</c>), v2 and v1 (<c>struct acct</c>), v0 (Linux 2.0 to 2.6.7).
/// Layout: <c>include/uapi/linux/acct.h</c>, acct(5). 64 bytes; 62 for v1, which only m68k wrote.
/// Written by <see cref="AcctEncoder"/>.
/// </summary>
internal struct AcctRecord
{
    /// <summary>Size of every record but v1.</summary>
    public const int Size = 64;

    /// <summary>Size of a v1 record: v2 without <c>ac_ahz</c>.</summary>
    public const int SizeV1 = 62;

    /// <summary>Ticks a second of all time fields, unless a v2 record says otherwise (AHZ in acct.h).</summary>
    public const uint DefaultTicksPerSecond = 100;

    /// <summary>
    /// Elapsed times from here on (136 years) are damage: the start time itself has only 32 bits of seconds.
    /// </summary>
    private const ulong ElapsedSecondsLimit = 1UL << 32;
    private const double ElapsedTicksLimit = ElapsedSecondsLimit * (double)DefaultTicksPerSecond;

    /// <summary>Where the name stands in a v3 record.</summary>
    private const int CommandOffset = 48;
    private const byte BigEndianMark = 0x80;
    private const uint EarliestV0UnixSeconds = 631152000; // 1990-01-01: Linux is younger.

    public byte Version;
    public bool BigEndian;
    public AcctFlags Flags;
    public ushort Tty;
    public uint ExitCode;
    public uint Uid;
    public uint Gid;
    public uint Pid;
    public uint Ppid;
    public uint BeginUnixSeconds;
    public uint TicksPerSecond;
    public ulong ElapsedTicks;
    public ulong UserTicks;
    public ulong SystemTicks;

    /// <summary>Address space at exit in KiB.</summary>
    public ulong MemoryKib;

    /// <summary><c>ac_io</c> and <c>ac_rw</c>: always 0 on Linux, kept for files from elsewhere.</summary>
    public ulong IoCharacters;

    /// <inheritdoc cref="IoCharacters"/>
    public ulong BlocksReadOrWritten;
    public ulong MinorFaults;
    public ulong MajorFaults;
    public ulong Swaps;
    public CommandName Command;

    /// <summary>How many bytes a record takes, told from its version byte.</summary>
    public static int SizeOf(byte versionByte) => (versionByte & 0x7f) == 1 ? SizeV1 : Size;

    /// <summary>Reads one slot as an exit: <see cref="TryReadPlain"/> where that suffices. Allocates nothing.</summary>
    public static DecodeStatus TryReadExit(ReadOnlySpan<byte> source, out ProcessExit exit) =>
        TryReadPlain(source, out exit) ? DecodeStatus.Ok : TryReadOther(source, out exit);

    /// <summary>
    /// Reads one slot as an exit, as fast as can be, when it is what kernels of today write on this machine (v3, little
    /// endian) and nothing about it is odd. False says only that <see cref="TryRead"/> must look at it: it is slower,
    /// and names the fault. A name with a byte that could be the version of another record counts as odd.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadPlain(ReadOnlySpan<byte> source, out ProcessExit exit)
    {
        Unsafe.SkipInit(out exit);
        if (source.Length < Size || !BitConverter.IsLittleEndian)
        {
            return false;
        }

        ref readonly var raw = ref MemoryMarshal.AsRef<RawV3>(source);
        if (!IsPlain(in raw, Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(source), CommandOffset)))
        {
            return false;
        }

        exit.CommandLow = raw.CommandLow;
        exit.CommandHigh = raw.CommandHigh;
        exit.UserMicroseconds = CompT.Decode(raw.UserTicks) * (1_000_000 / DefaultTicksPerSecond);
        exit.SystemMicroseconds = CompT.Decode(raw.SystemTicks) * (1_000_000 / DefaultTicksPerSecond);
        // In range, as just seen: the one instruction of the processor, without the care for what is not.
        exit.ElapsedMicroseconds =
            (ulong)float.ConvertToIntegerNative<long>(raw.ElapsedTicks) * (1_000_000 / DefaultTicksPerSecond);
        exit.VirtualMemoryBytes = CompT.Decode(raw.MemoryKib) << 10;
        exit.MinorFaults = CompT.Decode(raw.MinorFaults);
        exit.MajorFaults = CompT.Decode(raw.MajorFaults);
        exit.Uid = raw.Uid;
        exit.Gid = raw.Gid;
        exit.Pid = raw.Pid;
        exit.Ppid = raw.Ppid;
        exit.ExitCode = raw.ExitCode;
        exit.BeginUnixSeconds = raw.BeginUnixSeconds;
        exit.Tty = raw.Tty;
        exit.Flags = (AcctFlags)raw.Flags;
        exit.Version = 3;
        return true;
    }

    /// <summary>
    /// How many records at the start of some bytes <see cref="TryReadPlain"/> would read, one after the other: what a
    /// reader need not look at any more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CountPlain(ReadOnlySpan<byte> source)
    {
        var records = MemoryMarshal.Cast<byte, RawV3>(source);
        var count = 0;
        while (BitConverter.IsLittleEndian && count < records.Length)
        {
            ref readonly var raw = ref records[count];
            if (!IsPlain(in raw, Vector128.Create(raw.CommandLow, raw.CommandHigh).AsByte()))
            {
                break;
            }

            count++;
        }

        return count;
    }

    /// <summary>Reads one slot with all its fields. Any bytes give a status; nothing throws.</summary>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> source, out AcctRecord record)
    {
        record = default;
        if (source.Length < 2 || source.Length < SizeOf(source[1]))
        {
            return DecodeStatus.NeedMoreData;
        }

        var version = (byte)(source[1] & ~BigEndianMark);
        if (version > 3)
        {
            return DecodeStatus.UnknownVersion;
        }

        source = source[..SizeOf(source[1])];
        if (version == 0 && source.IndexOfAnyExcept((byte)0) < 0)
        {
            return DecodeStatus.Hole;
        }

        if ((source[0] & ~(byte)AcctFlags.All) != 0)
        {
            return DecodeStatus.BadFlags;
        }

        record.Version = version;
        record.BigEndian = (source[1] & BigEndianMark) != 0;
        record.Flags = (AcctFlags)source[0];
        return version == 3 ? ReadV3(new Fields(source, record.BigEndian), ref record)
            : ReadOlder(new Fields(source, record.BigEndian), ref record);
    }

    /// <summary>
    /// True when the padding of a v0 record, where v2 has its ticks a second, may have them, too: converters write them
    /// there. Kernels left 0, and no machine of theirs counted slower or faster than this.
    /// </summary>
    public static bool AreTicksOfV0(ushort padding) => padding is >= 10 and <= 10_000;

    /// <summary>The exit that the record tells of.</summary>
    public readonly ProcessExit ToExit() => new()
    {
        CommandLow = Command.Low,
        CommandHigh = Command.High,
        UserMicroseconds = Microseconds(UserTicks),
        SystemMicroseconds = Microseconds(SystemTicks),
        ElapsedMicroseconds = Microseconds(ElapsedTicks),
        VirtualMemoryBytes = MemoryKib << 10,
        MinorFaults = MinorFaults,
        MajorFaults = MajorFaults,
        Uid = Uid,
        Gid = Gid,
        Pid = Pid,
        Ppid = Ppid,
        ExitCode = ExitCode,
        BeginUnixSeconds = BeginUnixSeconds,
        Tty = Tty,
        Flags = Flags,
        Version = Version,
    };

    /// <summary>The comparisons with the elapsed time are false for NaN, as they must be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(in RawV3 raw, Vector128<byte> name) =>
        raw.Version == 3 && (raw.Flags & ~(byte)AcctFlags.All) == 0 && raw.Pid != 0
        && raw.ElapsedTicks >= 0 && raw.ElapsedTicks < (float)ElapsedTicksLimit
        && IsPlainName(name);

    /// <summary>
    /// True when nothing follows the first NUL, and no byte of the name is a version (2 or 3 of either byte order).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlainName(Vector128<byte> name)
    {
        var written = ~Vector128.Equals(name, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xffff;
        var versions = Vector128.Equals(name & Vector128.Create<byte>(0x7e), Vector128.Create<byte>(2));
        // Ones from the lowest bit up, and no others.
        return (written & (written + 1)) == 0 && versions == Vector128<byte>.Zero;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DecodeStatus TryReadOther(ReadOnlySpan<byte> source, out ProcessExit exit)
    {
        var status = TryRead(source, out var record);
        exit = status == DecodeStatus.Ok ? record.ToExit() : default;
        return status;
    }

    private static DecodeStatus ReadV3(Fields fields, ref AcctRecord record)
    {
        double elapsedTicks = fields.Float(28);
        if (!(elapsedTicks >= 0 && elapsedTicks < ElapsedTicksLimit))
        {
            return DecodeStatus.BadElapsed;
        }

        record.Command = fields.Command(CommandOffset, CommandName.Size, out var padded);
        if (!padded)
        {
            return DecodeStatus.BadCommand;
        }

        record.Tty = fields.U16(2);
        record.ExitCode = fields.U32(4);
        record.Uid = fields.U32(8);
        record.Gid = fields.U32(12);
        record.Pid = fields.U32(16);
        record.Ppid = fields.U32(20);
        record.BeginUnixSeconds = fields.U32(24);
        record.ElapsedTicks = (ulong)elapsedTicks;
        record.UserTicks = fields.Comp(32);
        record.SystemTicks = fields.Comp(34);
        record.MemoryKib = fields.Comp(36);
        record.IoCharacters = fields.Comp(38);
        record.BlocksReadOrWritten = fields.Comp(40);
        record.MinorFaults = fields.Comp(42);
        record.MajorFaults = fields.Comp(44);
        record.Swaps = fields.Comp(46);
        record.TicksPerSecond = DefaultTicksPerSecond;
        // A task of another PID namespace that made the kernel leave the file has pid 0, and then no memory.
        return record.Pid == 0 && record.MemoryKib != 0 ? DecodeStatus.BadPid : DecodeStatus.Ok;
    }

    private static DecodeStatus ReadOlder(Fields fields, ref AcctRecord record)
    {
        // v1 lacks the two bytes of ac_ahz: what follows them stands two bytes earlier.
        var shift = record.Version == 1 ? -2 : 0;
        record.Command = fields.Command(36 + shift, CommandName.Size + 1, out var padded);
        if (!padded)
        {
            return DecodeStatus.BadCommand;
        }

        record.Tty = fields.U16(6);
        record.BeginUnixSeconds = fields.U32(8);
        record.UserTicks = fields.Comp(12);
        record.SystemTicks = fields.Comp(14);
        record.MemoryKib = fields.Comp(18);
        record.IoCharacters = fields.Comp(20);
        record.BlocksReadOrWritten = fields.Comp(22);
        record.MinorFaults = fields.Comp(24);
        record.MajorFaults = fields.Comp(26);
        record.Swaps = fields.Comp(28);
        record.TicksPerSecond = record.Version != 1 && fields.U16(30) is > 0 and var ahz
            && (record.Version == 2 || AreTicksOfV0(ahz)) ? ahz : DefaultTicksPerSecond;
        record.ExitCode = fields.U32(32 + shift);
        var uid = fields.U32(56 + shift);
        var gid = fields.U32(60 + shift);
        if (record.Version != 0)
        {
            // The comp2_t at the end is finer than the comp_t at 16.
            record.ElapsedTicks = Comp2T.Decode(((uint)fields.U8(53 + shift) << 16) | fields.U16(54 + shift));
            (record.Uid, record.Gid) = (uid, gid);
            return record.ElapsedTicks < ElapsedSecondsLimit * record.TicksPerSecond
                && Agree(fields.Comp(16), record.ElapsedTicks)
                ? DecodeStatus.Ok
                : DecodeStatus.BadElapsed;
        }

        // v0 ends in padding, which converters fill with the 32-bit ids: believed when both agree with the 16-bit ones.
        var agrees = (ushort)uid == fields.U16(2) && (ushort)gid == fields.U16(4);
        (record.Uid, record.Gid) = agrees ? (uid, gid) : (fields.U16(2), fields.U16(4));
        record.ElapsedTicks = fields.Comp(16);
        return record.BeginUnixSeconds >= EarliestV0UnixSeconds && record.Command != default
            && record.ExitCode <= 0xffff
            ? DecodeStatus.Ok
            : DecodeStatus.ImplausibleV0;
    }

    /// <summary>
    /// Kernels write the elapsed time of v1 and v2 twice. That both agree is the only proof in such a record: without
    /// it, v3 records read from a wrong place pass for v2, one after the other. Beyond a comp_t, old kernels wrote
    /// garbage.
    /// </summary>
    private static bool Agree(ulong coarse, ulong fine) =>
        fine >= CompT.Largest || Math.Abs((long)(coarse - fine)) <= (long)(fine >> 10);

    private readonly ulong Microseconds(ulong ticks) => TicksPerSecond == DefaultTicksPerSecond
        ? ticks * (1_000_000 / DefaultTicksPerSecond)
        : (ulong)((UInt128)ticks * 1_000_000 / TicksPerSecond);

    /// <summary>The bytes of a record with their byte order.</summary>
    private readonly ref struct Fields(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;

        public byte U8(int offset) => bytes[offset];

        public ushort U16(int offset) => bigEndian
            ? BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..])
            : BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

        public uint U32(int offset) => bigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..])
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

        public float Float(int offset) => BitConverter.UInt32BitsToSingle(U32(offset));

        public ulong Comp(int offset) => CompT.Decode(U16(offset));

        /// <summary>The name in a field of 16 or 17 bytes; the 17th is there to hold a NUL.</summary>
        public CommandName Command(int offset, int size, out bool padded)
        {
            var field = bytes.Slice(offset, size);
            var end = field.IndexOf((byte)0);
            padded = end < 0 ? size == CommandName.Size : field[end..].IndexOfAnyExcept((byte)0) < 0;
            return CommandName.From(field[..CommandName.Size]);
        }
    }
}
