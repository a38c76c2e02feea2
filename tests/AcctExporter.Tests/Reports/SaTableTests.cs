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
