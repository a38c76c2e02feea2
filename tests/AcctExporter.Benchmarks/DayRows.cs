// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Journal;
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Benchmarks;

/// <summary>
/// The day's processes out of the journal, by user and by command at once (the states PROCESS and CMS), against GNU
/// <c>sa</c>, which reads the same records once from an accounting file and sums them up by command.
/// </summary>
internal static class DayRows
{
    /// <summary>Charges the large file's exits.</summary>
    public static IEnumerable<Finding> Run(Workbench bench)
    {
        var (path, totals) = bench.Usual();
        var folder = Path.Combine(bench.NewDirectory("day"), "journal");
        Fill(folder, path);
        var places = new JournalPlaces(folder);
        Charge(places, totals, 2);
        var best = Effort.Interleave(
            bench.Rounds,
            () => Effort.OfAllThreads(() => Charge(places, totals, 1)),
            () => Effort.OfAllThreads(() => Charge(places, totals, 2)),
            () => Workbench.Measure(Workbench.Sa(), "-i", path));
        var (one, two, peer) = (best[0], best[1], best[2]);
        var what = Finding.Text($"PROCESS and CMS of {bench.Records / 1e6:0.#} M exits of the journal");
        yield return Finding.Faster(
            $"{what}, by the clock, two cores: sa -i", Rate(two.WallSeconds, bench.Records),
            Rate(peer.WallSeconds, bench.Records), peer.WallSeconds / two.WallSeconds, 1);
        yield return new Finding(
            $"{what}, CPU, one core: sa -i", Rate(one.CpuSeconds, bench.Records),
            Rate(peer.CpuSeconds, bench.Records), Finding.Text($"{peer.CpuSeconds / one.CpuSeconds:F2} x"));
    }

    private static void Fill(string folder, string path)
    {
        using var writer = JournalWriter.Open(new JournalOptions { Directory = folder }, out _);
        using var file = File.OpenRead(path);
        var pairs = new Dictionary<(ulong, ulong, uint), int>();
        var block = new JournalBlock();
        Span<byte> record = stackalloc byte[AcctRecord.Size];
        while (file.ReadAtLeast(record, record.Length, throwOnEndOfStream: false) == record.Length)
        {
            ref readonly var exit = ref MemoryMarshal.AsRef<RawV3>(record);
            var key = (exit.CommandLow, exit.CommandHigh, exit.Uid);
            block.Add(record, pairs.TryGetValue(key, out var pair) ? pair : pairs[key] = pairs.Count, []);
            if (block.IsFull)
            {
                Append(writer, block);
            }
        }

        Append(writer, block);
    }

    private static void Append(JournalWriter writer, JournalBlock block)
    {
        if (block.Count > 0)
        {
            block.UnixMicroseconds = writer.LastUnixMicroseconds + 1;
            writer.Append(block);
            block.Clear();
        }
    }

    private static void Charge(JournalPlaces places, FileTotals totals, int workers)
    {
        var holidays = Holidays.Parse("2023 0800 1800\n12/25 Christmas\n"u8);
        var charges = new ProcessCharges(LifeSplit.Of(holidays, TimeZoneInfo.Utc), byGroup: false);
        var charge = new JournalCharge(places.Folder, Console.Error.WriteLine) { Workers = workers };
        charge.Run(places.Between(default, places.Newest()), charges);
        var cpu = charges.Users.Sorted()
            .Aggregate(0UL, (sum, user) => sum + user.Sums.Prime.CpuMicroseconds + user.Sums.NonPrime.CpuMicroseconds);
        var byCommand = Enumerable.Range(0, charges.Commands.Count)
            .Aggregate(0UL, (sum, number) => sum + charges.Commands.Sums(number).Total.CpuMicroseconds);
        if (charges.Exits != totals.Exits || cpu != totals.UserMicroseconds + totals.SystemMicroseconds
            || byCommand != cpu || charge.LostBlocks > 0)
        {
            throw new WrongResultException($"{charges.Exits} exits of {totals.Exits} were charged, {cpu} microseconds");
        }
    }

    private static string Rate(double seconds, long records) =>
        Finding.Text($"{seconds:F3} s = {records / seconds / 1e6:F1} M/s");
}
