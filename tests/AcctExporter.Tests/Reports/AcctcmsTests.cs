// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>The bytes of acctcms -a, on processes whose figures were worked out in exact fractions.</summary>
public class AcctcmsTests
{
    private const string Headings = """
        COMMAND   NUMBER      TOTAL       TOTAL       TOTAL   MEAN    MEAN     HOG         CHARS     BLOCKS
        NAME        CMDS    KCOREMIN     CPU-MIN   REAL-MIN  SIZE-K  CPU-MIN  FACTOR      TRNSFD      READ


        """;

    private const string Report = "                                     TOTAL COMMAND SUMMARY\n" + Headings + """
        TOTALS         4    32835.49     16.06        60.34 2043.96   4.02  0.27      1012224       2515

        sim            1    32768.00     16.00        60.00 2048.34  16.00  0.27       999936       2500
        cc1            1       66.69      0.07         0.33 1000.32   0.07  0.20         8192         12
        ls             1        0.80      0.00         0.01 1200.00   0.00  0.08         4096          3
        true           1        0.00      0.00         0.00    0.00   0.00  0.00            0          0

        """;

    /// <summary>What real Linux 6.18 wrote for a process that burnt CPU and wrote 4 MiB.</summary>
    private static readonly byte[] Burn = Convert.FromHexString(
        "000300000003000000000000000000000300000001000000d719026b00007442"
        + "0a00290027440000" + "00003c1000000000" + "6275726e000000000000000000000000");

    [Fact]
    public void Report_OfAllTime()
    {
        using var run = new SuiteRun();
        Assert.Equal(Report, run.Text("acctcms", [], "-a", "--svr4", run.Put("pacct", SystemVFile.All)));
        Assert.Equal(Report, run.Text("acctcms", SystemVFile.All, "-a", "--svr4", "-"));
    }

    /// <summary>What is 0 counts as 1 in the means behind it.</summary>
    [Fact]
    public void Report_Compat_OfAllTime() => Assert.Equal(
        Report.Replace(
            "true           1        0.00      0.00         0.00    0.00   0.00  0.00",
            "true           1        0.00      0.00         0.00    0.00   1.00 600.00", StringComparison.Ordinal),
        Of(SystemVFile.All, "-a", "--compat"));

    [Theory]
    [InlineData(false, "0.00  0.00")]
    [InlineData(true, "1.00 600.00")]
    public void Report_OfOneKindOfTime_HasWhatRanInItForLonger(bool compat, string zeros)
    {
        var prime = Of(SystemVFile.All, compat ? ["-ap", "--compat"] : ["-ap"]);
        Assert.Equal(
            "                                   PRIME TIME COMMAND SUMMARY\n" + Headings + $"""
            TOTALS         2       34.14      0.03         0.18 1004.24   0.02  0.19         8192          9

            ls             1        0.80      0.00         0.01 1200.00   0.00  0.08         4096          3
            true           1        0.00      0.00         0.00    0.00   {zeros}            0          0

            """, prime);
        Assert.Equal(
            "                                  NON-PRIME TIME COMMAND SUMMARY\n" + Headings + """
            TOTALS         2    32801.34     16.03        60.17 2046.16   8.02  0.27      1004032       2506

            sim            1    32768.00     16.00        60.00 2048.34  16.00  0.27       999936       2500
            cc1            1       33.34      0.03         0.17 1000.32   0.03  0.20         4096          6

            """, Of(SystemVFile.All, compat ? ["-ao", "--compat"] : ["-ao"]));
    }

    /// <summary>A sum of floats is a little above 0.175, where the exact one is not.</summary>
    [Theory]
    [InlineData(false, "0.17")]
    [InlineData(true, "0.18")]
    public void Report_OfBothBesideEachOther(bool compat, string realMinutes)
    {
        var report = Of(SystemVFile.Of(SystemVFile.Cc1, SystemVFile.Ls), compat ? ["-apo", "--compat"] : ["-apo"]);
        Assert.Equal(
            "                                PRIME/NON-PRIME TIME COMMAND SUMMARY\n"
            + "COMMAND        NUMBER         TOTAL          CPU-MIN                 REAL-MIN        MEAN    MEAN"
            + "      HOG       CHARS       BLOCKS\n"
            + "NAME         (P)    (NP)   KCOREMIN       (P)      (NP)          (P)         (NP)  SIZE-K  CPU-MIN"
            + "   FACTOR     TRNSFD        READ\n\n"
            + $"TOTALS         1       1       67.49      0.03      0.03         {realMinutes}         0.17 1002.30"
            + "   0.03  0.20        12288         15\n\n"
            + "cc1            0       1       66.69      0.03      0.03         0.17         0.17 1000.32   0.07  0.20"
            + "         8192         12\n"
            + "ls             1       0        0.80      0.00      0.00         0.01         0.00 1200.00   0.00  0.08"
            + "         4096          3\n", report);
    }

