// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Cli;

namespace AcctExporter.Tests.Reports;

/// <summary>The bytes of acctprc, acctprc1 and acctprc2, on processes whose figures were worked out by hand.</summary>
public class AcctprcTests
{
    private const string Rest = "0.000000e+00 0.000000e+00 0.000000e+00 ";

    /// <summary>Whole pages, rounded up: 33.466667 kcore minutes each where there were 33.344.</summary>
    private const string Classic =
        "1001\talice\t3.400000e-02 3.333334e-02 3.426667e+01 3.346667e+01 " + Rest + "2 0\t0\t0\n"
        + "1002\tbob\t0.000000e+00 1.599733e+01 0.000000e+00 3.282653e+04 " + Rest + "1 0\t0\t0\n";

    private const string Exact =
        "1001\talice\t3.400000e-02 3.333333e-02 3.414400e+01 3.334400e+01 " + Rest + "2 0\t0\t0\n"
        + "1002\tbob\t0.000000e+00 1.599733e+01 0.000000e+00 3.276800e+04 " + Rest + "1 0\t0\t0\n";

    private const string Zeros =
        "\t0.000000e+00 0.000000e+00 0.000000e+00 0.000000e+00 " + Rest + "1 0\t0\t0\n";

    /// <summary>Ticks in prime and in non-prime time, and pages, of the four processes.</summary>
    private const string ClassicLines =
        "1001\talice\t200\t200\t251\n1001\talice\t4\t0\t300\n1002\tbob\t0\t95984\t513\n1003\tcarol-th\t0\t0\t0\n";

    private const string ExactLines = "1001\talice\t200\t200\t250.08\n1001\talice\t4\t0\t300\n"
        + "1002\tbob\t0\t95984\t512.0853475579263\n1003\tcarol-the-third\t0\t0\t0\n";

    [Fact]
    public void Acctprc()
    {
        using var run = new SuiteRun();
        var file = run.Put("pacct", SystemVFile.All);
        Assert.Equal(Exact + "1003\tcarol-the-third" + Zeros, run.Text("acctprc", [], "--svr4", file));
        Assert.Equal(Exact + "1003\tcarol-the-third" + Zeros, run.Text("acctprc", SystemVFile.All, "--svr4"));
        Assert.Equal(Classic + "1003\tcarol-th" + Zeros, run.Text("acctprc", [], "--svr4", "--compat", file));
    }

    [Fact]
    public void Acctprc_InTwoSteps_IsTheSame()
    {
        using var run = new SuiteRun();
        Assert.Equal(ExactLines, run.Text("acctprc1", SystemVFile.All, "--svr4"));
        Assert.Equal(ClassicLines, run.Text("acctprc1", SystemVFile.All, "--svr4", "--compat"));
        Assert.Equal(
            Exact + "1003\tcarol-the-third" + Zeros, run.Text("acctprc2", Encoding.UTF8.GetBytes(ExactLines)));
        Assert.Equal(
            Classic + "1003\tcarol-th" + Zeros,
            run.Text("acctprc2", Encoding.UTF8.GetBytes(ClassicLines), "--compat"));
    }

    /// <summary>AIX's lines have units of 1024 bytes, blocks, and KiB.</summary>
    [Fact]
    public void Acctprc1_AsAixHasIt()
    {
        using var run = new SuiteRun();
        var lines = run.Text("acctprc1", SystemVFile.All, "--svr4", "--aix");
        Assert.Equal(
            "1001\talice\t200\t200\t8\t12\t1000.32\n1001\talice\t4\t0\t4\t3\t1200\n"
            + "1002\tbob\t0\t95984\t976.5\t2500\t2048.341390231705\n1003\tcarol-the-third\t0\t0\t0\t0\t0\n", lines);
        Assert.Equal(
            "1001\talice\t200\t200\t8\t12\t1004\n1001\talice\t4\t0\t4\t3\t1200\n"
            + "1002\tbob\t0\t95984\t976\t2500\t2052\n1003\tcarol-th\t0\t0\t0\t0\t0\n",
            run.Text("acctprc1", SystemVFile.All, "--svr4", "--aix", "--compat"));
        Assert.Equal(
            Exact + "1003\tcarol-the-third" + Zeros, run.Text("acctprc2", Encoding.UTF8.GetBytes(lines)));
        Assert.Contains(
            "\r\n1001,alice,2,2.04,2,2097807.36,2048655.36,2,12288,7680\r\n",
            run.Text("acctprc2", Encoding.UTF8.GetBytes(lines), "--format", "csv"), StringComparison.Ordinal);
    }

