// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Benchmarks;

/// <summary>
/// What native histograms cost: memory of the ledger and of one scrape's copy, the section of the checkpoint, the time
/// to copy, and the CPU of an exit. Each pair has a middle of its own, and its exits are around it: times over a factor
/// of some hundred, input and output likewise, memory over a factor of two.
/// </summary>
internal static class NativeRows
{
    private const int Batch = 128;
    private const int Copies = 50;
    private const long Now = 1_700_000_000_000_000;

    /// <summary>By number of pairs, each with 1,000 exits.</summary>
    public static IEnumerable<Finding> Sized(Workbench bench)
    {
        foreach (var pairs in new[] { 300, 1_000, 10_000 })
        {
            var made = new Exits(pairs, bench.Rounds == 2 ? 50 : 1_000);
            var without = new Counted(made, natives: false);
            var with = new Counted(made, natives: true);
            yield return new Finding(
                Finding.Text($"native histograms of {pairs} pairs, {made.EachPair} exits each: memory of the ledger"),
                Finding.Text($"{(with.Bytes - without.Bytes) / 1024.0 / 1024.0:F1} MiB"),
                Finding.Text($"{with.Rows / 1024.0 / 1024.0:F1} MiB of rows without them"),
                Finding.Text($"{(with.Bytes - without.Bytes) / pairs} B a pair"));
            yield return new Finding("  copy for a scrape that shows them: memory, time",
                Finding.Text($"{(with.CopyBytes - without.CopyBytes) / 1024.0 / 1024.0:F1} MiB"), "",
                Finding.Text($"{with.CopyMilliseconds:F2} ms, {without.CopyMilliseconds:F2} without them"));
            yield return new Finding(
                "  section of the checkpoint", Finding.Text($"{with.SectionBytes / 1024.0:F0} KiB"),
                Finding.Text($"{with.LedgerBytes / 1024.0:F0} KiB of the ledger's"));
            yield return new Finding("  CPU of an exit with taskstats, in the ledger alone",
                Finding.Text($"{with.Nanoseconds:F0} ns"), Finding.Text($"{without.Nanoseconds:F0} ns without them"));
        }
    }

    /// <summary>Made once, so that both ledgers count the same.</summary>
    private sealed class Exits
    {
        public Exits(int pairs, int eachPair)
        {
            EachPair = eachPair;
            var random = new Random(1);
            var middles = Enumerable.Range(0, pairs).Select(_ => (Time: Around(random, 10_000, 2.5),
                Memory: Around(random, 20 << 20, 1.5), Io: Around(random, 64 << 10, 2.5))).ToArray();
            All = new ProcessExit[pairs * eachPair];
            Figures = new TaskFigures[All.Length];
            for (var i = 0; i < All.Length; i++)
            {
                var pair = random.Next(pairs);
                var (time, memory, io) = middles[pair];
                var elapsed = Around(random, time, 1.2);
                var cpu = elapsed * random.NextDouble();
                var name = CommandName.From(Encoding.ASCII.GetBytes(Finding.Text($"c{pair}")));
                All[i] = new ProcessExit
                {
                    CommandLow = name.Low, CommandHigh = name.High, Version = 3,
                    ElapsedMicroseconds = (ulong)elapsed, UserMicroseconds = (ulong)cpu,
                    VirtualMemoryBytes = (ulong)Around(random, memory * 5, 0.1),
                };
                Figures[i] = new TaskFigures
                {
                    PeakResidentBytes = (ulong)Around(random, memory, 0.2), ReadBytes = (ulong)Around(random, io, 1.5),
                    WrittenBytes = random.Next(3) == 0 ? 0 : (ulong)Around(random, io / 4, 1.5),
                    Knowledge = TaskKnowledge.Joined,
                };
            }
        }

        public int EachPair { get; }

        public ProcessExit[] All { get; }

        public TaskFigures[] Figures { get; }

        /// <summary>Log-normal, as lengths and sizes of programs are.</summary>
        private static double Around(Random random, double middle, double sigma) => middle * Math.Exp(sigma
            * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    /// <summary>A ledger that has counted them twice, the second time to measure it.</summary>
    private sealed class Counted
    {
        public Counted(Exits made, bool natives)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            using var ledger = new ExitLedger(
                new LedgerOptions { PairLimit = Workbench.UsualLimit, NativeHistograms = natives },
                uid => uid.ToString(CultureInfo.InvariantCulture));
            Count(ledger, made);
            Bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            Nanoseconds = Effort.Of(() => Count(ledger, made)).CpuSeconds * 1e9 / made.All.Length;

            before = GC.GetTotalMemory(forceFullCollection: true);
            var snapshot = new LedgerSnapshot { WithNatives = natives };
            ledger.CopyTo(snapshot);
            CopyBytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            CopyMilliseconds = double.PositiveInfinity;
            for (var copy = 0; copy < Copies; copy++)
            {
                var start = Stopwatch.GetTimestamp();
                ledger.CopyTo(snapshot);
                CopyMilliseconds = Math.Min(CopyMilliseconds, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            if (snapshot.Host.Exits != 2 * (ulong)made.All.Length || snapshot.HasNatives != natives)
            {
                throw new WrongResultException($"{snapshot.Host.Exits} exits are counted");
            }

            Rows = snapshot.Pairs.Count * (256L + 464);
            var section = new ArrayBufferWriter<byte>();
            ledger.SaveNatives(section);
            SectionBytes = section.WrittenCount;
            section.ResetWrittenCount();
            ledger.SaveCheckpoint(section);
            LedgerBytes = section.WrittenCount;
        }

        public long Bytes { get; }

        public long Rows { get; }

        public long CopyBytes { get; }

        public double CopyMilliseconds { get; }

        public int SectionBytes { get; }

        public int LedgerBytes { get; }

        public double Nanoseconds { get; }

        private static void Count(ExitLedger ledger, Exits made)
        {
            var decisions = new ArrayBufferWriter<byte>();
            var pairs = new int[Batch];
            for (var start = 0; start < made.All.Length; start += Batch)
            {
                var length = Math.Min(Batch, made.All.Length - start);
                var exits = made.All.AsSpan(start, length);
                ledger.Plan(exits, pairs, decisions, Now);
                decisions.ResetWrittenCount();
                ledger.Count(exits, made.Figures.AsSpan(start, length), pairs.AsSpan(0, length), Now);
            }
        }
    }
}
