// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Golden;
using AcctExporter.Tests.Metrics;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Capture;

public sealed partial class ExitEventLineTests
{
    private static ExitEvent Example => new()
    {
        Exit = FakeSource.Exit(
            "crasher", exitCode: 0x8b, user: 1_240_000, system: 10_000, elapsed: 1_270_000, memory: 2_727_936,
            minor: 87)
            with
            {
                Uid = 1000,
                Gid = 1000,
                Pid = 2140,
                Ppid = 2139,
                Tty = 136 << 8,
                Flags = AcctFlags.UsedPrivilege,
                Version = 3,
                BeginUnixSeconds = 1_795_320_000,
            },
        Figures = Figures(),
        CountedUnixMicroseconds = 1_795_320_001_523_000,
    };

    [Fact]
    public void Example_IsThatOfTheDocument()
    {
        var document = File.ReadAllText(Path.Combine(GoldenFile.RepositoryRoot, "docs", "events.md"));
        var example = JsonBlock().Match(document).Groups[1].Value.Trim();
        var happened = new ExitEvent
        {
            Exit = FakeSource.Exit(
                "sh", 65534, 0x8b, elapsed: 310_000, memory: 2_654_208, minor: 189, flags: AcctFlags.UsedPrivilege) with
            {
                Gid = 65533, Pid = 24, Ppid = 22, Version = 3, BeginUnixSeconds = 1_795_320_294,
            },
            CountedUnixMicroseconds = 1_795_320_294_446_000,
        };
        Assert.Equal(Line(happened, _ => "nobody"), example);
    }

    [Fact]
    public void Fields_AreThoseOfTheDocument_InItsOrder()
    {
        var document = File.ReadAllText(Path.Combine(GoldenFile.RepositoryRoot, "docs", "events.md"));
        var documented = FieldRow().Matches(document).Select(row => row.Groups[1].Value);
        Assert.Equal(Names(Example), documented);
    }

    [Fact]
    public void ExitWithoutFigures_LeavesOutWhatOnlyTheyKnow()
    {
        var plain = Example with { Figures = default };
        var names = Names(plain).ToArray();
        Assert.Equal("enriched", names[^1]);
        Assert.Equal(Names(Example).Take(names.Length), names);
        Assert.Equal(
            """
            {"time":"2026-11-22T04:00:01Z","start":"2026-11-22T04:00:00Z","counted":"2026-11-22T04:00:01.523Z",
            "pid":2140,"ppid":2139,"user":"u1000","uid":1000,"gid":1000,"command":"crasher","exe":null,"tty":"pts/0",
            "exit_code":null,"signal":"SIGSEGV","signal_number":11,"core":true,"flags":["privileged"],
            "elapsed_seconds":1.27,
            "user_cpu_seconds":1.24,"system_cpu_seconds":0.01,"minor_faults":87,"major_faults":0,
            "virtual_memory_bytes":2727936,"enriched":false}
            """.ReplaceLineEndings(""),
            Line(plain));
    }

    [Fact]
    public void ExitByItself_HasACodeAndNoSignal()
    {
        var exit = FakeSource.Exit("sh", exitCode: 3 << 8, flags: AcctFlags.ForkedWithoutExec | AcctFlags.DumpedCore
            | AcctFlags.KilledBySignal);
        Assert.Equal(
            """
            {"time":"1970-01-01T00:00:00Z","start":"1970-01-01T00:00:00Z","counted":"1970-01-01T00:00:00.000Z",
            "pid":null,"ppid":null,"user":"u0","uid":0,"gid":0,"command":"sh","exe":null,"tty":null,"exit_code":3,
            "signal":null,"signal_number":null,"core":false,"flags":["forked"],"elapsed_seconds":0,
            "user_cpu_seconds":0,"system_cpu_seconds":0,"minor_faults":0,"major_faults":0,
            "virtual_memory_bytes":0,"enriched":false}
            """.ReplaceLineEndings(""),
            Line(new ExitEvent { Exit = exit }));
    }

    [Fact]
    public void FiguresThatAreLowerBounds_SaySo_AndDelaysAreThereWhenMeasured()
    {
        var happened = Example;
        happened.Figures.Knowledge = TaskKnowledge.Joined | TaskKnowledge.Incomplete;
        var line = JsonDocument.Parse(Line(happened)).RootElement;
        Assert.True(line.GetProperty("incomplete").GetBoolean());
        Assert.False(line.TryGetProperty("delay_seconds", out _));
    }

    /// <summary>0 would look true.</summary>
    [Fact]
    public void ADelayThatIsUnknown_IsLeftOut()
    {
        var happened = Example;
        happened.Figures.UnknownDelays = 1 << (int)DelayReason.BlockIo;
        var delays = JsonDocument.Parse(Line(happened)).RootElement.GetProperty("delay_seconds");
        Assert.False(delays.TryGetProperty("block_io", out _));
        Assert.Equal(0.00231, delays.GetProperty("cpu").GetDouble());
        Assert.Equal(DelayFigures.Count - 1, delays.EnumerateObject().Count());
    }

