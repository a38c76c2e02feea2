// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace AcctExporter.Records;

/// <summary>
/// The kernel's <c>comp2_t</c>: 24 bits, a 5-bit base-2 exponent and 19 stored bits of a 20-bit fraction.
/// Used for the elapsed time of acct v1 and v2 records. Exact up to 1,048,575; largest about 2^50.
/// Source: <c>encode_comp2_t()</c> in <c>kernel/acct.c</c>.
/// </summary>
internal static class Comp2T
{
    private const int FractionBits = 19;
    private const uint FractionMask = (1 << FractionBits) - 1;

    /// <summary>The number that the low 24 bits stand for.</summary>
    public static ulong Decode(uint raw)
    {
        var exponent = (int)(raw >> FractionBits) & 0x1f;
        ulong fraction = raw & FractionMask;
        return exponent == 0 ? fraction : (fraction | (1UL << FractionBits)) << (exponent - 1);
    }

    /// <summary>The 24 bits for a number, rounded half up; saturates at 0xffffff.</summary>
    public static uint Encode(ulong value)
    {
        if (value <= FractionMask)
        {
            return (uint)value;
        }

        var shift = 63 - FractionBits - BitOperations.LeadingZeroCount(value);
        if (shift > 0)
        {
            value = (value >> shift) + ((value >> (shift - 1)) & 1);
            if (value >> (FractionBits + 1) != 0)
            {
                value >>= 1;
                shift++;
            }
        }

        return shift + 1 > 31 ? 0xffffff : ((uint)(shift + 1) << FractionBits) | ((uint)value & FractionMask);
    }
}
