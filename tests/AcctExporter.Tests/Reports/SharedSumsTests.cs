// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>acctcms and acctprc by several processors, and by the fast path for plain records.</summary>
public sealed class SharedSumsTests : IDisposable
{
    private const int Records = 100_000;

    private readonly TemporaryDirectory folder = new();
    private readonly string pacct;

    public SharedSumsTests()
    {
        File.WriteAllText(folder.Of("holidays"), Calendar.H);
        pacct = folder.Of("pacct");
        var records = new AcctFileGenerator(9) { BoundaryValues = true }.File(Records);
        for (var at = 0; at < records.Length; at += 7 * AcctRecord.Size)
        {
            // Characters and blocks: no I/O, whatever a kernel writes there.
            (records[at + 38], records[at + 40]) = (5, 3);
        }

        File.WriteAllBytes(pacct, records);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>One by one without the fast path is what the others must be.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Commands_AreTheSame(int workers)
    {
        var expected = new CommandSummary(Split());
        OneByOne((in entry) => expected.Add(entry, isSystemV: false));
        using var file = new MemoryStream();
        CmsFile.Write(file, expected);
        Assert.True(file.Length > 1000);
        Assert.Equal(file.ToArray(), Commands(workers, ExitSelection.All));

        // And where each exit is asked whether it counts.
        Assert.Equal(file.ToArray(), Commands(workers, new ExitSelection { SinceSeconds = 0 }));
        var some = new CommandSummary(Split());
        OneByOne((in entry) =>
        {
            if (entry.Record.Uid == 0)
            {
                some.Add(entry, isSystemV: false);
            }
        });
        using var someFile = new MemoryStream();
        CmsFile.Write(someFile, some);
        Assert.Equal(someFile.ToArray(), Commands(workers, new ExitSelection { Users = [0] }));
    }

    /// <inheritdoc cref="Commands_AreTheSame"/>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Users_AreTheSame(int workers)
    {
        var expected = new UserTotals(compat: false);
        var split = Split();
        OneByOne((in entry) => expected.Add(entry, isSystemV: false, split));
        Assert.Equal(Text(expected), Users(workers));
    }

    [Fact]
    public void LongReadings_AreShown()
    {
        foreach (var (name, words) in new (string, string[])[]
        {
            ("lastcomm", ["-f", pacct]), ("dump-acct", [pacct]), ("dump-acct", ["--raw", pacct]),
            ("sa", ["-i", "-u", pacct]), ("sa", ["-i", pacct]), ("acctcms", ["-a", pacct]),
            ("acctprc", ["--holidays", folder.Of("holidays"), pacct]),
            ("lastcomm", ["--format", "csv", "-f", pacct]),
        })
        {
            var line = $"{name} {string.Join(' ', words)}";
            var shown = Shown(name, words, isOutputTerminal: false);
            Assert.Contains($"\r{name}: ", shown, StringComparison.Ordinal);
            Assert.Contains(" exits read in ", shown, StringComparison.Ordinal);
            Assert.True(shown.EndsWith(" \r", StringComparison.Ordinal), line);

            // Not between the lines of a list on the same terminal.
            var isList = name is "lastcomm" or "dump-acct" || words.Contains("-u");
            Assert.Equal((line, isList), (line, Shown(name, words, isOutputTerminal: true).Length == 0));
        }
    }

    private static string Shown(string name, string[] words, bool isOutputTerminal)
    {
        using var terminal = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        var io = new ReportIo(Stream.Null, Stream.Null, TextWriter.Null, new FastClock())
        {
            Terminal = terminal,
            IsOutputTerminal = isOutputTerminal,
        };
        var command = AcctExporter.Cli.Applets.Called(io, name, [])!;
        var parsed = command.Parse([.. command.Rewrite(words)]);
        Assert.Empty(parsed.Errors);
        Assert.Equal(0, parsed.Invoke(new() { EnableDefaultExceptionHandler = false }));
        return terminal.ToString();
    }

    private delegate void Taker(in AcctEntry entry);

    private static LifeSplit Split() =>
        LifeSplit.Of(Holidays.Parse(System.Text.Encoding.UTF8.GetBytes(Calendar.H)), TimeZoneInfo.Utc);

    private static string Text(UserTotals totals)
    {
        using var output = new MemoryStream();
        totals.Write(output, ReportFormat.Csv, names: null);
        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }

    private void OneByOne(Taker take)
    {
        using var input = ExitInput.Open(Options(), Io(Stream.Null), "test");
        var batch = new ExitBatch();
        var count = 0;
        while (input.Read(batch))
        {
            for (var i = 0; i < batch.Count; i++, count++)
            {
                take(batch[i]);
            }
        }

        Assert.InRange(count, Records * 9 / 10, Records);
    }

    private byte[] Commands(int workers, ExitSelection selection)
    {
        using var output = new MemoryStream();
        var options = new CommandOptions
        {
            Input = Options(), Selection = selection, Holidays = folder.Of("holidays"), Workers = workers,
        };
        new CommandAccounting(Io(output), options).Run();
        return output.ToArray();
    }

    private string Users(int workers)
    {
        using var exits = new DividedExits(Options(), ExitSelection.All, Io(Stream.Null), "test");
        return Text(UserTotals.Shared(exits, Split(), workers));
    }

    private ExitInputOptions Options() => new() { Files = [pacct], StoragePath = "" };

    private static ReportIo Io(Stream output) => new(Stream.Null, output, TextWriter.Null, new Utc());

    private sealed class Utc : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }

    /// <summary>Half a second passes whenever it is looked at.</summary>
    private sealed class FastClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Interlocked.Add(ref now, 500);
    }
}
