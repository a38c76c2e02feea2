// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// Connect time and processes as lines of total accounting in its ASCII form of 13 fields with six digits behind the
/// point (<c>acctmerg -v</c>), which <c>acctmerg -i</c> reads without loss: user number, name, CPU, kcore and connect
/// minutes of prime and non-prime time, disk blocks, processes, sessions, disk samples, fee.
/// </summary>
internal static class TacctText
{
    /// <summary>Letters of a name by the classic rules.</summary>
    public const int CompatNameLength = 8;

    private const double MicrosecondsPerMinute = 60e6;

    /// <summary>A line of connect time.</summary>
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
        Begin(text, uid, Encoding.UTF8.GetBytes(name), compat);
        text.Add("0.000000e+00 0.000000e+00 0.000000e+00 0.000000e+00 "u8);
        Minutes(text, primeSeconds / 60.0, compat);
        Minutes(text, nonPrimeSeconds / 60.0, compat);
        text.Add("0.000000e+00 0 "u8);
        text.Add(compat ? (ushort)sessions : sessions);
        text.Add("\t0\t0\n"u8);
    }

    /// <summary>A line of processes.</summary>
    /// <param name="text">Where it goes.</param>
    /// <param name="uid">The user's number.</param>
    /// <param name="name">The user's name.</param>
    /// <param name="sums">Figures in floats of 32 bits, as the classic records have them.</param>
    /// <param name="compat">The name is cut.</param>
    public static void Write(
        ReportText text, uint uid, ReadOnlySpan<byte> name, in ClassicUserSums sums, bool compat) => Write(
        text, uid, name, sums.PrimeCpuMinutes, sums.NonPrimeCpuMinutes, sums.PrimeKcoreMinutes,
        sums.NonPrimeKcoreMinutes, sums.Processes, compat);

    /// <inheritdoc cref="Write(ReportText, uint, ReadOnlySpan{byte}, in ClassicUserSums, bool)"/>
    /// <param name="sums">Exact figures.</param>
    public static void Write(ReportText text, uint uid, ReadOnlySpan<byte> name, in UserSums sums) => Write(
        text, uid, name, sums.Prime.CpuMicroseconds / MicrosecondsPerMinute,
        sums.NonPrime.CpuMicroseconds / MicrosecondsPerMinute,
        (double)sums.Prime.KibMicroseconds / MicrosecondsPerMinute,
        (double)sums.NonPrime.KibMicroseconds / MicrosecondsPerMinute, (long)Math.Min(sums.Processes, long.MaxValue),
        compat: false);

    private static void Write(
        ReportText text, uint uid, ReadOnlySpan<byte> name, double primeCpu, double nonPrimeCpu, double primeKcore,
        double nonPrimeKcore, long processes, bool compat)
    {
        Begin(text, uid, name, compat);
        Minutes(text, primeCpu, compat);
        Minutes(text, nonPrimeCpu, compat);
        Minutes(text, primeKcore, compat);
        Minutes(text, nonPrimeKcore, compat);
        text.Add("0.000000e+00 0.000000e+00 0.000000e+00 "u8);
        text.Add(processes);
        text.Add(" 0\t0\t0\n"u8);
    }

    private static void Begin(ReportText text, uint uid, ReadOnlySpan<byte> name, bool compat)
    {
        text.Add(uid);
        text.Add((byte)'\t');
        text.Add(compat && name.Length > CompatNameLength ? name[..CompatNameLength] : name);
        text.Add((byte)'\t');
    }

    private static void Minutes(ReportText text, double minutes, bool compat)
    {
        minutes = compat ? (float)minutes : minutes;
        minutes.TryFormat(text.Room(32), out var written, "0.000000e+00", CultureInfo.InvariantCulture);
        text.Advance(written);
        text.Add((byte)' ');
    }
}
