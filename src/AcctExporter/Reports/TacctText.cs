// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Reports;

/// <summary>
/// Connect time as lines of total accounting in its ASCII form of 13 fields with six digits behind the point
/// (<c>acctmerg -v</c>), which <c>acctmerg -i</c> reads without loss: user number, name, CPU, kcore and connect minutes
/// of prime and non-prime time, disk blocks, processes, sessions, disk samples, fee.
/// </summary>
internal static class TacctText
{
    /// <summary>Letters of a name by the classic rules.</summary>
    public const int CompatNameLength = 8;

    /// <summary>One line.</summary>
    /// <param name="text">Where it goes.</param>
    /// <param name="uid">The user's number; <see cref="LoginAccounts.None"/> for one without.</param>
    /// <param name="name">The user's name.</param>
    /// <param name="primeSeconds">Connect time.</param>
    /// <param name="nonPrimeSeconds">Connect time.</param>
    /// <param name="sessions">Sessions.</param>
    /// <param name="compat">Names are cut, minutes have 24 bits, and sessions 16, as in the classic records.</param>
    public static void Write(
        ReportText text, uint uid, string name, long primeSeconds, long nonPrimeSeconds, long sessions, bool compat)
    {
        text.Add(uid);
        text.Add((byte)'\t');
        var bytes = Encoding.UTF8.GetBytes(name).AsSpan();
        text.Add(compat && bytes.Length > CompatNameLength ? bytes[..CompatNameLength] : bytes);
        text.Add("\t0.000000e+00 0.000000e+00 0.000000e+00 0.000000e+00 "u8);
        Minutes(text, primeSeconds, compat);
        Minutes(text, nonPrimeSeconds, compat);
        text.Add("0.000000e+00 0 "u8);
        text.Add(compat ? (ushort)sessions : sessions);
        text.Add("\t0\t0\n"u8);
    }

    private static void Minutes(ReportText text, long seconds, bool compat)
    {
        var minutes = compat ? (float)(seconds / 60.0) : seconds / 60.0;
        minutes.TryFormat(text.Room(32), out var written, "0.000000e+00", CultureInfo.InvariantCulture);
        text.Advance(written);
        text.Add((byte)' ');
    }
}
