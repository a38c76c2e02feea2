// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// <c>sa</c> without the real one: its bytes from the fixtures, and what ours does where the real one does otherwise.
/// More beside the real one: <see cref="SaPeerTests"/>.
/// </summary>
public sealed class SaTests
{
    private const long Now = 1_811_894_400;

    [Theory]
    [InlineData("real-behaviours", "aclt")]
    [InlineData("synth-mix", "ajKP")]
    [InlineData("synth-bigvalues", "aDn")]
    [InlineData("real-tty", "rv3f")]
    public void TheClassicTable_IsGnusBytes(string fixture, string letters)
    {
        var words = letters.Select(letter => letter == '3' ? "" : letter == 'v' ? "-v3" : $"-{letter}");
        var ours = Run([.. words.Where(word => word.Length > 0), "-i", "--print-controls", Fixture(fixture)]);

        Assert.Equal((0, ""), (ours.ExitCode, ours.Errors));
        Assert.Equal(
            Encoding.Latin1.GetString(PacctFixture.Bytes($"{fixture}.sa-{letters}.txt")), ours.Text);
    }

    /// <summary>No terminal is sent what somebody called his program.</summary>
    [Fact]
    public void Names_AreSafe()
    {
        var all = Run(["-i", "-a", Fixture("real-behaviours")]);
        var each = Run(["-i", "-u", Fixture("real-behaviours")]);
        var keys = Run(["--by", "command", Fixture("real-behaviours")]);
        var asked = Run(["-i", "-v", "1", Fixture("real-behaviours")]);

        foreach (var result in new[] { all, each, keys, asked })
        {
            Assert.Contains("?[31mred", result.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(result.Output, value => value is not ((byte)'\n' or (>= 32 and < 127)));
        }
    }

    /// <summary>The real one says nothing, as if nothing had run.</summary>
    [Fact]
    public void CommandsThatRanOnceEach_AreShownTogether()
    {
        var sane = Run(["-i", Fixture("synth-single")]);
        var compat = Run(["-i", "--compat", Fixture("synth-single")]);

        Assert.Equal(2, sane.Text.Count(letter => letter == '\n'));
        Assert.EndsWith("***other\n", sane.Text, StringComparison.Ordinal);
        Assert.Equal((0, ""), (compat.ExitCode, compat.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-m")]
    [InlineData("-a")]
    [InlineData("-u")]
    [InlineData("-v 3 -f")]
    public void AnEmptyFile_HasNoRows(string options)
    {
        using var file = new ScratchFile([]);

        var ours = Run(["-i", .. Split(options), file.Path]);

        Assert.Equal((0, "", ""), (ours.ExitCode, ours.Text, ours.Errors));
    }

    /// <summary>Each question stands where the real one has it: in the order of its table.</summary>
    [Fact]
    public void Junk_IsAskedFor()
    {
        using var file = File(Exit("cat"), Exit("dog"), Exit("dog"), Exit("eel"), Exit("eel"));

        var ours = Run(["-i", "-v", "2", file.Path], input: "y\n no\n  Yes\n"u8.ToArray());

        var questions = ours.Text[..(ours.Text.LastIndexOf("? ", StringComparison.Ordinal) + 2)];
        Assert.Equal(3, questions.Split("Junk `             ").Length - 1);
        var rows = ours.Text[questions.Length..].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, rows.Length);
        Assert.Contains(rows, row => row.EndsWith("   **junk**", StringComparison.Ordinal));
    }

    /// <summary>Of several the last decides, and -D also when it is not the last shows all I/O.</summary>
    [Theory]
    [InlineData("-n -k", "-k")]
    [InlineData("-k -n", "-n")]
    [InlineData("-bkn --sort-real-time", "--sort-real-time")]
    [InlineData("-K -n -K", "-K")]
    [InlineData("--sort-num -D", "-D")]
    public void TheLastSort_Decides(string several, string last)
    {
        string[] common = ["-i", "-a", Fixture("synth-mix")];

        Assert.Equal(Run([.. Split(last), .. common]).Text, Run([.. Split(several), .. common]).Text);
    }

    [Theory]
    [InlineData("-u -s", "--print-users (-u) does not go with")]
    [InlineData("-u -m", "--print-users (-u) does not go with")]
    [InlineData("-u -M", "--print-users (-u) does not go with")]
    [InlineData("-s -m", "--merge (-s) does not go with")]
    [InlineData("-s -M", "--merge (-s) does not go with")]
    [InlineData("-s --format csv", "leave --format out")]
    [InlineData("-v 2 --format csv", "classic table only")]
    [InlineData("-v 0", "--threshold: '0' is no whole number from 1")]
    [InlineData("-v 1x", "--threshold: '1x' is no whole number")]
    [InlineData("--ahz 0", "--ahz: '0'")]
    [InlineData("--by usr", "'usr' is none of user, group")]
    [InlineData("--by user,user", "each key once")]
    [InlineData("--by user -m", "--by does not go with")]
    [InlineData("--by user --sort calsl", "did you mean 'calls'?")]
    [InlineData("--by user --sort command", "'command' is none of the columns user, calls")]
    [InlineData("-m --format csv --sort command", "'command' is none of the columns user, calls")]
    [InlineData("--sort calls", "--sort goes with --by")]
    [InlineData("--top 0 --by user", "--top: '0'")]
    [InlineData("-u --top 3", "--top goes with rows that are sorted")]
    [InlineData("--no-such", "--no-such")]
    public void WhatMakesNoSense_IsSaid(string options, string message)
    {
        var ours = Run([.. Split(options), "-i", Fixture("synth-mix")]);

        Assert.Equal(ExitCode.Usage, ours.ExitCode);
        Assert.Empty(ours.Text);
        Assert.Contains(message, ours.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatCannotBeRead_IsSaid_AndTheOthersAreCounted()
    {
        var ours = Run(["-i", "-a", "/no/such/file", Fixture("synth-mix")]);

        Assert.Equal(ExitCode.CannotRead, ours.ExitCode);
        Assert.StartsWith("sa: cannot read /no/such/file: ", ours.Errors, StringComparison.Ordinal);
        Assert.Equal(Run(["-i", "-a", Fixture("synth-mix")]).Text, ours.Text);
    }

    /// <summary>True figures stand in the classic columns: 1.5 s is no number of ticks that a comp_t has.</summary>
    [Fact]
    public void TrueFigures_AreInTheSameColumns()
    {
        var batch = new ExitBatch { Count = 1 };
        Exit("cc1").CopyTo(batch.Bytes, 0);
        batch.SetTruth(0, new ExitTruth
        {
            IsKnown = true, UserMicroseconds = 1_504_321, SystemMicroseconds = 250_000, ElapsedMicroseconds = 2_000_001,
            CallBytes = 1_000_000, StorageBytes = 8192,
        });
        var tally = new SaCommandTally();
        var finder = tally.NewFinder();
        var numbers = new int[ExitBatch.Capacity];
        finder.Find(batch, default, numbers);
        tally.Add(batch, numbers, [tally.RowOf(finder, 0)]);

        Assert.Equal(1.504321, tally[0].User, 9);
        Assert.Equal(0.25, tally[0].System, 9);
        Assert.Equal(2.000001, tally[0].Elapsed, 9);
        Assert.Equal(16, tally[0].Io);
    }

    /// <summary>Two workers add in the order of the file, too: the last digits are the same.</summary>
    [Theory]
    [InlineData((int)SaPrint.Commands)]
    [InlineData((int)SaPrint.Users)]
    [InlineData((int)SaPrint.Exits)]
    [InlineData((int)SaPrint.Keys)]
    public void SeveralWorkers_PrintTheSame(int print)
    {
        // Elapsed times of some hundred years make sums in which the order of adding shows before the point.
        var records = new AcctFileGenerator(5) { BoundaryValues = true }.File(150_000);
        var random = new Random(1);
        for (var at = 0; at < records.Length; at += AcctRecord.Size)
        {
            BinaryPrimitives.WriteSingleLittleEndian(
                records.AsSpan(at + 28), random.Next(2) == 0 ? random.Next(1000) : 4.2e11f * random.NextSingle());
        }

        using var file = new ScratchFile(records);

        var texts = new[] { 1, 2, 4 }.Select(workers =>
        {
            using var output = new MemoryStream();
            var options = new SaOptions
            {
                Input = new() { Files = [file.Path], StoragePath = "" },
                ReadsSummaries = false,
                Print = (SaPrint)print,
                By = ["uid", "command"],
                AllRecords = true,
                Workers = workers,
            };
            var io = new ReportIo(Stream.Null, output, TextWriter.Null, TimeProvider.System);
            Assert.Equal(SaOutcome.Done, new SaReport(options, io).Run());
            return Encoding.Latin1.GetString(output.ToArray());
        }).ToArray();

        Assert.True(texts[0].Length > 1000);
        Assert.Equal(texts[0], texts[1]);
        Assert.Equal(texts[0], texts[2]);
    }

    /// <summary>Known keys cost no memory, in the fast path and in the others.</summary>
    [Fact]
    public void NothingIsAllocatedForAnExit()
    {
        var batch = new ExitBatch { Count = ExitBatch.Capacity };
        new AcctFileGenerator(6).File(ExitBatch.Capacity).CopyTo(batch.Bytes, 0);
        var tallies = new SaTally[]
        {
            new SaCommandTally(), new SaOwnerTally(groups: true),
            new SaGroupTally([SaKeyParts.Of("user", TimeZoneInfo.Utc), SaKeyParts.Of("hour", TimeZoneInfo.Utc)]),
        };
        var numbers = new int[ExitBatch.Capacity];
        foreach (var tally in tallies)
        {
            var finder = tally.NewFinder();
            finder.Find(batch, default, numbers);
            int[] rows = [.. Enumerable.Range(0, finder.Count).Select(number => tally.RowOf(finder, number))];
            tally.Add(batch, numbers, rows);

            var before = GC.GetAllocatedBytesForCurrentThread();
            finder.Find(batch, default, numbers);
            tally.Add(batch, numbers, rows);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    internal static ToolResult Run(string[] words, byte[]? input = null, string zone = "UTC") =>
        Applet.Run("sa", words, Now, zone, input);

    internal static string Fixture(string name) =>
        Path.Combine(AppContext.BaseDirectory, "Fixtures", "pacct", name + ".pacct");

    internal static ScratchFile File(params byte[][] exits) => new([.. exits.SelectMany(exit => exit)]);

    /// <summary>One record.</summary>
    internal static byte[] Exit(
        string command, uint uid = 1, ulong userTicks = 0, uint status = 0, uint begin = 1_700_000_000,
        ushort tty = 0) =>
        Slot.Of(new AcctRecord
        {
            Version = 3,
            Pid = 7,
            Command = Slot.Name(command),
            Uid = uid,
            UserTicks = userTicks,
            ExitCode = status,
            BeginUnixSeconds = begin,
            Tty = tty,
            ElapsedTicks = 100,
        });

    private static string[] Split(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
