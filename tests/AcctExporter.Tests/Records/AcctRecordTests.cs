// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>Records of every version and byte order, byte by byte.</summary>
public sealed class AcctRecordTests
{
    private const string V3BigEndian = """
        00 83 8803 00000300 00011170 00013881 0000004d 00000042 6553f100 4996b438
        0064 00c8 0fa0 0000 0000 0000 0000 0000 76336265 000000000000000000000000
        """;

    private const string V2LittleEndian = """
        00 02 7011 8138 0388 00f15365 6400 c800 6b69 a00f 0000 0000 0000 0000 0000 6400
        00030000 76326c65 00000000000000000000000000 11 446b 70110100 81380100
        """;

    private const string V2BigEndian = """
        00 82 1170 3881 8803 6553f100 0064 00c8 696b 0fa0 0000 0000 0000 0000 0000 0064
        00000300 76326265 00000000000000000000000000 11 6b44 00011170 00013881
        """;

    // v1 is v2 without ac_ahz: what stands from 32 on in v2 stands two bytes earlier.
    private const string V1BigEndian = """
        00 81 1170 3881 8803 6553f100 0064 00c8 696b 0fa0 0000 0000 0000 0000 0000
        00000300 76316265 00000000000000000000000000 11 6b44 00011170 00013881
        """;

    private const string V1LittleEndian = """
        00 01 7011 8138 0388 00f15365 6400 c800 6b69 a00f 0000 0000 0000 0000 0000
        00030000 76316c65 00000000000000000000000000 11 446b 70110100 81380100
        """;

    // No comp2_t; 11 bytes of padding behind the name.
    private const string V0LittleEndian = """
        02 00 e803 e903 0104 00f15365 6400 c800 f401 a00f 0000 0000 0000 0000 0000 0000
        00030000 76307265 63000000000000000000000000 0000000000000000000000
        """;

    private const string V0BigEndian = """
        02 80 03e8 03e9 0401 6553f100 0064 00c8 01f4 0fa0 0000 0000 0000 0000 0000 0000
        00000300 76307265 63000000000000000000000000 0000000000000000000000
        """;

    [Fact]
    public void True_OfARealKernel()
    {
        var record = Read(Slot.Hex(Slot.True));

        Assert.Equal((3, false), (record.Version, record.BigEndian));
        Assert.Equal((0U, 0U, 6U, 1U), (record.Uid, record.Gid, record.Pid, record.Ppid));
        Assert.Equal(
            new(2026, 11, 21, 22, 21, 56, TimeSpan.Zero), DateTimeOffset.FromUnixTimeSeconds(record.BeginUnixSeconds));
        Assert.Equal((0UL, 2364UL, 81UL), (record.ElapsedTicks, record.MemoryKib, record.MinorFaults));
        Assert.Equal(Slot.Name("true"), record.Command);
    }

    /// <summary>
    /// Tty pts/3, exit 3, uid 70000, gid 80001, began 0x6553f100 = 1,700,000,000, user 100, system 200, memory 4000.
    /// Elapsed: 0x4996b438 = 1,234,567.0; comp2_t 0x116b44 = (0x16b44 | 0x80000) &lt;&lt; 1 = 1,234,568.
    /// </summary>
    [Theory]
    [InlineData(V3BigEndian, 3, true, "v3be", 77, 66, 1_234_567)]
    [InlineData(V2LittleEndian, 2, false, "v2le", 0, 0, 1_234_568)]
    [InlineData(V2BigEndian, 2, true, "v2be", 0, 0, 1_234_568)]
    [InlineData(V1LittleEndian, 1, false, "v1le", 0, 0, 1_234_568)]
    [InlineData(V1BigEndian, 1, true, "v1be", 0, 0, 1_234_568)]
    public void OtherVersionsAndByteOrders(
        string hex, byte version, bool bigEndian, string name, uint pid, uint ppid, ulong elapsed)
    {
        var expected = new AcctRecord
        {
            Version = version,
            BigEndian = bigEndian,
            Command = Slot.Name(name),
            Pid = pid,
            Ppid = ppid,
            ElapsedTicks = elapsed,
            Tty = 0x8803,
            ExitCode = 0x300,
            Uid = 70_000,
            Gid = 80_001,
            BeginUnixSeconds = 1_700_000_000,
            UserTicks = 100,
            SystemTicks = 200,
            MemoryKib = 4000,
            TicksPerSecond = 100,
        };

        Assert.Equal(expected, Read(Slot.Hex(hex)));
        Assert.Equal(Slot.Hex(hex), Slot.Of(expected));
    }

