// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Runacct;

/// <summary>
/// The sums of exits worked out another way: each second of a life is looked up on the zone's clocks, and all is added
/// up in numbers without an end.
/// </summary>
internal static class ProcessTruth
{
    /// <summary>Holidays H: prime from 8 to 18 on working days, but for three days of the year.</summary>
    public static bool IsPrime(long second, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(second), zone);
        return local.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && local.Hour is >= 8 and < 18
            && (local.Month, local.Day) is not ((1, 1) or (7, 3) or (12, 25));
    }

    /// <summary>Exits like those of a busy host, around what is odd in a calendar.</summary>
    public static IReadOnlyList<TestExit> Exits(int count, int seed, TimeZoneInfo zone)
    {
        var random = new Random(seed);
        // A working day's bounds, the holiday and the weekend behind it, and both changes of New York's clocks.
        string[] around =
        [
            "2026-07-02 08:00:00", "2026-07-02 18:00:00", "2026-07-03 08:00:00", "2026-07-04 10:00:00",
            "2026-07-07 00:00:00", "2026-03-08 02:00:00", "2026-03-09 08:00:00", "2026-11-01 01:30:00",
            "2026-11-02 08:00:00", "2026-12-31 23:59:00",
        ];
        var exits = new TestExit[count];
        for (var i = 0; i < count; i++)
        {
            var life = random.Next(4) == 0 ? random.Next(10_000) : random.Next(3);
            var place = Records.Calendar.At(around[random.Next(around.Length)], zone);
            var ticks = ((ulong)life * 100) + (ulong)random.Next(100);
            var exit = new TestExit(
                $"tool{random.Next(12)}", (uint)random.Next(5) * 500, 100 + (uint)random.Next(3),
                place - life + random.Next(life + 60), ticks, (ulong)random.Next(5000), (ulong)random.Next(3000),
                (ulong)random.Next(8000));
            exits[i] = random.Next(3) == 0 ? exit : exit with
            {
                TrueCommand = random.Next(9) == 0 ? "leader" : null,
                Truth = new()
                {
                    IsKnown = true,
                    UserMicroseconds = (ulong)random.NextInt64(80_000_000),
                    SystemMicroseconds = random.Next(5) == 0 ? 0 : (ulong)random.NextInt64(9_000_000),
                    ElapsedMicroseconds = (ticks * 10_000) + (ulong)random.Next(10_000),
                    CallBytes = (ulong)random.NextInt64(1L << 40),
                    StorageBytes = random.Next(2) == 0 ? 0 : (ulong)random.NextInt64(1L << 33),
                },
            };
        }

        return exits;
    }

    /// <summary>By some key, as total accounting.</summary>
    public static Dictionary<(uint, string), TacctSums> Sums(
        IEnumerable<TestExit> exits, TimeZoneInfo zone, Func<TestExit, (uint, string)> keyOf)
    {
        var sums = new Dictionary<(uint, string), TacctSums>();
        foreach (var exit in exits)
        {
            var (cpu, life, _) = Known(exit);
            var prime = Prime(exit.Begin, life, zone);
            // Ticks are charged whole.
            var grain = exit.Truth is null ? 10_000 : 1;
            var primeCpu = cpu / grain * prime / life * grain;
            var kib = cpu * exit.MemoryKib;
            var primeKib = cpu == 0 ? 0 : kib * primeCpu / cpu;
            var (call, storage) = (exit.Truth?.CallBytes ?? 0, exit.Truth?.StorageBytes ?? 0);
            var (primeCall, primeStorage) = ((BigInteger)call * prime / life, (BigInteger)storage * prime / life);
            var user = sums.GetValueOrDefault(keyOf(exit));
            user.Processes++;
            user.Prime.CpuMicroseconds += (long)primeCpu;
            user.NonPrime.CpuMicroseconds += (long)(cpu - primeCpu);
            user.Prime.KibMicroseconds += (Int128)primeKib;
            user.NonPrime.KibMicroseconds += (Int128)(kib - primeKib);
            user.Prime.CharacterBytes += (long)primeCall;
            user.NonPrime.CharacterBytes += (long)(call - primeCall);
            user.Prime.StorageBytes += (long)primeStorage;
            user.NonPrime.StorageBytes += (long)(storage - primeStorage);
            sums[keyOf(exit)] = user;
        }

        return sums;
    }

    /// <summary>By command.</summary>
    public static Dictionary<string, CommandSums> Commands(IEnumerable<TestExit> exits, TimeZoneInfo zone)
    {
        var sums = new Dictionary<string, CommandSums>();
        foreach (var exit in exits)
        {
            var (cpu, life, elapsed) = Known(exit);
            var prime = Prime(exit.Begin, life, zone);
            var name = exit.TrueCommand ?? exit.Command;
            var command = sums.GetValueOrDefault(name);
            command.WithIo += exit.Truth is null ? 0UL : 1;
            var isPrime = prime > life - prime;
            command.Prime.Processes += isPrime ? 1UL : 0;
            command.NonPrime.Processes += isPrime ? 0UL : 1;
            Divide(cpu, ref command.Prime.CpuMicroseconds, ref command.NonPrime.CpuMicroseconds);
            Divide(elapsed, ref command.Prime.ElapsedMicroseconds, ref command.NonPrime.ElapsedMicroseconds);
            Divide(exit.Truth?.CallBytes ?? 0, ref command.Prime.Characters, ref command.NonPrime.Characters);
            Divide(exit.Truth?.StorageBytes ?? 0, ref command.Prime.StorageBytes, ref command.NonPrime.StorageBytes);
            var kib = cpu * exit.MemoryKib;
            command.Prime.KibMicroseconds += (UInt128)(kib * prime / life);
            command.NonPrime.KibMicroseconds += (UInt128)(kib - (kib * prime / life));
            sums[name] = command;

            void Divide(BigInteger all, ref ulong into, ref ulong rest)
            {
                into += (ulong)(all * prime / life);
                rest += (ulong)(all - (all * prime / life));
            }
        }

        return sums;
    }

    private static (BigInteger Cpu, long Life, BigInteger Elapsed) Known(TestExit exit) => exit.Truth is { } truth
        ? ((BigInteger)truth.UserMicroseconds + truth.SystemMicroseconds,
            Math.Max(1, (long)(truth.ElapsedMicroseconds / 1_000_000)), truth.ElapsedMicroseconds)
        : ((BigInteger)(exit.UserTicks + exit.SystemTicks) * 10_000, Math.Max(1, (long)(exit.ElapsedTicks / 100)),
            (BigInteger)exit.ElapsedTicks * 10_000);

    private static long Prime(long begin, long life, TimeZoneInfo zone)
    {
        var seconds = 0L;
        for (var second = begin; second < begin + life; second++)
        {
            seconds += IsPrime(second, zone) ? 1 : 0;
        }

        return seconds;
    }
}
