// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// The kernel's <c>comp_t</c>: a 13-bit fraction and a 3-bit base-8 exponent, 16 bits in all.
/// Exact from 0 to 8191; largest 0x1fff &lt;&lt; 21 = 17,177,772,032; worst relative error 0.0488 %.
/// Source: <c>include/uapi/linux/acct.h</c>, <c>encode_comp_t()</c> in <c>kernel/acct.c</c>.
/// </summary>
internal static class CompT
{
    /// <summary>The largest number that a <c>comp_t</c> holds; newer kernels write it for everything above.</summary>
    public const ulong Largest = 0x1fffUL << 21;

    /// <summary>The number that the 16 bits stand for.</summary>
    public static ulong Decode(ushort raw) => (ulong)(raw & 0x1fff) << (3 * (raw >> 13));

    /// <summary>The 16 bits for a number, rounded half up as the kernel does it; saturates at 0xffff.</summary>
    public static ushort Encode(ulong value)
    {
        if (value >= Largest)
        {
            return 0xffff;
        }

        var exponent = 0;
        var roundUp = false;
        while (value > 0x1fff)
        {
            roundUp = (value & 4) != 0;
            value >>= 3;
            exponent++;
        }

        if (roundUp && ++value > 0x1fff)
        {
            value >>= 3;
            exponent++;
        }

        return exponent > 7 ? (ushort)0xffff : (ushort)((exponent << 13) | (int)value);
    }
}
