// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using AcctExporter.Reports;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary><c>sa --by</c>, and <c>sa</c> as rows for programs.</summary>
public sealed class SaTableTests
{
    private const string Figures = "calls,cpu_seconds,user_cpu_seconds,system_cpu_seconds,elapsed_seconds,"
        + "average_memory_bytes,minor_faults,major_faults,failures,signals,core_dumps,io_bytes,storage_bytes";

    /// <summary>Three exits whose every key differs; the last one by a signal, with a core, on a terminal.</summary>
    private static readonly byte[][] Three =
    [
        SaTests.Exit("one", uid: 4_000_000_001, userTicks: 100),
        SaTests.Exit("two", uid: 4_000_000_002, userTicks: 300, status: 2 << 8, begin: 1_700_003_600),
        SaTests.Exit("one", uid: 4_000_000_002, userTicks: 200, status: 0x8b, begin: 1_700_086_400, tty: 0x8803),
    ];

    [Theory]
    [InlineData("uid", "4000000002|5,4000000001|1")]
    [InlineData("user", "-294967294|5,-294967295|1")]
    [InlineData("command", "one|3,two|3")]
    [InlineData("exit_code", "2|3,|2,0|1")]
    [InlineData("signal", "|4,SIGSEGV|2")]
    [InlineData("tty", "|4,pts/3|2")]
    [InlineData("day", "2023-11-14|4,2023-11-15|2")]
    [InlineData("month", "2023-11|6")]
    [InlineData("hour", "2023-11-14T23:00|3,2023-11-15T22:00|2,2023-11-14T22:00|1")]
    [InlineData("forked_without_exec", "false|6")]
    [InlineData("gid,used_privilege", "0,false|6")]
    public void EachKey_HasItsRows(string key, string expected)
    {
        using var file = SaTests.File(Three);

        var lines = Lines(SaTests.Run(["--by", key, "--format", "csv", file.Path]));

        Assert.Equal($"{key},{Figures}", lines[0]);
        var keys = key.Split(',').Length;
        Assert.Equal(expected, string.Join(',', lines.Skip(1).Select(line => line.Split(',')).Select(
            fields => $"{string.Join(',', fields[..keys])}|{fields[keys + 1]}")));
    }

    /// <summary>Days are those of the zone.</summary>
    [Fact]
    public void ADay_IsOfTheZone()
    {
        using var file = SaTests.File(Three);

        var lines = Lines(SaTests.Run(["--by", "day", "--format", "csv", file.Path], zone: "Asia/Kathmandu"));

        Assert.Equal(["2023-11-15,2,4", "2023-11-16,1,2"], lines.Skip(1).Select(line => line[..14]));
    }

    /// <summary>What ended on the next day belongs to it, also when the elapsed time is no time at all.</summary>
    [Fact]
    public void ADay_IsThatOfTheEnd()
    {
        var late = SaTests.Exit("one", begin: 1_700_006_390);
        BitConverter.TryWriteBytes(late.AsSpan(28), 2000f);
        using var file = SaTests.File(late);
        Assert.StartsWith(
            "2023-11-15,1,", Lines(SaTests.Run(["--by", "day", "--format", "csv", file.Path]))[1],
            StringComparison.Ordinal);

        BitConverter.TryWriteBytes(late.AsSpan(28), 1e30f);
        using var odd = SaTests.File(late);
        Assert.Equal(2, Lines(SaTests.Run(["--compat", "--by", "day", "--format", "csv", odd.Path])).Length);
    }

    /// <summary>Equal figures stand in the order of their keys; of numbers what is not known comes first.</summary>
    [Theory]
    [InlineData("user", "daemon,nobody,root")]
    [InlineData("uid", "0,1,65534")]
    [InlineData("command", "a,b,c")]
    [InlineData("exit_code", ",0,3")]
    public void EqualRows_AreInTheOrderOfTheirKeys(string key, string expected)
    {
        using var file = SaTests.File(
            SaTests.Exit("c", uid: 65534, status: 3 << 8), SaTests.Exit("b", uid: 0),
            SaTests.Exit("a", uid: 1, status: 9));
        foreach (var sort in (string[][])[[], ["--sort", "calls"], ["--sort", key]])
        {
            var lines = Lines(SaTests.Run(["--by", key, "--format", "csv", .. sort, file.Path]));
            Assert.Equal(expected, string.Join(',', lines.Skip(1).Select(line => line.Split(',')[0])));
        }
    }

