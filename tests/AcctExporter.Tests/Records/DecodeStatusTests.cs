// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>What makes a slot a record and what does not, one changed place at a time.</summary>
public sealed class DecodeStatusTests
{
    private const string V2 = """
        00 02 7011 8138 0388 00f15365 6400 c800 6b69 a00f 0000 0000 0000 0000 0000 6400
        00030000 76326c65 00000000000000000000000000 11 446b 70110100 81380100
        """;

    private const string V0 = """
        00 00 e803 e803 0104 00f15365 6400 c800 f401 a00f 0000 0000 0000 0000 0000 0000
        00030000 76307265 63000000000000000000000000 0000000000000000000000
        """;

    public static TheoryData<string, int, string, string> Changes => new()
    {
        { "v3", 0, "1f", "Ok" }, // all five flags
        { "v3", 0, "20", "BadFlags" }, // the first bit that is none
        { "v3", 0, "80", "BadFlags" },
        { "v3", 1, "04", "UnknownVersion" },
        { "v3", 1, "7f", "UnknownVersion" },
        { "v3", 1, "84", "UnknownVersion" },
        { "v3", 1, "ff", "UnknownVersion" },
        { "v3", 28, "00000080", "Ok" }, // -0.0
        { "v3", 28, "01000000", "Ok" }, // the smallest float: no tick
        { "v3", 28, "0000803f", "Ok" }, // 1.0
        { "v3", 28, "000080bf", "BadElapsed" }, // -1.0
        { "v3", 28, "01000080", "BadElapsed" }, // the smallest negative float
        { "v3", 28, "0000c07f", "BadElapsed" }, // not a number
        { "v3", 28, "0000807f", "BadElapsed" }, // infinite
        { "v3", 28, "ffffc752", "Ok" }, // 429,496,696,832 ticks, the last float below the limit
        { "v3", 28, "0000c852", "BadElapsed" }, // 2^32 * 100 ticks = 136 years: 0x52c80000
        { "v3", 48, "00", "BadCommand" }, // NUL "rue"
        { "v3", 53, "01", "BadCommand" }, // "true" NUL 01
        { "v3", 63, "01", "BadCommand" },
        { "v3", 48, "30313233343536373839616263646566", "Ok" }, // 16 bytes without a NUL
        { "v3", 48, "00000000", "Ok" }, // prctl can take the name away
        { "v3", 16, "00000000", "BadPid" }, // with 2364 KiB
        { "v3", 36, "0000", "Ok" },
        { "v2", 0, "20", "BadFlags" },
        { "v2", 36, "00", "BadCommand" },
        { "v2", 52, "01", "BadCommand" }, // the 17th byte of the name
        // 17 bytes without a NUL: no kernel does it, and a name has 16.
        { "v2", 36, "3030303030303030303030303030303030", "BadCommand" },
        { "v2", 36, "3030303030303030303030303030303000", "Ok" },
        { "v2", 16, "6c69", "Ok" }, // coarse time one unit higher: rounded from the unrounded ticks
        { "v2", 16, "0000", "BadElapsed" }, // coarse 0, fine 1,234,568
        { "v2", 53, "12", "BadElapsed" }, // fine twice as long as coarse
        { "v0", 0, "40", "BadFlags" },
        { "v0", 8, "809d9e25", "Ok" }, // 1990-01-01 00:00:00 = 631,152,000 = 0x259e9d80
        { "v0", 8, "7f9d9e25", "ImplausibleV0" }, // a second earlier
        { "v0", 8, "00000000", "ImplausibleV0" },
        { "v0", 36, "0000000000", "ImplausibleV0" }, // no name
        { "v0", 32, "ffff0000", "Ok" },
        { "v0", 32, "00000100", "ImplausibleV0" }, // a wait status has 16 bits
        { "v0", 38, "00", "BadCommand" },
        { "zero", 0, "00", "Hole" },
        { "zero", 63, "01", "ImplausibleV0" }, // no time, no name
        { "zero", 1, "80", "ImplausibleV0" },
        { "zero", 1, "03", "Ok" }, // v3 of a task outside of the namespace: neither pid nor memory
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void OneChange_GivesItsStatus(string kind, int offset, string bytes, string status)
    {
        var whole = kind switch { "v3" => Slot.True, "v2" => V2, "v0" => V0, _ => new string('0', 128) };
        var slot = Slot.With(Slot.Hex(whole), offset, bytes);
        var expected = Enum.Parse<DecodeStatus>(status);

        Assert.Equal(expected, AcctRecord.TryRead(slot, out _));
        Assert.Equal(expected, AcctRecord.TryReadExit(slot, out _));
    }

    /// <summary>
    /// v2 and v1 with more ticks than a comp_t holds: kernels of that age wrote garbage into the coarse field.
    /// </summary>
    [Theory]
    [InlineData("ffff")]
    [InlineData("0000")]
    public void CoarseTime_IsNotAsked_BeyondWhatItHolds(string coarse)
    {
        // Exponent 0x11: 0x80000 << 16 = 2^35 ticks, eleven years.
        var slot = Slot.With(Slot.With(Slot.Hex(V2), 16, coarse), 53, "880000");
        Assert.Equal(DecodeStatus.Ok, AcctRecord.TryRead(slot, out var record));
        Assert.Equal(1UL << 35, record.ElapsedTicks);
    }

    /// <summary>136 years are 136 years, whatever the ticks are: 2^32 seconds of 1 tick, and of 1024.</summary>
    [Theory]
    [InlineData("0100", "6fffff", "Ok")] // 0xfffff << 12 = 4,294,963,200 < 2^32
    [InlineData("0100", "700000", "BadElapsed")] // 0x80000 << 13 = 2^32
    [InlineData("0004", "bfffff", "Ok")] // 0xfffff << 22 < 2^42 = 2^32 * 1024
    [InlineData("0004", "c00000", "BadElapsed")]
    public void ElapsedLimit_IsInSeconds(string ticksPerSecond, string elapsed, string status)
    {
        // The low two bytes of the comp2_t are in the byte order of the file, the high one stands before them.
        var fine = elapsed[..2] + elapsed[4..] + elapsed[2..4];
        var ticks = Comp2T.Decode(Convert.ToUInt32(elapsed, 16));
        var coarse = Convert.ToHexStringLower(BitConverter.GetBytes(CompT.Encode(ticks)));
        var slot = Slot.With(Slot.With(Slot.With(Slot.Hex(V2), 30, ticksPerSecond), 53, fine), 16, coarse);

        Assert.Equal(Enum.Parse<DecodeStatus>(status), AcctRecord.TryRead(slot, out _));
    }

    [Fact]
    public void EveryLengthBelowARecord_NeedsMore()
    {
        var slot = Slot.Hex(Slot.True);
        for (var length = 0; length < slot.Length; length++)
        {
            Assert.Equal(DecodeStatus.NeedMoreData, AcctRecord.TryRead(slot.AsSpan(0, length), out _));
            Assert.Equal(DecodeStatus.NeedMoreData, AcctRecord.TryReadExit(slot.AsSpan(0, length), out _));
        }

        // v1 is enough with 62.
        slot[1] = 1;
        Assert.Equal(DecodeStatus.NeedMoreData, AcctRecord.TryRead(slot.AsSpan(0, 61), out _));
        Assert.NotEqual(DecodeStatus.NeedMoreData, AcctRecord.TryRead(slot.AsSpan(0, 62), out _));
    }

    [Fact]
    public void BadSlot_LeavesAnEmptyExit()
    {
        var slot = Slot.With(Slot.Hex(Slot.True), 0, "ff");
        Assert.Equal(DecodeStatus.BadFlags, AcctRecord.TryReadExit(slot, out var exit));
        Assert.Equal(default, exit);
    }
}