    /// <summary>Linux says how large a process was, and nothing of its I/O.</summary>
    [Fact]
    public void OfLinux()
    {
        using var run = new SuiteRun();
        var file = run.Put("pacct", Convert.FromHexString(
            "000300000003000000000000000000000300000001000000d719026b00007442"
            + "0a00290027440000" + "00003c1000000000" + "6275726e000000000000000000000000"));
        var expected = "0\t?\t0.000000e+00 8.500000e-03 0.000000e+00 5.782720e+02 " + Rest + "1 0\t0\t0\n";
        Assert.Equal(expected, run.Text("acctprc", [], file));
        Assert.Equal(expected, run.Text("acctprc", [], "--compat", file));
        Assert.Equal("0\t?\t0\t51\t17008\n", run.Text("acctprc1", [], "-f", file));
        Assert.Equal("0\t?\t0\t51\t-\t-\t68032\n", run.Text("acctprc1", [], "--aix", "-f", file));
        Assert.Equal(
            "uid,user,prime_cpu_seconds,nonprime_cpu_seconds,memory_byte_seconds,transferred_bytes,storage_bytes\r\n"
            + "0,,0,0.51,35529031.68,,\r\n", run.Text("acctprc1", [], "--format", "csv", "-f", file));
    }

    /// <summary>People who share a number: the session in which it began, else the last to end before it.</summary>
    [Theory]
    [InlineData("2026-07-07 09:30:00", 34817, 1001, "al")]
    [InlineData("2026-07-07 10:00:00", 34817, 1001, "al")] // the last second of it
    [InlineData("2026-07-07 10:30:00", 34817, 1001, "al")] // it went on behind the session
    [InlineData("2026-07-07 12:30:00", 34817, 1001, "alix")]
    [InlineData("2026-07-07 08:30:00", 34817, 1001, "alice")] // before any session: passwd
    [InlineData("2026-07-07 12:30:00", 34818, 1001, "alice")] // another terminal
    [InlineData("2026-07-07 12:30:00", uint.MaxValue, 1001, "alice")] // none
    [InlineData("2026-07-07 12:30:00", 34817, 1002, "bob")] // another number
    [InlineData("2026-07-07 12:30:00", 34817, 4711, "?")]
    [InlineData("2026-07-07 12:30:00", 35072, 1001, "far")] // pts/256, in 16 bits
    public void Names_AreThoseOfSessions(string begin, uint tty, uint uid, string name)
    {
        using var run = new SuiteRun();
        var sessions = run.Put("ctmp", Encoding.UTF8.GetBytes(
            "34817\t1001\tal\t3600\t0\t1783414800\tTue Jul  7 09:00:00 2026\n"
            + "34817\t1001\talix\t3600\t0\t1783425600\tTue Jul  7 12:00:00 2026\n"
            + $"{0x108800}\t1001\tfar\t3600\t0\t1783425600\tTue Jul  7 12:00:00 2026\n"
            + "4294967295\t1001\tnobody\t3600\t0\t1783425600\tTue Jul  7 12:00:00 2026\n"));
        var file = SystemVFile.Of(new SystemVProcess("sh", begin, 100, 1, 0, 0, 0, 0, uid) { Tty = tty });
        Assert.StartsWith(
            $"{uid}\t{name}\t", run.Text("acctprc1", file, "--svr4", sessions), StringComparison.Ordinal);
    }