    [Fact]
    public void Numbers_AreNumbersInJson()
    {
        using var file = SaTests.File(SaTests.Exit("a", status: 3 << 8));
        Assert.StartsWith(
            "[\n{\"exit_code\":3,\"uid\":1,\"signal\":null,\"calls\":1,",
            SaTests.Run(["--by", "exit_code,uid,signal", "--format", "json", file.Path]).Text,
            StringComparison.Ordinal);
    }

    /// <summary>A signal is no failure, and leaves a core only where the record says so.</summary>
    [Fact]
    public void Ends_AreCountedInEachRow()
    {
        byte[][] ends = [.. Enumerable.Range(0, 1000).Select(number => SaTests.Exit(
            "x", uid: 100_000 + (uint)number,
            status: (number % 4) switch { 0 => 0u, 1 => 9, 2 => 0x8b, _ => 1 << 8 }))];
        using var file = SaTests.File(ends);
        var lines = Lines(SaTests.Run(["--by", "uid", "--sort", "uid", "--format", "csv", file.Path]));
        Assert.Equal(1001, lines.Length);
        for (var number = 0; number < 1000; number++)
        {
            Assert.Equal(
                (number % 4) switch { 0 => "0,0,0", 1 => "0,1,0", 2 => "0,1,1", _ => "1,0,0" },
                string.Join(',', lines[number + 1].Split(',')[9..12]));
        }
    }

    [Fact]
    public void MemoryAndFaults_AreThoseOfTheRecord()
    {
        var exit = SaTests.Exit("a");
        BitConverter.TryWriteBytes(exit.AsSpan(36), (ushort)1000);
        BitConverter.TryWriteBytes(exit.AsSpan(42), (ushort)70);
        BitConverter.TryWriteBytes(exit.AsSpan(44), (ushort)2);
        using var file = SaTests.File(exit, SaTests.Exit("a"));
        var fields = Lines(SaTests.Run(["--by", "command", "--format", "csv", file.Path]))[1].Split(',');
        Assert.Equal(("512000", "70", "2"), (fields[6], fields[7], fields[8]));
    }

    [Fact]
    public void Debug_SaysHowMuchWasRead()
    {
        using var file = SaTests.File(Three);
        Assert.Equal("sa: 3 calls in 2 rows\n", SaTests.Run(["-i", "--debug", file.Path]).Errors);
    }

    [Fact]
    public void AllFigures_AreThoseOfTheExits()
    {
        using var file = SaTests.File(Three);

        var lines = Lines(SaTests.Run(["--by", "uid", "--format", "csv", file.Path]));

        Assert.Equal("4000000002,2,5,5,0,2,0,0,0,1,1,1,,", lines[1]);
        Assert.Equal("4000000001,1,1,1,0,1,0,0,0,0,0,0,,", lines[2]);
    }

    [Theory]
    [InlineData("--sort calls", "one,two")]
    [InlineData("--sort calls -r", "two,one")]
    [InlineData("--sort command", "one,two")]
    [InlineData("--sort command -r", "two,one")]
    [InlineData("--sort failures", "two,one")]
    [InlineData("--sort io_bytes", "one,two")]
    [InlineData("-n", "one,two")]
    [InlineData("-b", "two,one")]
    [InlineData("-b --top 1", "two")]
    [InlineData("", "one,two")]
    public void Rows_AreSorted(string options, string expected)
    {
        using var file = SaTests.File(Three);
        var words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var lines = Lines(SaTests.Run(["--by", "command", "--format", "csv", .. words, file.Path]));

        Assert.Equal(expected, string.Join(',', lines.Skip(1).Select(line => line.Split(',')[0])));
    }

