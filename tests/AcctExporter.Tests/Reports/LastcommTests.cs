// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// What <c>lastcomm</c> does otherwise than GNU's: choices, rows, the live list. Its bytes are held beside the real one
/// in <see cref="LastcommPeerTests"/>.
/// </summary>
public sealed class LastcommTests
{
    private const long Now = 1_811_894_400;

    private static readonly string Mix =
        Path.Combine(AppContext.BaseDirectory, "Fixtures", "pacct", "synth-mix.pacct");

    private static readonly byte[] Records = PacctFixture.Bytes("real-behaviours.pacct");

    [Fact]
    public void StrictWords_MustEachBeUserTerminalOrCommand()
    {
        var all = Run("--forwards").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (user, terminal) = (all[0][23..31].Trim(), all[0][32..40].Trim());
        var both = all.Where(line => line[23..31].Trim() == user && line[32..40].Trim() == terminal).ToArray();

        Assert.NotEmpty(both);
        Assert.Equal(both, Lines(Run("--forwards", "--strict-match", user, terminal)));
        Assert.Empty(Lines(Run("--compat", "--forwards", "--strict-match", user, terminal)));
        Assert.Empty(Lines(Run("--forwards", "--strict-match", user, terminal, "no-such-name")));
    }

    [Fact]
    public void Lines_LimitsTheList()
    {
        var all = Lines(Run());
        Assert.Equal(all[..3], Lines(Run("-n", "3")));
        Assert.Empty(Lines(Run("--lines=0")));
        Assert.Equal(all.Reverse(), Lines(Run("--forwards")));
    }