    /// <summary>The classic command stops at the first number above the one it looks for.</summary>
    [Theory]
    [InlineData(false, "al")]
    [InlineData(true, "alice")]
    public void Sessions_ThatAreNotSorted(bool compat, string name)
    {
        using var run = new SuiteRun();
        var sessions = run.Put("ctmp", Encoding.UTF8.GetBytes(
            "34818\t1002\tbob\t3600\t0\t1783414800\tx\n34817\t1001\tal\t3600\t0\t1783414800\tx\n"));
        var file = SystemVFile.Of(
            new SystemVProcess("sh", "2026-07-07 09:30:00", 100, 1, 0, 0, 0, 0, 1001) { Tty = 34817 });
        Assert.StartsWith(
            $"1001\t{name}\t",
            run.Text("acctprc1", file, [.. compat ? ["--compat"] : (string[])[], "--svr4", sessions]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void LinesThatAreNone_AreCountedAndSaid()
    {
        using var run = new SuiteRun();
        var lines = "1\tx y\t1\t2\t3\n\nnonsense\n1\tx y\t1\t2\t3\t4\n1\t\t1\t2\t3\n1\tx y\t-1\t2\t3\n"
            + "1\tx y\t1e300\t2\t3\n1 x 0.5 2 3\r\n";
        var (code, output, errors) = run.Bytes("acctprc2", Encoding.UTF8.GetBytes(lines), "--format", "csv");
        Assert.Equal(ExitCode.BadRecords, code);
        Assert.Equal(
            "acctprc2: standard input: line 3 and 4 more: is not what acctprc1 writes: left out\n", errors);
        Assert.EndsWith(
            "\r\n1,x,1,0.005,0.02,61.44,245.76,0,,\r\n1,x y,1,0.01,0.02,122.88,245.76,0,,\r\n",
            Encoding.UTF8.GetString(output), StringComparison.Ordinal);

        (code, output, errors) = run.Bytes(
            "acctprc1", SystemVFile.Of(SystemVFile.Ls), "--svr4", run.Put("ctmp", "nonsense\n"u8.ToArray()));
        Assert.Equal((ExitCode.BadRecords, "1001\talice\t4\t0\t300\n"), (code, Encoding.UTF8.GetString(output)));
        Assert.EndsWith(": line 1: is not what acctcon1 writes: left out\n", errors, StringComparison.Ordinal);
        Assert.Equal(
            ExitCode.CannotRead, run.Bytes("acctprc1", [], run.Of("missing")).Code);
    }

    /// <summary>By hand: 50 ticks of 3.5 pages are 4 pages to the original, and -1 is a number of a user.</summary>
    [Fact]
    public void OddLines_AreAsTheyAreMeant()
    {
        using var run = new SuiteRun();
        var (code, output, errors) = run.Bytes(
            "acctprc2", "-1\tx\t1\t2\t3\n-2\tx\t1\t2\t3\n1\tx\t-\t2\t3\n"u8.ToArray(), "--format", "csv");
        Assert.Equal(ExitCode.BadRecords, code);
        Assert.Equal("acctprc2: standard input: line 2 and 1 more: is not what acctprc1 writes: left out\n", errors);
        Assert.EndsWith(
            "\r\n4294967295,x,1,0.01,0.02,122.88,245.76,0,,\r\n", Encoding.UTF8.GetString(output),
            StringComparison.Ordinal);
        Assert.Equal(
            run.Text("acctprc2", "1\tx\t50\t0\t4\n"u8.ToArray(), "--compat"),
            run.Text("acctprc2", "1\tx\t50\t0\t3.5\n"u8.ToArray(), "--compat"));
    }

    [Fact]
    public void WithoutHolidays()
    {
        using var run = new SuiteRun { NamesHolidays = false };
        var (code, output, errors) = run.Bytes(
            "acctprc1", SystemVFile.Of(SystemVFile.Ls), "--svr4", "--holidays", run.Of("none"));
        Assert.Equal((ExitCode.Done, "1001\talice\t0\t4\t300\n"), (code, Encoding.UTF8.GetString(output)));
        Assert.Contains("all time is taken for non-prime", errors, StringComparison.Ordinal);
        foreach (var name in (string[])["acctprc", "acctprc1"])
        {
            (code, output, errors) = run.Bytes(
                name, SystemVFile.Of(SystemVFile.Ls), "--svr4", "--compat", "--holidays", run.Of("none"));
            Assert.Equal((ExitCode.Failure, 0), (code, output.Length));
            Assert.EndsWith(
                $"{name}: could not calculate prime/non-prime hours\n", errors, StringComparison.Ordinal);
            Assert.Equal(
                (ExitCode.Done, 0, ""),
                run.Bytes(name, [], "--svr4", "--compat", "--holidays", run.Of("none")) is var empty
                    ? (empty.Code, empty.Output.Length, empty.Errors) : default);
        }
    }

    [Theory]
    [InlineData("acctprc")]
    [InlineData("acctprc1")]
    [InlineData("acctprc2")]
    public void Rows_AreNotClassic(string name)
    {
        using var run = new SuiteRun();
        Assert.Equal(ExitCode.Usage, run.Bytes(name, [], "--compat", "--format", "csv").Code);
    }
}
