// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AcctExporter.Suite;

/// <summary>
/// The figures of a total accounting record as System V and AIX keep them, by <see cref="TacctField"/>: floats of 32
/// bits, and whole numbers that wrap. Each stands in a double, which holds all of them.
/// </summary>
[InlineArray(TacctField.Count + 1)]
internal struct ClassicTacct
{
    private double first;

    /// <summary>The record of exact sums: not yet in the precision of the fields.</summary>
    public static ClassicTacct Of(in TacctSums sums)
    {
        var classic = default(ClassicTacct);
        for (var field = TacctField.PrimeCpu; field <= TacctField.Count; field++)
        {
            classic[field] = TacctField.Get(sums, field);
        }

        return classic;
    }

    /// <summary>Adds another, in the precision of the fields: small additions to large sums are lost.</summary>
    /// <param name="other">The other.</param>
    /// <param name="isAix">Fees are floats; elsewhere they are of 16 bits, and wrap.</param>
    public void Add(in ClassicTacct other, bool isAix)
    {
        for (var field = TacctField.PrimeCpu; field <= TacctField.Count; field++)
        {
            this[field] = InField(field, this[field] + other[field], isAix);
        }
    }

    /// <summary>The record in the precision of the fields.</summary>
    public readonly ClassicTacct InFields(bool isAix)
    {
        var result = this;
        for (var field = TacctField.PrimeCpu; field <= TacctField.Count; field++)
        {
            result[field] = InField(field, this[field], isAix);
        }

        return result;
    }

    /// <summary>Its numbers as exact sums.</summary>
    /// <returns>False when one of them is no number.</returns>
    public readonly bool TrySums(out TacctSums sums)
    {
        sums = default;
        var isGood = true;
        for (var field = TacctField.PrimeCpu; field <= TacctField.Count; field++)
        {
            isGood &= double.IsFinite(this[field]);
            TacctField.Set(ref sums, field, this[field]);
        }

        return isGood;
    }

    /// <summary>A number as it is in its field.</summary>
    public static double InField(int field, double value, bool isAix) => field switch
    {
        // Without the cast all of them would be floats: that is what a switch makes of such kinds.
        TacctField.Pages => (double)unchecked((int)(long)value),
        TacctField.Processes => (long)value,
        TacctField.Sessions or TacctField.DiskSamples => unchecked((ushort)(long)value),
        TacctField.Fee when !isAix => unchecked((ushort)(long)value),
        _ => (float)value,
    };
}