    [Theory]
    [InlineData(V0LittleEndian)]
    [InlineData(V0BigEndian)]
    public void V0_HasShortIdsAndACoarseElapsedTime(string hex)
    {
        var record = Read(Slot.Hex(hex));

        Assert.Equal((1000U, 1001U, 500UL), (record.Uid, record.Gid, record.ElapsedTicks));
        Assert.Equal((Slot.Name("v0rec"), (ushort)0x0401, 0x300U), (record.Command, record.Tty, record.ExitCode));
        Assert.Equal((100UL, 200UL, 4000UL), (record.UserTicks, record.SystemTicks, record.MemoryKib));
        Assert.Equal(Slot.Hex(hex), Slot.Of(record));
    }

    /// <summary>
    /// Converters leave 32-bit ids in the padding of v0; a kernel of that age left whatever was there.
    /// </summary>
    [Theory]
    [InlineData("70110100 81380100", 0x11170, 0x13881)] // agrees modulo 65536 with 0x1170, 0x3881: believed
    [InlineData("71110100 81380100", 0x1170, 0x3881)] // the uid does not: then neither is believed, as in dump-acct
    [InlineData("00000000 00000000", 0x1170, 0x3881)]
    public void V0_BelievesLongIds_WhenTheShortOnesAgree(string ids, uint uid, uint gid)
    {
        var slot = Slot.With(Slot.With(Slot.Hex(V0LittleEndian), 2, "7011 8138"), 56, ids);
        var record = Read(slot);
        Assert.Equal((uid, gid), (record.Uid, record.Gid));
    }

    /// <summary>They leave ticks a second there as well, where v2 has them; what no machine had is left over.</summary>
    [Theory]
    [InlineData("0000", 100)]
    [InlineData("0004", 1024)]
    [InlineData("6400", 100)]
    [InlineData("0a00", 10)]
    [InlineData("0900", 100)]
    [InlineData("1027", 10_000)]
    [InlineData("1127", 100)]
    public void V0_BelievesTicksASecond_ThatMayBe(string padding, uint ticks)
    {
        var slot = Slot.With(Slot.Hex(V0LittleEndian), 30, padding);
        Assert.Equal(ticks, Read(slot).TicksPerSecond);
        var written = new byte[AcctRecord.Size];
        Assert.Equal(padding is "0000" or "0900" or "1127" ? 77U : ticks, HostRecord.Write(slot, written, 77));
    }

    /// <summary>AHZ 1024: 1024 and 2048 ticks are one and two seconds.</summary>
    [Fact]
    public void V2_CountsInItsOwnTicks()
    {
        var record = Read(Slot.Hex("""
            00 02 0000 0000 0000 00f15365 0004 0008 0025 0000 0000 0000 0000 0000 0000 0004
            00000000 7632 000000000000000000000000000000 00 0028 00000000 00000000
            """));

        Assert.Equal((1024U, 1024UL, 2048UL, 10_240UL),
            (record.TicksPerSecond, record.UserTicks, record.SystemTicks, record.ElapsedTicks));
        var exit = record.ToExit();
        Assert.Equal((1_000_000UL, 2_000_000UL, 10_000_000UL),
            (exit.UserMicroseconds, exit.SystemMicroseconds, exit.ElapsedMicroseconds));
    }

    [Fact]
    public void V2_WithoutTicksASecond_Has100() =>
        Assert.Equal(100U, Read(Slot.With(Slot.Hex(V2LittleEndian), 30, "0000")).TicksPerSecond);

    [Fact]
    public void Exit_IsInMicrosecondsAndBytes()
    {
        // User 0xcee7 = 1,000,079,360 ticks; memory 0xd000 = 4096 << 18 KiB = 1 TiB; elapsed a year, 0x4f3bf81e.
        var slot = Slot.With(Slot.With(Slot.Hex(Slot.True), 28, "1ef83b4f"), 32, "e7ce 0100 00d0");

        Assert.Equal(DecodeStatus.Ok, AcctRecord.TryReadExit(slot, out var exit));

        Assert.Equal(10_000_793_600_000UL, exit.UserMicroseconds);
        Assert.Equal(10_000UL, exit.SystemMicroseconds);
        Assert.Equal(1UL << 40, exit.VirtualMemoryBytes);
        Assert.Equal(31_536_000_000_000UL, exit.ElapsedMicroseconds);
        Assert.Equal((81UL, 0UL), (exit.MinorFaults, exit.MajorFaults));
        Assert.Equal((3, AcctFlags.None), (exit.Version, exit.Flags));
    }

