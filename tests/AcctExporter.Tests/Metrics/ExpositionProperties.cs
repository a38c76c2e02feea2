// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Metrics;
using AcctExporter.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Metrics;

public class ExpositionProperties
{
    internal static readonly Arbitrary<ProcessExit[]> Exits = Exit().ArrayOf().ToArbitrary();

    [Fact]
    public void AnyName_IsReadBackAsItsLabel() => Prop.ForAll<byte[]>(bytes =>
    {
        var name = Array.ConvertAll(bytes, value => value == 0 ? (byte)1 : value);
        using var source = new FakeSource(userName: _ => LabelText.Escape(name));
        source.Count(FakeSource.Exit(name, 5, 0));
        var text = source.Scrape();
        var sample = ExpositionReader.Read(text).Single(sample => sample.Name == "acct_process_exits_total");
        return sample.Label("user") == LabelText.Escape(name)
            && sample.Label("command") == LabelText.Escape(name.AsSpan(0, Math.Min(name.Length, CommandName.Size)));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("\\n")]
    [InlineData("\"} 1")]
    [InlineData("{x=\"y\"}")]
    [InlineData(" ")]
    [InlineData("# EOF")]
    [InlineData("other")]
    [InlineData("\\x6fther")]
    [InlineData("\u202eevil")]
    [InlineData("żółw 🐢")]
    public void HostileNames_StayLabels(string name)
    {
        using var source = new FakeSource();
        source.Count(FakeSource.Exit(name), FakeSource.Exit("innocent"));
        var bytes = System.Text.Encoding.UTF8.GetBytes(name);
        foreach (var format in new[] { ExpositionFormat.Text, ExpositionFormat.OpenMetrics })
        {
            var exits = ExpositionReader.Read(source.Scrape(format))
                .Where(sample => sample.Name == "acct_process_exits_total");
            Assert.Equal([LabelText.Escape(bytes), "innocent"], exits.Select(sample => sample.Label("command")));
        }

        var messages = source.Messages().Single(family => family.Name == "acct_process_exits_total").Metrics;
        Assert.Equal([LabelText.Escape(bytes), "innocent"], messages.Select(metric => metric.Label("command")));
    }

    [Fact]
    public void Exits_AreSuccessesFailuresAndSignals() => Prop.ForAll(Exits, exits =>
    {
        var samples = Scrape(exits);
        var successes = exits.Count(exit => exit.ExitCode is 0);
        return Sum(samples, "acct_exits_total")
                == successes + Sum(samples, "acct_failures_total") + Sum(samples, "acct_signals_total")
            && Sum(samples, "acct_process_exits_total")
                == successes + Sum(samples, "acct_process_failures_total") + Sum(samples, "acct_process_signals_total")
            && Sum(samples, "acct_core_dumps_total") <= Sum(samples, "acct_signals_total");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void PairsAndDropped_AreTheHost_WhileNothingIsEvicted() => Prop.ForAll(Exits, exits =>
    {
        var samples = Scrape(exits);
        var dropped = Sum(samples, "acct_exporter_exits_dropped_total");
        return Sum(samples, "acct_process_exits_total") + dropped == exits.Length
            && Catalog.All.Where(family => family.Scope == MetricScope.Pair && family.Kind == MetricKind.Counter)
                .All(family => Sum(samples, family.Name) == Sum(samples, family.ForHost().Name));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Histograms_AreCumulative_AndInfIsTheCount() => Prop.ForAll(Exits, exits =>
    {
        var samples = Scrape(exits);
        foreach (var family in Catalog.All.Where(family => family.Kind == MetricKind.Histogram))
        {
            var counts = samples.Where(sample => sample.Name == $"{family.Name}_count").ToArray();
            Assert.All(counts.GroupBy(sample => sample.Label("direction")), of =>
                Assert.Equal(exits.Length, of.Sum(sample => sample.Value)));
            Assert.True(exits.Length == 0 || counts.Length > 0, family.Name);
            Assert.All(counts, count => CheckBuckets(samples, family, count));
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sums_AreExact() => Prop.ForAll(Exits, exits =>
    {
        var samples = Scrape(exits);
        var cpu = exits.Sum(exit => (decimal)(exit.UserMicroseconds + exit.SystemMicroseconds)) / 1_000_000;
        var elapsed = exits.Sum(exit => (decimal)exit.ElapsedMicroseconds) / 1_000_000;
        var resident = exits.Sum(exit => (decimal)exit.UserMicroseconds) * (1 << 20) / 1_000_000;
        var memory = exits.Sum(exit => (decimal)exit.VirtualMemoryBytes);
        return Total(samples, "acct_process_cpu_per_exit_seconds_sum") == cpu
            && Total(samples, "acct_process_cpu_time_seconds_total") == cpu
            && Total(samples, "acct_cpu_per_exit_seconds_sum") == cpu
            && Total(samples, "acct_duration_seconds_sum") == elapsed
            && Total(samples, "acct_process_virtual_memory_bytes_sum") == memory
            && Total(samples, "acct_process_memory_byte_seconds_total") == resident
            && Total(samples, "acct_memory_byte_seconds_total") == resident;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Series_AreUnique() => Prop.ForAll(Exits, exits =>
    {
        var samples = Scrape(exits);
        return samples.Select(sample => sample.Series).Distinct().Count() == samples.Count;
    }).QuickCheckThrowOnFailure();

    private static void CheckBuckets(List<Sample> samples, MetricFamily family, Sample count)
    {
        var buckets = samples.Where(sample => sample.Name == $"{family.Name}_bucket"
            && sample.Label("user") == count.Label("user") && sample.Label("direction") == count.Label("direction")
            && sample.Label("command") == count.Label("command")).ToArray();
        Assert.Equal(HistogramBounds.Buckets, buckets.Length);
        Assert.Equal("+Inf", buckets[^1].Label("le"));
        Assert.Equal(count.Text, buckets[^1].Text);
        Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
    }

    private static List<Sample> Scrape(ProcessExit[] exits)
    {
        // Few places, so that the pair "other" takes part.
        using var source = new FakeSource(pairLimit: 3);
        source.Count(exits, Figures(exits));
        return ExpositionReader.Read(source.Scrape(allHistograms: true));
    }

    /// <summary>Known of every exit, and made of what it is.</summary>
    internal static TaskFigures[] Figures(ProcessExit[] exits) => [.. exits.Select(exit => new TaskFigures
    {
        Knowledge = TaskKnowledge.Joined | TaskKnowledge.Delays,
        ReadBytes = exit.MinorFaults << 10,
        WrittenBytes = exit.ElapsedMicroseconds,
        PeakResidentBytes = exit.VirtualMemoryBytes / 3,
        ResidentMebibyteMicroseconds = exit.UserMicroseconds,
    })];

    private static double Sum(List<Sample> samples, string name) => (double)Total(samples, name);

    private static decimal Total(List<Sample> samples, string name) => samples.Where(sample => sample.Name == name)
        .Sum(sample => decimal.Parse(sample.Text, System.Globalization.CultureInfo.InvariantCulture));

    private static Gen<ProcessExit> Exit() =>
        from command in Gen.Elements("sh", "cc", "ld", "make", "a b")
        from uid in Gen.Choose(0, 2)
        from code in Gen.Elements(0u, 0u, 0x100u, 0xff00u, 9u, 11u, 11u | 0x80, 6u | 0x80, 35u)
        from user in Gen.Choose(0, int.MaxValue)
        from system in Gen.Choose(0, 100)
        from elapsed in Gen.Choose(0, int.MaxValue)
        from memory in Gen.Choose(0, int.MaxValue)
        from faults in Gen.Choose(0, 10_000)
        select FakeSource.Exit(command, (uint)uid, code, (ulong)user, (ulong)system * 10_000, (ulong)elapsed * 5,
            (ulong)memory * 4096, (ulong)faults, (ulong)faults / 10, (AcctFlags)(faults & 3));
}
