// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>The three number forms of accounting records, by values computed with the kernel's own functions.</summary>
public sealed class CompTTests
{
    [Theory]
    [InlineData(0UL, 0x0000, 0UL)]
    [InlineData(1UL, 0x0001, 1UL)]
    [InlineData(8191UL, 0x1fff, 8191UL)] // the last exact one
    [InlineData(8192UL, 0x2400, 8192UL)]
    [InlineData(8195UL, 0x2400, 8192UL)] // last bit shifted out is 0: down
    [InlineData(8196UL, 0x2401, 8200UL)] // is 1: up
    [InlineData(65535UL, 0x4400, 65536UL)] // rounds up to 8192 and shifts once more
    [InlineData(65540UL, 0x4400, 65536UL)]
    [InlineData(100_000UL, 0x461b, 100_032UL)]
    [InlineData(1_000_000UL, 0x67a1, 999_936UL)]
    [InlineData(10_000_000UL, 0x8989, 9_998_336UL)]
    [InlineData(100_000_000UL, 0xabec, 100_007_936UL)]
    [InlineData(1_000_000_000UL, 0xcee7, 1_000_079_360UL)]
    [InlineData(10_000_000_000UL, 0xf2a0, 9_999_220_736UL)]
    [InlineData(17_177_772_031UL, 0xffff, 17_177_772_032UL)] // rounds up to the largest
    [InlineData(17_177_772_032UL, 0xffff, 17_177_772_032UL)]
    [InlineData(17_179_869_184UL, 0xffff, 17_177_772_032UL)] // 16 TiB in KiB: saturates
    [InlineData(ulong.MaxValue, 0xffff, 17_177_772_032UL)]
    public void CompT_IsTheKernels(ulong value, int raw, ulong decoded)
    {
        Assert.Equal((ushort)raw, CompT.Encode(value));
        Assert.Equal(decoded, CompT.Decode((ushort)raw));
    }

    /// <summary>A code below 0x2400 with an exponent is never written, and still has a value.</summary>
    [Theory]
    [InlineData(0x2000, 0UL)]
    [InlineData(0x2001, 8UL)]
    [InlineData(0xe001, 1UL << 21)]
    public void CompT_ThatIsNotNormal_HasAValue(int raw, ulong decoded) =>
        Assert.Equal(decoded, CompT.Decode((ushort)raw));

    [Fact]
    public void Largest_IsTheValueOfAllOnes() => Assert.Equal(CompT.Largest, CompT.Decode(0xffff));

    [Theory]
    [InlineData(0UL, 0x000000U, 0UL)]
    [InlineData(524_287UL, 0x07ffffU, 524_287UL)]
    [InlineData(524_288UL, 0x080000U, 524_288UL)] // exponent 1: the hidden bit, no shift
    [InlineData(1_048_575UL, 0x0fffffU, 1_048_575UL)] // the last exact one
    [InlineData(1_048_576UL, 0x100000U, 1_048_576UL)]
    [InlineData(1_048_577UL, 0x100001U, 1_048_578UL)] // half rounds up
    [InlineData(1_234_567UL, 0x116b44U, 1_234_568UL)]
    [InlineData(2_097_151UL, 0x180000U, 2_097_152UL)] // carries into the exponent
    [InlineData(0xfffffUL << 30, 0xffffffU, 0xfffffUL << 30)] // the largest
    [InlineData(ulong.MaxValue, 0xffffffU, 0xfffffUL << 30)] // saturates
    public void Comp2T_IsTheKernels(ulong value, uint raw, ulong decoded)
    {
        Assert.Equal(raw, Comp2T.Encode(value));
        Assert.Equal(decoded, Comp2T.Decode(raw));
    }

    [Theory]
    [InlineData(0UL, 0x00000000U)]
    [InlineData(5UL, 0x40a00000U)]
    [InlineData(99UL, 0x42c60000U)]
    [InlineData(100UL, 0x42c80000U)]
    [InlineData(123UL, 0x42f60000U)]
    [InlineData(1_234_567UL, 0x4996b438U)]
    [InlineData((1UL << 24) - 1, 0x4b7fffffU)]
    [InlineData((1UL << 24) + 1, 0x4b800000U)]
    [InlineData((1UL << 24) + 3, 0x4b800001U)] // cut: rounding would give 2^24 + 4
    [InlineData(3_153_600_000UL, 0x4f3bf81eU)] // a year
    [InlineData(17_177_772_031UL, 0x507ff7ffU)]
    public void Elapsed_IsTheKernelsFloat(ulong ticks, uint bits) =>
        Assert.Equal(bits, BitConverter.SingleToUInt32Bits(AcctEncoder.EncodeElapsed(ticks)));

    /// <summary>encode_float() of kernel/acct.c, word for word.</summary>
    [Fact]
    public void Elapsed_IsTheKernelsFloat_OfEverySize()
    {
        var random = new AcctFileGenerator(5);
        for (var i = 0; i < 300_000; i++)
        {
            var ticks = random.Bits() >> random.Below(64);
            Assert.Equal(EncodeFloat(ticks), BitConverter.SingleToUInt32Bits(AcctEncoder.EncodeElapsed(ticks)));
        }

        static uint EncodeFloat(ulong value)
        {
            if (value == 0)
            {
                return 0;
            }

            var exponent = 190U;
            while ((long)value > 0)
            {
                value <<= 1;
                exponent--;
            }

            return (uint)(((value >> 40) & 0x7fffff) | ((ulong)exponent << 23));
        }
    }
}