    [Theory]
    [InlineData("-an", "true cc1 ls sim")] // equal counts: by name
    [InlineData("-ac", "sim cc1 ls true")]
    [InlineData("-anc", "true cc1 ls sim")] // -n beats -c
    [InlineData("-aj", "***other true")]
    public void Rows_AreSorted(string options, string order) => Assert.Equal(
        order, string.Join(' ', Rows(Of([.. SystemVFile.All, .. SystemVFile.Of(SystemVFile.True)], options))));

    /// <summary>-o alone: the classic command sorts by the kcore minutes of all time.</summary>
    [Theory]
    [InlineData(false, "night both")]
    [InlineData(true, "both night")]
    public void Rows_OfNonPrimeTime_AreSortedByIt(bool compat, string order)
    {
        // One began an hour before the end of prime time, and had 4608 seconds after it: 44,912 of its 80,000.
        var file = SystemVFile.Of(
            new SystemVProcess("both", "2026-07-07 17:00:00", 8208 * 100, 4000, 0, 80000, 0, 0, 1),
            new SystemVProcess("night", "2026-07-07 20:00:00", 1000, 4000, 0, 60000, 0, 0, 1));
        Assert.Equal(order, string.Join(' ', Rows(Of(file, compat ? ["-ao", "--compat"] : ["-ao"]))));
    }

    [Fact]
    public void SinglesTogether()
    {
        Assert.Equal(
            ["***other       4    32835.49     16.06        60.34 2043.96   4.02  0.27      1012224       2515"],
            Lines(Of(SystemVFile.All, "-aj")));
        Assert.Equal(
            ["***other       4    32835.49     16.06        60.34 2043.96   4.02  0.27      1012224       2515"],
            Lines(Of(SystemVFile.All, "-aj", "--compat")));

        // When nothing was used once, the classic command has the row all the same.
        var twice = SystemVFile.Of(SystemVFile.Ls, SystemVFile.Ls);
        Assert.Equal(["ls"], Rows(Of(twice, "-aj")));
        Assert.Equal(
            "***other       0        0.00      0.00         0.00    0.00   1.00  1.00            0          0",
            Lines(Of(twice, "-aj", "--compat"))[^1]);
    }

    /// <summary>The old report has other widths, and no title.</summary>
    [Theory]
    [InlineData(false, "   0.00    0.00     0.00")]
    [InlineData(true, "   0.00    1.00   600.00")]
    public void Report_InTheColumnsOfOld(bool compat, string zeros) => Assert.Equal(
        $"""
        COMMAND   NUMBER      TOTAL       TOTAL       TOTAL   MEAN     MEAN     HOG      CHARS        BLOCKS
        NAME        CMDS    KCOREMIN     CPU-MIN     REAL-MIN SIZE-K  CPU-MIN  FACTOR   TRNSFD         READ

        TOTALS         4    32835.49      16.06        60.34 2043.96    4.02     0.27     1012224        2515

        sim            1    32768.00      16.00        60.00 2048.34   16.00     0.27      999936        2500
        cc1            1       66.69       0.07         0.33 1000.32    0.07     0.20        8192          12
        ls             1        0.80       0.00         0.01 1200.00    0.00     0.08        4096           3
        true           1        0.00       0.00         0.00{zeros}           0           0

        """, Of(SystemVFile.All, compat ? ["-at", "--compat"] : ["-at"]));