    [Fact]
    public void ATable_HasColumnsOfOneWidth()
    {
        using var file = SaTests.File(Three);

        var ours = SaTests.Run(["--by", "signal", "--top", "2", file.Path]);

        Assert.Equal(
            """
            SIGNAL   CALLS  CPU-S  USER-S  SYSTEM-S  ELAPSED-S  AVG-MEMORY  MINFLT  MAJFLT  FAILED  SIGNALS  CORES
            -            2   4.00    4.00      0.00       2.00           0       0       0       1        0      0
            SIGSEGV      1   2.00    2.00      0.00       1.00           0       0       0       0        1      1

            """, ours.Text);
    }

    /// <summary>On a terminal nothing runs over the edge.</summary>
    [Fact]
    public void ATable_IsCutToTheTerminal()
    {
        using var file = SaTests.File(Three);
        using var output = new MemoryStream();
        var options = new SaOptions
        {
            Input = new() { Files = [file.Path], StoragePath = "" },
            Print = SaPrint.Keys,
            By = ["command"],
            LineWidth = 14,
        };

        new SaReport(options, new ReportIo(Stream.Null, output, TextWriter.Null, TimeProvider.System)).Run();

        Assert.Equal("COMMAND  CALLS\none          2\ntwo          1\n", Encoding.ASCII.GetString(output.ToArray()));
    }

    /// <summary>The classic table's rows, none of them put together.</summary>
    [Theory]
    [InlineData("", "command,forked_without_exec")]
    [InlineData("-m", "user")]
    [InlineData("-M", "group")]
    public void ClassicRows_AreThereForPrograms(string option, string columns)
    {
        var words = option.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var rows = Lines(SaTests.Run([.. words, "--format", "csv", SaTests.Fixture("synth-mix")]));
        var classic = SaTests.Run(["-i", "-a", .. words, SaTests.Fixture("synth-mix")]).Text.Split('\n');

        Assert.Equal($"{columns},{Figures}", rows[0]);
        // The classic table has a row of totals, and ends with a newline.
        Assert.Equal(classic.Length - 2, rows.Length - 1);
    }

    [Fact]
    public void EachExit_IsARowForPrograms()
    {
        var rows = Lines(SaTests.Run(["-u", "--format", "csv", SaTests.Fixture("synth-mix")]));

        Assert.StartsWith("command,user,uid,group,gid,tty,pid", rows[0], StringComparison.Ordinal);
        Assert.Equal(21, rows.Length - 1);
    }

    /// <summary>Names of any bytes break no reader.</summary>
    [Fact]
    public void Json_IsJson_WhateverTheNames()
    {
        using var file = new ScratchFile(new AcctFileGenerator(9) { HostileNames = true }.File(2_000));

        var ours = SaTests.Run(["--by", "command,day,signal", "--format", "json", file.Path]);

        using var json = JsonDocument.Parse(ours.Output);
        Assert.Equal(2_000, json.RootElement.EnumerateArray().Sum(row => row.GetProperty("calls").GetInt64()));
        Assert.All(json.RootElement.EnumerateArray(), row => Assert.Equal(16, row.EnumerateObject().Count()));
    }

    /// <summary>What is chosen is counted, and nothing else has a row.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("-m")]
    [InlineData("-u")]
    [InlineData("--by uid,command")]
    public void Selections_LeaveOutExits(string option)
    {
        using var file = SaTests.File(Three);
        using var chosen = SaTests.File(Three[1]);
        string[] words = ["-i", "-a", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        words = option.StartsWith("--by", StringComparison.Ordinal) ? words[2..] : words;

        var some = SaTests.Run([.. words, "--exit-code", "2", file.Path]);

        Assert.NotEmpty(some.Text);
        Assert.Equal(SaTests.Run([.. words, chosen.Path]).Text, some.Text);
    }

    private static string[] Lines(ToolResult result)
    {
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        return result.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
