// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace AcctExporter.Suite;

/// <summary>Something that a user can be charged for.</summary>
/// <param name="Key">Its name in the table of prices and in rows.</param>
/// <param name="Text">Its name for people, with the unit.</param>
/// <param name="Decimals">Decimals of a quantity that are shown; what is charged is the exact quantity.</param>
/// <param name="Quantity">How much of it total accounting says, in the unit of the price.</param>
internal sealed record BillItem(string Key, string Text, int Decimals, Func<TacctSums, Fraction> Quantity)
{
    private const int SmallParts = 6;

    /// <summary>Microseconds of an hour.</summary>
    private const long Hour = 60 * TacctSums.MicrosecondsPerMinute;

    /// <summary>Bytes of a GiB.</summary>
    private const long Gib = 1L << 30;

    /// <summary>KiB of a GiB, times microseconds of an hour.</summary>
    private const long KibMicroseconds = (1L << 20) * Hour;

    /// <summary>All of them, in the order of a bill.</summary>
    public static IReadOnlyList<BillItem> All { get; } =
    [
        Measured("cpu-hour-prime", "CPU hours, prime", Hour, sums => sums.Prime.CpuMicroseconds),
        Measured("cpu-hour-non-prime", "CPU hours, non-prime", Hour, sums => sums.NonPrime.CpuMicroseconds),
        Measured(
            "memory-gib-hour-prime", "memory GiB x CPU hours, prime", KibMicroseconds,
            sums => sums.Prime.KibMicroseconds),
        Measured(
            "memory-gib-hour-non-prime", "memory GiB x CPU hours, non-prime", KibMicroseconds,
            sums => sums.NonPrime.KibMicroseconds),
        Measured("connect-hour-prime", "connect hours, prime", Hour, sums => sums.Prime.ConnectMicroseconds),
        Measured("connect-hour-non-prime", "connect hours, non-prime", Hour, sums => sums.NonPrime.ConnectMicroseconds),
        Measured(
            "call-io-gib", "GiB read and written by calls", Gib,
            sums => (BigInteger)sums.Prime.CharacterBytes + sums.NonPrime.CharacterBytes),
        Measured(
            "storage-io-gib", "GiB read and written by storage", Gib,
            sums => (BigInteger)sums.Prime.StorageBytes + sums.NonPrime.StorageBytes),
        new("disk-gib", "GiB on disks, mean of samples", SmallParts, sums => sums.DiskSamples > 0
            ? new(sums.DiskBytes, (BigInteger)sums.DiskSamples * Gib) : Fraction.Zero),
        new("printed-page", "pages printed", 0, sums => new(sums.PrintedPages, 1)),
        new("process", "processes", 0, sums => new(sums.Processes, 1)),
        new("session", "sessions", 0, sums => new(sums.Sessions, 1)),
        new("fee-unit", "fee units", 3, sums => new(sums.FeeMilliunits, TacctSums.FeeParts)),
    ];

    private static BillItem Measured(string key, string text, long unit, Func<TacctSums, BigInteger> amount) =>
        new(key, text, SmallParts, sums => new(amount(sums), unit));
}