    /// <summary>
    /// Linux's memory is KiB already, and its I/O is not known: it had written 4 MiB. Floats divided are a little less.
    /// </summary>
    [Fact]
    public void Report_OfLinux()
    {
        using var run = new SuiteRun();
        var file = run.Put("pacct", Burn);
        Assert.Equal(
            "burn           1      578.27      0.01         0.01 68032.00   0.01  0.84            -          -",
            Lines(run.Text("acctcms", [], "-a", file))[^1]);
        Assert.Equal(
            "burn           1      578.27      0.01         0.01 68031.99   0.01  0.84            0          0",
            Lines(run.Text("acctcms", [], "-a", "--compat", file))[^1]);
        Assert.Contains(
            "\r\nburn,0,1,0,0.51,0,0.61,0,35529031.68,0,,,,\r\n",
            run.Text("acctcms", [], "--format", "csv", file), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_HaveBothKindsOfTime()
    {
        var rows = Of(SystemVFile.Of(SystemVFile.Cc1, SystemVFile.Ls), "--format", "csv").Split("\r\n");
        Assert.Equal(
            "command,prime_processes,nonprime_processes,prime_cpu_seconds,nonprime_cpu_seconds,prime_elapsed_seconds,"
            + "nonprime_elapsed_seconds,prime_memory_byte_seconds,nonprime_memory_byte_seconds,processes_with_io,"
            + "prime_transferred_bytes,nonprime_transferred_bytes,prime_storage_bytes,nonprime_storage_bytes", rows[0]);
        // 33.344 kcore minutes are 33.344 * 1024 * 60 byte seconds.
        Assert.Equal("cc1,0,1,2,2,10,10,2048655.36,2048655.36,1,4096,4096,3072,3072", rows[1]);
        Assert.Equal("ls,1,0,0.04,0,0.5,0,49152,0,1,4096,0,1536,0", rows[2]);
    }

    [Fact]
    public void Names_AreWhole_AndSafe_AndMayBeNone()
    {
        using var run = new SuiteRun();
        var names = new[] { "systemd-journal", "systemd-journax", "", "evil\u001b[2J", "caf\u00e9" };
        var file = run.Put("pacct", [.. names.SelectMany(name => Linux(name, 1))]);
        Assert.Equal(
            [
                "                      1", "caf??                 1", "evil?[2J              1",
                "systemd-journal       1", "systemd-journax       1",
            ],
            Lines(run.Text("acctcms", [], "-a", file)).Select(line => line[..23]));

        // Eight letters, half of all bytes taken for controls, and none without a name.
        Assert.Equal(
            ["caf??          1", "evil?[2J       1", "systemd-       2"],
            Lines(run.Text("acctcms", [], "-a", "--compat", file)).Select(line => line[..16]));
    }

    [Fact]
    public void WithoutHolidays()
    {
        using var run = new SuiteRun { NamesHolidays = false };
        var file = run.Put("pacct", SystemVFile.All);
        // Where nobody sees the parts, nobody need hear of it.
        Assert.Equal(Report, run.Text("acctcms", [], "-a", "--svr4", file));

        var (code, output, errors) = run.Bytes("acctcms", [], "-apo", "--svr4", file, "--holidays", run.Of("none"));
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("all time is taken for non-prime", errors, StringComparison.Ordinal);
        Assert.Contains("TOTALS         0       4 ", Encoding.UTF8.GetString(output), StringComparison.Ordinal);

        (code, output, errors) = run.Bytes(
            "acctcms", [], "-a", "--compat", "--svr4", file, "--holidays", run.Of("none"));
        Assert.Equal((ExitCode.Failure, 0), (code, output.Length));
        Assert.EndsWith("acctcms: could not calculate prime/non-prime hours\n", errors, StringComparison.Ordinal);

        // Nor by the classic rules, unless a file is named.
        (code, output, errors) = run.Bytes("acctcms", [], "-a", "--compat", "--svr4", file);
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.StartsWith(Report[..200], Encoding.UTF8.GetString(output), StringComparison.Ordinal);

        // In a summary of ours are both parts.
        (code, _, errors) = run.Bytes("acctcms", [], "--svr4", file, "--holidays", run.Of("none"));
        Assert.Equal((ExitCode.Done, 1), (code, errors.Count(letter => letter == '\n')));
    }

    [Theory]
    [InlineData("--compat", "--format=json")]
    [InlineData("-s", "--user=0")]
    public void ContradictingOptions_AreRefused(params string[] options)
    {
        using var run = new SuiteRun();
        Assert.Equal(ExitCode.Usage, run.Bytes("acctcms", [], options).Code);
    }

    /// <summary>A record of Linux, of the begin of 2026-07-08, with CPU time in ticks.</summary>
    internal static byte[] Linux(string name, ushort ticks, uint uid = 0, ushort tty = 0)
    {
        var record = new byte[64];
        record[1] = 3;
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(2), tty);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), uid);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), 100);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(24), 1_783_468_800);
        BinaryPrimitives.WriteSingleLittleEndian(record.AsSpan(28), 100);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(32), CompT.Encode(ticks));
        Encoding.UTF8.GetBytes(name).CopyTo(record, 48);
        return record;
    }

    private static string Of(byte[] file, params string[] options)
    {
        using var run = new SuiteRun();
        return run.Text("acctcms", [], [.. options, "--svr4", run.Put("pacct", file)]);
    }

    /// <summary>The rows behind the totals.</summary>
    private static string[] Lines(string report) =>
        report[report.IndexOf("TOTALS", StringComparison.Ordinal)..].TrimEnd('\n').Split('\n')[2..];

    private static IEnumerable<string> Rows(string report) => Lines(report).Select(line => line.Split(' ')[0]);
}
