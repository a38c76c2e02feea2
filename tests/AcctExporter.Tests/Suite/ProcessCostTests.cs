// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AcctExporter.Records;
using AcctExporter.Suite;
using AcctExporter.Tests.Records;
using AcctExporter.Tests.Reports;

namespace AcctExporter.Tests.Suite;

/// <summary>What a process costs, how its life is divided, and how sums are kept.</summary>
public class ProcessCostTests
{
    /// <summary>Whatever is kept from one to the next, each life is divided as the calendar says.</summary>
    [Theory]
    [InlineData("UTC")]
    [InlineData("America/New_York")]
    public void LifeSplit_IsThatOfTheCalendar(string zone)
    {
        var holidays = Calendar.Of(Calendar.H);
        var split = LifeSplit.Of(holidays, Calendar.Zone(zone));
        var calendar = new PrimeTime(holidays, Calendar.Zone(zone));
        var random = new Random(1);
        var from = Calendar.At("2026-01-01 00:00:00");
        for (var i = 0; i < 100_000; i++)
        {
            var begin = from + random.Next(366 * 86_400);
            var seconds = random.Next(3) switch { 0 => 1, 1 => random.Next(1, 7200), _ => random.Next(1, 1_000_000) };
            Assert.Equal(calendar.Split(begin, begin + seconds), split.Parts(begin, seconds));
            // And the boundaries of the day.
            begin -= begin % 3600;
            Assert.Equal(calendar.Split(begin, begin + 3600), split.Parts(begin, 3600));
            Assert.Equal(calendar.Split(begin - 1, begin), split.Parts(begin - 1, 1));
            Assert.Equal(calendar.Split(begin - 1, begin + 1), split.Parts(begin - 1, 2));
        }
    }

    [Theory]
    [InlineData(0u, 1)] // 1969 in New York
    [InlineData(uint.MaxValue, 1)]
    [InlineData(uint.MaxValue, 1_000_000)]
    public void LifeSplit_AtTheEndsOfTime(uint begin, long seconds)
    {
        var split = LifeSplit.Of(Calendar.Of(Calendar.H), Calendar.NewYork);
        var parts = split.Parts(begin, seconds);
        Assert.Equal(seconds, parts.PrimeSeconds + parts.NonPrimeSeconds);
        Assert.Equal(parts, split.Parts(begin, seconds));
    }

    /// <summary>True CPU time is divided to the microsecond; ticks as whole ones.</summary>
    [Fact]
    public void Charge_OfTrueTime()
    {
        // Ten seconds of prime time and twenty behind it.
        var bytes = AcctcmsTests.Linux("cc1", 5);
        var record = MemoryMarshal.Read<RawV3>(At(bytes, "2026-07-07 17:59:50", elapsedTicks: 3000));
        var truth = new ExitTruth
        {
            IsKnown = true,
            UserMicroseconds = 30_000,
            SystemMicroseconds = 20_001,
            ElapsedMicroseconds = 30_900_000,
            CallBytes = 1000,
            StorageBytes = 512,
        };
        var split = LifeSplit.Of(Calendar.Of(Calendar.H), TimeZoneInfo.Utc);
        Assert.Equal(
            new ProcessCharge(16_667, 33_334, 0, 1000, 512, true) { PrimeCharacters = 333, PrimeStorageBytes = 170 },
            ProcessCharge.Of(new AcctEntry(ref record, 100, ref truth), false, split));
        Assert.Equal(
            new ProcessCharge(10_000, 40_000, 0, 0, 0, false),
            ProcessCharge.Of(new AcctEntry(ref record, 100, ref Unsafe.NullRef<ExitTruth>()), false, split));

        // Records of other clocks: 5 ticks of 1/64 s, of which 1 and 4.
        record = MemoryMarshal.Read<RawV3>(At(bytes, "2026-07-07 17:59:50", elapsedTicks: 1920));
        Assert.Equal(
            new ProcessCharge(15_625, 62_500, 0, 0, 0, false),
            ProcessCharge.Of(new AcctEntry(ref record, 64, ref Unsafe.NullRef<ExitTruth>()), false, split));
    }

    /// <summary>What is no number, or more than any, ends in no exception and no overflow.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1f)]
    [InlineData(float.MaxValue)]
    public void AnyRecord_HasACost(float elapsed)
    {
        var bytes = AcctcmsTests.Linux("x", ushort.MaxValue);
        bytes.AsSpan(32, 16).Fill(0xff);
        BitConverter.TryWriteBytes(bytes.AsSpan(28), elapsed);
        foreach (var isSystemV in (bool[])[false, true])
        {
            ref var record = ref MemoryMarshal.AsRef<RawV3>(bytes.AsSpan());
            var entry = new AcctEntry(ref record, 100, ref Unsafe.NullRef<ExitTruth>());
            foreach (var summary in (ICommandSummary[])[
                new CommandSummary(LifeSplit.Of(Calendar.Of(Calendar.H), TimeZoneInfo.Utc)),
                new CompatCommandSummary(LifeSplit.Compat(Calendar.Of(Calendar.H), TimeZoneInfo.Utc))])
            {
                summary.Add(entry, isSystemV);
                var figures = Assert.Single(summary.Figures(CommandView.Total));
                Assert.Equal(1, figures.Count);
                Assert.True(figures.CpuMinutes > 0 && figures.KcoreMinutes > 0);
            }
        }
    }

    [Fact]
    public void Sums_StopAtTheLargest()
    {
        var summary = new CommandSummary(LifeSplit.Of(Holidays.None, TimeZoneInfo.Utc));
        var most = new CommandSums
        {
            Prime = new() { CpuMicroseconds = ulong.MaxValue, KibMicroseconds = UInt128.MaxValue },
        };
        summary.Add(CommandName.From("x"u8), most);
        summary.Add(CommandName.From("x"u8), most);
        Assert.Equal(most, summary.Sums(0));
        Assert.Equal(ulong.MaxValue, summary.Sums(0).Total.CpuMicroseconds);
    }

    [Fact]
    public void Names_AreFound()
    {
        var numbers = new CommandNumbers();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 100_000; i++)
            {
                Assert.Equal(i, numbers.FindOrAdd(new((ulong)i << 32, (ulong)i)));
            }
        }

        Assert.Equal(100_000, numbers.Count);
        Assert.Equal(new((ulong)5 << 32, 5), numbers[5]);
    }

    [Fact]
    public void NothingIsAllocatedForAProcess()
    {
        var split = LifeSplit.Of(Calendar.Of(Calendar.H), TimeZoneInfo.Utc);
        var commands = new CommandSummary(split);
        var users = new UserTable<UserSums>();
        var record = MemoryMarshal.Read<RawV3>(AcctcmsTests.Linux("cc1", 5));
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(10_000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var entry = new AcctEntry(ref record, 100, ref Unsafe.NullRef<ExitTruth>());
                commands.Add(entry, false);
                var charge = ProcessCharge.Of(entry, false, split);
                users.Of(7).Add(charge);
                users.Of(7, "alice"u8).Add(charge);
            }
        }
    }

    private static byte[] At(byte[] record, string begin, float elapsedTicks)
    {
        BitConverter.TryWriteBytes(record.AsSpan(24), (uint)Calendar.At(begin));
        BitConverter.TryWriteBytes(record.AsSpan(28), elapsedTicks);
        return record;
    }
}