    /// <summary>The whole seconds of end and elapsed time are what the kernel made the begin from.</summary>
    [Theory]
    [InlineData(999_999, "2026-11-22T04:00:00Z")]
    [InlineData(1_000_000, "2026-11-22T04:00:01Z")]
    [InlineData(86_400_990_000, "2026-11-23T04:00:00Z")]
    [InlineData(ulong.MaxValue, "9999-12-31T23:59:59Z")]
    public void Time_IsTheSecondOfTheEnd(ulong elapsed, string time)
    {
        var happened = Example;
        happened.Exit.ElapsedMicroseconds = elapsed;
        Assert.Equal(time, JsonDocument.Parse(Line(happened)).RootElement.GetProperty("time").GetString());
    }

    [Theory]
    [InlineData(1, "0.000001")]
    [InlineData(1_500_000, "1.5")]
    [InlineData(43_000, "0.043")]
    [InlineData(ulong.MaxValue, "18446744073709.551615")]
    public void Seconds_AreDecimalNumbers(ulong microseconds, string text)
    {
        var happened = Example;
        happened.Exit.UserMicroseconds = microseconds;
        Assert.Contains($"\"user_cpu_seconds\":{text},", Line(happened));
    }

    /// <summary>Whatever a name is: one line of JSON, one to one, and the label of the same name.</summary>
    [Fact]
    public void Names_OfAnyBytes_AreTheirLabels()
    {
        for (var value = 1; value < 256; value++)
        {
            HasLabel([(byte)value]);
            HasLabel([.. "a"u8, (byte)value, .. "b"u8]);
        }

        Assert.All(
            new[] { "", "other", "a\"b\\c", @"\xff", "\u2028", "caf\u00e9", "\U0001F600", "</script>", "line\nbreak" },
            name => HasLabel(Encoding.UTF8.GetBytes(name)));
        Holds.ForAllOf(
            Gen.Choose(1, 255).Select(value => (byte)value), CommandName.Size, 2000, name => HasLabel(name));
    }

    /// <summary>Any record of any version makes a line that a reader can parse.</summary>
    [Fact]
    public void AnyExit_IsOneLineOfJson() => Holds.ForAll(RecordGen.Records(RecordGen.AllKinds), 3000, record =>
    {
        var exit = record.ToExit();
        var happened = new ExitEvent { Exit = exit, Figures = Figures(), CountedUnixMicroseconds = long.MaxValue };
        var line = Line(happened);
        var root = JsonDocument.Parse(line).RootElement;
        return !line.Contains('\n', StringComparison.Ordinal)
            && root.GetProperty("uid").GetUInt32() == exit.Uid
            && root.GetProperty("minor_faults").GetUInt64() == exit.MinorFaults
            && (root.GetProperty("exit_code").ValueKind == JsonValueKind.Null)
                == (root.GetProperty("signal").ValueKind != JsonValueKind.Null);
    });

    private static bool HasLabel(ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, CommandName.Size)];
        var line = Line(new ExitEvent { Exit = FakeSource.Exit(name.ToArray(), 0, 9) });
        Assert.DoesNotContain('\n', line);
        Assert.Equal(
            LabelText.Escape(name), JsonDocument.Parse(line).RootElement.GetProperty("command").GetString());
        return true;
    }

    private static TaskFigures Figures()
    {
        var figures = new TaskFigures
        {
            ReadBytes = 4096,
            WrittenBytes = 1024,
            StorageReadBytes = 8192,
            StorageWrittenBytes = 12_288,
            StorageCancelledBytes = 0,
            ResidentMebibyteMicroseconds = 3_000_000,
            PeakResidentBytes = 1_556_480,
            PeakVirtualBytes = 2_727_936,
            ExecutableDevice = 0x801,
            ExecutableInode = 42,
            Knowledge = TaskKnowledge.Joined | TaskKnowledge.Delays,
        };
        figures.DelayMicroseconds[(int)DelayReason.Cpu] = 2310;
        figures.DelayMicroseconds[(int)DelayReason.BlockIo] = 480;
        return figures;
    }

    private static string Line(ExitEvent happened, Func<uint, string>? userName = null)
    {
        using var line = new ExitEventLine(
            userName ?? (uid => $"u{uid}"),
            (device, inode, _) => (device, inode) == (0x801, 42) ? "/usr/local/bin/crasher" : null);
        var output = new ArrayBufferWriter<byte>();
        line.Write(happened, output);
        Assert.Equal((byte)'\n', output.WrittenSpan[^1]);
        return Encoding.UTF8.GetString(output.WrittenSpan[..^1]);
    }

    private static IEnumerable<string> Names(ExitEvent happened) =>
        JsonDocument.Parse(Line(happened)).RootElement.EnumerateObject().Select(field => field.Name);

    [GeneratedRegex(@"```json\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex FieldRow();
}