    /// <summary>Each of the 16-bit counters by itself, so that no two are exchanged.</summary>
    [Theory]
    [InlineData(3, "0100 0200 0300 0400 0500 0600 0700 0800", 32)]
    [InlineData(2, "0300 0400 0500 0600 0700 0800", 18)]
    [InlineData(0, "0300 0400 0500 0600 0700 0800", 18)]
    public void Counters_AreEachInTheirPlace(int version, string counters, int offset)
    {
        var slot = Slot.Hex(version switch { 3 => Slot.True, 2 => V2LittleEndian, _ => V0LittleEndian });
        var record = Read(Slot.With(slot, offset, counters));

        Assert.Equal((3UL, 4UL, 5UL, 6UL, 7UL, 8UL),
            (record.MemoryKib, record.IoCharacters, record.BlocksReadOrWritten, record.MinorFaults, record.MajorFaults,
             record.Swaps));
        Assert.Equal(record, Read(Slot.Of(record)));
    }

    [Fact]
    public void Encoder_RefusesVersionsThatDoNotExist_AndRoomThatIsTooSmall()
    {
        Assert.Throws<ArgumentException>(() => AcctEncoder.Write(new AcctRecord { Version = 4 }, new byte[64]));
        Assert.ThrowsAny<ArgumentException>(() => AcctEncoder.Write(new AcctRecord { Version = 3 }, new byte[63]));
        Assert.Equal(62, AcctEncoder.Write(new AcctRecord { Version = 1 }, new byte[62]));
        Assert.Equal((64, 62, 62, 64, 64), (AcctRecord.SizeOf(0x83), AcctRecord.SizeOf(1), AcctRecord.SizeOf(0x81),
            AcctRecord.SizeOf(0), AcctRecord.SizeOf(0x7f)));
    }

    /// <summary>
    /// The fast reader lays a struct over the bytes: it must be as long as they are. The exit is a row of the table.
    /// </summary>
    [Fact]
    public void Structs_HaveTheSizesThatTheReaderReliesOn()
    {
        Assert.Equal(AcctRecord.Size, Unsafe.SizeOf<RawV3>());
        Assert.Equal(96, Unsafe.SizeOf<ProcessExit>());
    }

    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0UL, 0UL, 0U, 0, 1U, true)]
    [InlineData(1UL, 0UL, 0UL, 0UL, 0UL, 0U, 0, 1U, false)]
    [InlineData(0UL, 1UL, 0UL, 0UL, 0UL, 0U, 0, 1U, true)] // what threads of the caller left that had ended
    [InlineData(0UL, 0UL, 1UL, 0UL, 0UL, 0U, 0, 1U, true)]
    [InlineData(0UL, 0UL, 0UL, 1UL, 0UL, 0U, 0, 1U, true)]
    [InlineData(0UL, 0UL, 0UL, 0UL, 1UL, 0U, 0, 1U, true)]
    [InlineData(0UL, 0UL, 0UL, 0UL, 0UL, 9U, 0, 1U, false)]
    [InlineData(0UL, 0UL, 0UL, 0UL, 0UL, 0U, 1, 1U, false)] // forked without exec
    [InlineData(0UL, 0UL, 0UL, 0UL, 0UL, 0U, 2, 1U, true)] // used privilege: umount does
    [InlineData(0UL, 0UL, 0UL, 0UL, 0UL, 0U, 0, 2U, false)] // a kernel thread
    [InlineData(0UL, 0UL, 0UL, 0UL, 0UL, 0U, 0, 0U, true)]
    public void Leaving_HasNoMemory_AndAtMostWhatEndedThreadsLeft(
        ulong memory, ulong minor, ulong major, ulong user, ulong system, uint code, int flags, uint ppid,
        bool looks) =>
        Assert.Equal(looks, new ProcessExit
        {
            VirtualMemoryBytes = memory,
            MinorFaults = minor,
            MajorFaults = major,
            UserMicroseconds = user,
            SystemMicroseconds = system,
            ExitCode = code,
            Flags = (AcctFlags)flags,
            Ppid = ppid,
        }.LooksLikeLeaving);

    private static AcctRecord Read(byte[] slot)
    {
        Assert.Equal(DecodeStatus.Ok, AcctRecord.TryRead(slot, out var record));
        return record;
    }
}