    [Theory]
    [InlineData("--strict-match --user a --user b", "--strict-match goes with one --user only")]
    [InlineData("--ahz 0", "--ahz: '0' is no number of ticks")]
    [InlineData("--ahz 65536", "--ahz: '65536' is no number of ticks")]
    [InlineData("-n -1", "--lines: '-1' is no whole number")]
    [InlineData("--follow -f a -f b", "--follow goes with one file only")]
    public void AMistake_IsSaid(string words, string fault)
    {
        var result = Applet.Run("lastcomm", words.Split(' '), Now);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(fault, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_HaveEveryFieldInBaseUnits()
    {
        var record = PacctFixture.Bytes("real-behaviours.pacct").AsSpan(0, 64).ToArray();
        record[1] = 3;
        BitConverter.TryWriteBytes(record.AsSpan(4), 0x8b); // SIGSEGV, with a core.
        BitConverter.TryWriteBytes(record.AsSpan(2), (ushort)0x8803);
        BitConverter.TryWriteBytes(record.AsSpan(8), 4_000_000u);
        BitConverter.TryWriteBytes(record.AsSpan(12), 4_000_001u);
        BitConverter.TryWriteBytes(record.AsSpan(16), 77);
        BitConverter.TryWriteBytes(record.AsSpan(20), 66);
        BitConverter.TryWriteBytes(record.AsSpan(24), 1_700_000_000);
        BitConverter.TryWriteBytes(record.AsSpan(28), 250f);
        BitConverter.TryWriteBytes(record.AsSpan(32), (ushort)5);
        BitConverter.TryWriteBytes(record.AsSpan(34), (ushort)7);
        BitConverter.TryWriteBytes(record.AsSpan(36), (ushort)100);
        record[0] = 0x1a;
        "a\"b\n\u001b"u8.CopyTo(record.AsSpan(48));
        record.AsSpan(53).Clear();
        var faults = (BitConverter.ToUInt16(record, 42), BitConverter.ToUInt16(record, 44));

        var json = Applet.Run("lastcomm", ["--format", "json", "-f", "-"], Now, input: record).Text;
        Assert.Equal(
            "[\n{\"command\":\"a\\u0022b\\n\\u001B\",\"user\":\"4000000\",\"uid\":4000000,\"group\":\"4000001\","
            + "\"gid\":4000001,\"tty\":\"pts/3\",\"pid\":77,\"ppid\":66,\"begin\":\"2023-11-14T22:13:20Z\","
            + "\"end\":\"2023-11-14T22:13:22Z\",\"elapsed_seconds\":2.5,\"user_cpu_seconds\":0.05,"
            + "\"system_cpu_seconds\":0.07,\"memory_bytes\":102400,"
            + $"\"minor_faults\":{faults.Item1},\"major_faults\":{faults.Item2},\"io_bytes\":null,"
            + "\"storage_bytes\":null,\"exit_code\":null,\"signal\":\"SIGSEGV\",\"core_dumped\":true,"
            + "\"forked_without_exec\":false,\"used_privilege\":true}\n]\n",
            json);
        Assert.StartsWith(
            "a\"b??            S  DX 4000000  pts/3      0.12 secs Tue Nov 14 22:13\n",
            Applet.Run("lastcomm", ["-f", "-"], Now, input: record).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Choices_ComeOnTop()
    {
        Assert.Equal(2, Lines(Run("--exit-code", "0", "--command", "beta")).Length);
        Assert.Empty(Lines(Run("--since", "@9999999999")));
        Assert.Empty(Lines(Run("--since", "@9999999999", "beta")));
    }

    /// <summary>It has no end to begin at.</summary>
    [Fact]
    public void StandardInput_IsReadForwards() => Assert.Equal(
        Run("--forwards").Text,
        Applet.Run("lastcomm", ["-f", "-"], Now, input: PacctFixture.Bytes("synth-mix.pacct")).Text);

    /// <summary>No terminal, no ids before v3, no code after a signal; ticks are the record's own.</summary>
    [Fact]
    public void Rows_HaveNothingWhereNothingIsKnown()
    {
        var record = new byte[64];
        record[1] = 2;
        BitConverter.TryWriteBytes(record.AsSpan(2), (ushort)0xfff0);
        BitConverter.TryWriteBytes(record.AsSpan(4), (ushort)0xfff1);
        BitConverter.TryWriteBytes(record.AsSpan(8), 1_700_000_000);
        BitConverter.TryWriteBytes(record.AsSpan(12), (ushort)50);
        BitConverter.TryWriteBytes(record.AsSpan(14), (ushort)70);
        BitConverter.TryWriteBytes(record.AsSpan(16), (ushort)2500);
        BitConverter.TryWriteBytes(record.AsSpan(30), (ushort)1000);
        BitConverter.TryWriteBytes(record.AsSpan(32), 9);
        "killed"u8.CopyTo(record.AsSpan(36));
        BitConverter.TryWriteBytes(record.AsSpan(54), (ushort)2500);
        BitConverter.TryWriteBytes(record.AsSpan(56), 0xfff0);
        BitConverter.TryWriteBytes(record.AsSpan(60), 0xfff1);

        Assert.EndsWith(
            "\r\nkilled,65520,65520,65521,65521,,,,2023-11-14T22:13:20Z,2023-11-14T22:13:22Z,2.5,0.05,0.07,0,0,0,,,,"
            + "SIGKILL,false,false,false\r\n",
            Applet.Run("lastcomm", ["--format", "csv", "-f", "-"], Now, input: record).Text, StringComparison.Ordinal);
    }

    /// <summary>The last ones, then each that comes; none twice, none left out.</summary>
    [Fact]
    public async Task Follow_ListsWhatComes()
    {
        using var folder = new TemporaryDirectory();
        var file = folder.Of("pacct");
        await File.WriteAllBytesAsync(file, Records.AsMemory(0, 20 * 64));
        using var end = new CancellationTokenSource();
        using var output = new WatchedOutput();
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var options = new LastcommOptions
        {
            Input = new ExitInputOptions { Files = [file], StoragePath = folder.Path },
            ShowPid = true,
            Most = 5,
            Follow = true,
        };
        var report = new LastcommReport(options, new ReportIo(Stream.Null, output, errors, TimeProvider.System));
        var run = Task.Factory.StartNew(() => report.Run(end.Token), TaskCreationOptions.LongRunning);

        await output.Lines(5);
        for (var i = 20; i < 30; i += 5)
        {
            await File.AppendAllBytesAsync(file, Records.AsMemory(i * 64, 5 * 64));
            await output.Lines(5 + i - 15);
        }

        await end.CancelAsync();
        Assert.Equal(ReadResult.Whole, await run);
        var whole = options with { Follow = false, Most = long.MaxValue };
        using var expected = new MemoryStream();
        new LastcommReport(whole, new ReportIo(Stream.Null, expected, errors, TimeProvider.System)).Run();
        var lines = Encoding.Latin1.GetString(expected.ToArray()).Split('\n');
        Assert.Equal(string.Join('\n', lines[15..]), output.Text);
        Assert.Equal("", errors.ToString());
    }

    [Fact]
    public void Lines_AllocateNothing()
    {
        var batch = new ExitBatch { Count = Records.Length / 64 };
        Records.CopyTo(batch.Bytes, 0);
        var terminals = new TerminalNames();
        var input = new ExitInputOptions { StoragePath = "/" };
        var list = new LastcommLines(new LastcommOptions { Input = input }, terminals, TimeZoneInfo.Utc);
        var dump = new DumpAcctLines(new DumpAcctOptions { Input = input }, terminals, TimeZoneInfo.Utc);
        list.Fill(batch);
        dump.Fill(batch);

        Assert.Equal(0, Allocated.By(() => list.Fill(batch)));
        Assert.Equal(0, Allocated.By(() => dump.Fill(batch)));
    }

    private static ToolResult Run(params string[] words) => Applet.Run("lastcomm", [.. words, "-f", Mix], Now);

    private static string[] Lines(ToolResult result) => result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Tells when so many lines have come.</summary>
    private sealed class WatchedOutput : MemoryStream
    {
        private readonly Lock gate = new();

        public string Text
        {
            get
            {
                lock (gate)
                {
                    return Encoding.Latin1.GetString(ToArray());
                }
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (gate)
            {
                base.Write(buffer);
            }
        }

        public async Task Lines(int count)
        {
            for (var tries = 0; Text.Count(letter => letter == '\n') < count; tries++)
            {
                Assert.True(tries < 1500, $"only this came:\n{Text}");
                await Task.Delay(20);
            }
        }
    }
}
