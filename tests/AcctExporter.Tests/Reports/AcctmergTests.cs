// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Cli;

namespace AcctExporter.Tests.Reports;

/// <summary>acctmerg: the classic vectors, and what ours does better.</summary>
public class AcctmergTests
{
    private const string Numbers = "1-6,11-13,16-18,15";

    /// <summary>T-M1.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Inputs_AreMerged(bool compat)
    {
        using var files = new TacctVectors();
        var day = File.ReadAllBytes(files.Day(compat));
        string[] own = compat ? ["--compat", "-a"] : ["-a" + Numbers];
        const string users = "1001\talice\t0\t0\t34\t33\t450\t630\t1240\t2\t2\t1\t7\n"
            + "1002\tbob\t0\t16\t0\t32827\t105\t0\t88\t1\t2\t1\t0\n";
        Assert.Equal(users, TacctVectors.Text(day, ["acctmerg", .. own]));
        Assert.Equal(
            "0\tTOTAL\t0\t16\t34\t32860\t555\t630\t1328\t3\t4\t2\t7\n",
            TacctVectors.Text(day, ["acctmerg", "-t", .. own]));
        Assert.Equal(
            users, TacctVectors.Text(day, compat ? ["acctmerg", "-p", "--compat"] : ["acctmerg", "-p" + Numbers]));
    }

    /// <summary>T-M1, to the last digit: what ours reads from floats of 32 bits it keeps as it was.</summary>
    [Fact]
    public void Verbose_ShowsAllDigits()
    {
        using var files = new TacctVectors();
        Assert.Equal(
            "1001\talice\t3.400000e-02 3.333334e-02 3.426667e+01 3.346667e+01 4.500000e+02 6.300000e+02 1.240000e+03 "
            + "2 2\t1\t7\n1002\tbob\t0.000000e+00 1.599733e+01 0.000000e+00 3.282653e+04 1.050000e+02 0.000000e+00 "
            + "8.800000e+01 1 2\t1\t0\n",
            TacctVectors.Text(File.ReadAllBytes(files.Day(compat: true)), "acctmerg", "--compat", "-v"));
        Assert.Equal(
            ("1001\talice\t3.400000e-02 3.333333e-02 4.500000e+02 7\n"
                + "1002\tbob\t0.000000e+00 1.599733257e+01 1.050000e+02 0\n").Replace(' ', '\t'),
            TacctVectors.Text(File.ReadAllBytes(files.Day(compat: false)), "acctmerg", "-v1-4,11,15"));
    }

    /// <summary>T-M2.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Key_IsNumberAndName(bool compat)
    {
        const string lines = "1001 al 1 0 0 0 0 0 0 1 0 0 0\n1001 alice 2 0 0 0 0 0 0 2 0 0 0\n";
        string[] own = compat ? ["acctmerg", "-i", "--compat", "-a"] : ["acctmerg", "-i", "-a" + Numbers];
        Assert.Equal(
            "1001\tal\t1\t0\t0\t0\t0\t0\t0\t1\t0\t0\t0\n1001\talice\t2\t0\t0\t0\t0\t0\t0\t2\t0\t0\t0\n",
            TacctVectors.Text(lines, own));
        const string one = "1001\tal\t3\t0\t0\t0\t0\t0\t0\t3\t0\t0\t0\n";
        Assert.Equal(one, TacctVectors.Text(lines, [.. own, "-u"]));
        // Of several inputs the first one's name.
        using var files = new TacctVectors();
        var later = files.Put("later", "1001 aa 1 0 0 0 0 0 0 1 0 0 0\n");
        Assert.Equal(
            "1001\tal\t4\t0\t0\t0\t0\t0\t0\t4\t0\t0\t0\n", TacctVectors.Text(lines, [.. own, "-u", later]));
    }

    /// <summary>T-M3, Q-02.</summary>
    [Fact]
    public void Counts_WrapByTheClassicRulesOnly()
    {
        const string credit = "1001 a 0 0 0 0 0 0 0 0 40000 40000 -5\n";
        const string both = credit + "1001 a 0 0 0 0 0 0 0 0 40000 40000 10\n";
        Assert.Equal("1001\ta\t0\t0\t0\t0\t0\t0\t0\t0\t40000\t40000\t65531\n",
            TacctVectors.Text(credit, "acctmerg", "--compat", "-i", "-a"));
        Assert.Equal("1001\ta\t0\t0\t0\t0\t0\t0\t0\t0\t14464\t14464\t5\n",
            TacctVectors.Text(both, "acctmerg", "--compat", "-i", "-a"));
        Assert.Equal("1001\t80000\t80000\t-5\n", TacctVectors.Text(credit + credit.Replace("-5", "0"),
            "acctmerg", "-i", "-a1,17,18,15"));
        Assert.Equal("1001\t80000\t80000\t5\n", TacctVectors.Text(both, "acctmerg", "-i", "-a1,17,18,15"));
    }

    /// <summary>T-M4 and T-M5, and numbers that are half way between two.</summary>
    [Theory]
    [InlineData("0.034", "3.400000e-02", "0")]
    [InlineData("32826.528", "3.282653e+04", "32827")]
    [InlineData("0", "0.000000e+00", "0")]
    [InlineData("1345000000", "1.345000e+09", "1344999936")]
    [InlineData("1.345e+9", "1.345000e+09", "1344999936")]
    [InlineData("1.345e+09", "1.345000e+09", "1344999936")]
    [InlineData("1.345e-9", "1.345000e-09", "0")]
    [InlineData("0.5", "5.000000e-01", "0")]
    [InlineData("1.5", "1.500000e+00", "2")]
    [InlineData("2.5", "2.500000e+00", "2")]
    [InlineData("1234.5", "1.234500e+03", "1234")]
    [InlineData("12345665", "1.234566e+07", "12345665")]
    [InlineData("12345675", "1.234568e+07", "12345675")]
    public void Numbers_AreWrittenAsInC(string number, string verbose, string whole)
    {
        var line = $"1 a 0 0 0 0 0 0 {number} 0 0 0 0\n";
        Assert.Equal($"1\ta\t{string.Join(' ', Enumerable.Repeat("0.000000e+00", 6))} {verbose} 0 0\t0\t0\n",
            TacctVectors.Text(line, "acctmerg", "--compat", "-i", "-v"));
        Assert.Equal($"1\ta\t0\t0\t0\t0\t0\t0\t{whole}\t0\t0\t0\t0\n",
            TacctVectors.Text(line, "acctmerg", "--compat", "-i", "-a"));
        // Ours has all the digits, down to a microsecond.
        var exact = number switch
        {
            "1.345e-9" => "0.000000e+00",
            "32826.528" => "3.2826528e+04",
            "12345665" => "1.2345665e+07",
            "12345675" => "1.2345675e+07",
            _ => verbose,
        };
        Assert.Equal(exact + "\n", TacctVectors.Text($"1 a {number}\n", "acctmerg", "-i1,2,5", "-v5"));
    }

    /// <summary>Q-01: a float of 32 bits swallows a second of CPU time.</summary>
    [Fact]
    public void SmallAdditions_AreLostByTheClassicRulesOnly()
    {
        const string lines = "1 a 300000 0 0 0 0 0 0 0 0 0 0\n1 a 0.01 0 0 0 0 0 0 0 0 0 0\n";
        Assert.StartsWith("1\ta\t3.000000e+05 ",
            TacctVectors.Text(lines, "acctmerg", "--compat", "-i", "-v"), StringComparison.Ordinal);
        Assert.Equal("3.0000001e+05\n", TacctVectors.Text(lines, "acctmerg", "-i", "-v3"));
    }

    /// <summary>Q-03.</summary>
    [Fact]
    public void RoundTrip_KeepsLongNames()
    {
        const string line = "7\tsystemd-network\t1 2 3 4 5 6 7 8 9\t10\t11\n"
            + "7\tsystemd-timesync-user\t1 2 3 4 5 6 7 8 9\t10\t11\n";
        var shown = TacctVectors.Text(line, "acctmerg", "-i", "-v");
        var again = TacctVectors.Text(
            TacctVectors.Bytes(Encoding.UTF8.GetBytes(shown), "acctmerg", "-i"), "acctmerg", "-v");
        Assert.Equal(shown, again);
        Assert.Contains("\tsystemd-timesync-user\t", shown, StringComparison.Ordinal);
        // The original writes two records of one name.
        Assert.Equal(2, TacctVectors.Text(line, "acctmerg", "--compat", "-i", "-v").Split("7\tsystemd-\t").Length - 1);
    }

    /// <summary>Q-30: for the original a record without a name is the end.</summary>
    [Fact]
    public void NoName_EndsTheInputByTheClassicRulesOnly()
    {
        byte[] nameless = [.. TacctVectors.Connect[..4], .. new byte[32], .. TacctVectors.Connect[36..]];
        Assert.Equal("1001\t?\t450\n1002\tbob\t105\n",
            TacctVectors.Text(nameless, "acctmerg", "--read-as", "illumos64", "-a1,2,11"));
        var result = TacctVectors.Run(nameless, "acctmerg", "--compat", "-a");
        Assert.Empty(result.Output);
        Assert.Equal(2, result.ExitCode);
    }

    /// <summary>Q-29: so is a fee with a fraction, and what follows it.</summary>
    [Fact]
    public void FractionOfAFee_EndsTheInputByTheClassicRulesOnly()
    {
        const string lines = "1 a 0 0 0 0 0 0 0 0 0 0 12.5\n2 b 0 0 0 0 0 0 0 0 0 0 1\n";
        var classic = TacctVectors.Run(Encoding.UTF8.GetBytes(lines), "acctmerg", "--compat", "-i", "-a");
        Assert.Equal("1\ta\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t12\n", Encoding.UTF8.GetString(classic.Output));
        Assert.Contains("line 1", classic.Errors, StringComparison.Ordinal);
        Assert.Equal("1\t12.5\n2\t1\n", TacctVectors.Text(lines, "acctmerg", "-i", "-a1,15"));
        // AIX has fees with fractions.
        var aix = "1 a 0 0 0 0 0 0 0 0 0 0 0 0 12.5 0 0 0\n2 b 0 0 0 0 0 0 0 0 0 0 0 0 1 0 0 0\n";
        Assert.Equal("1\t1.250000e+01\n2\t1.000000e+00\n",
            TacctVectors.Text(aix, "acctmerg", "--compat", "--aix", "-i", "-v1,15"));
    }

    /// <summary>
    /// Equal keys that do not follow each other stay apart for the original; ours finds them and says it.
    /// </summary>
    [Fact]
    public void UnsortedInput_IsMergedAllTheSame()
    {
        const string lines = "2 b 1 0 0 0 0 0 0 1 0 0 0\n1 a 1 0 0 0 0 0 0 1 0 0 0\n2 b 1 0 0 0 0 0 0 1 0 0 0\n";
        var ours = TacctVectors.Run(Encoding.UTF8.GetBytes(lines), "acctmerg", "-i", "-a1,2,3");
        Assert.Equal("1\ta\t1\n2\tb\t2\n", Encoding.UTF8.GetString(ours.Output));
        Assert.Equal(
            "acctmerg: standard input: record 2 is not in order of number and name: merged all the same\n",
            ours.Errors);
        Assert.Equal(ExitCode.Done, ours.ExitCode);
        Assert.Equal("2\tb\t1\n1\ta\t1\n2\tb\t1\n",
            TacctVectors.Text(lines, "acctmerg", "--compat", "-i", "-a1,2,3"));
    }

    /// <summary>What is there is added up all the same.</summary>
    [Fact]
    public void Missing_AndEmptyInputs_HaveCodes()
    {
        using var files = new TacctVectors();
        var missing = files.Of("missing");
        var ours = TacctVectors.Run(TacctVectors.Connect, "acctmerg", "--read-as", "illumos64", "-a1,2,11", missing);
        Assert.Equal(ExitCode.CannotRead, ours.ExitCode);
        Assert.Contains(missing, ours.Errors, StringComparison.Ordinal);
        Assert.Equal("1001\talice\t450\n1002\tbob\t105\n", Encoding.UTF8.GetString(ours.Output));
        Assert.Empty(TacctVectors.Bytes([], "acctmerg", "-a"));
        // The original takes what it cannot open for empty, unless it only prints.
        Assert.Equal(2, TacctVectors.Run(TacctVectors.Connect, "acctmerg", "--compat", missing).ExitCode);
        Assert.Equal(1, TacctVectors.Run(TacctVectors.Connect, "acctmerg", "--compat", "-p", missing).ExitCode);
        var empty = TacctVectors.Run([], "acctmerg", "--compat", files.Put("one", TacctVectors.Connect));
        Assert.Equal(2, empty.ExitCode);
        Assert.Equal("acctmerg: read error file 0.  File may be empty.\n", empty.Errors);
        Assert.Equal(TacctVectors.Connect, empty.Output);
    }

    /// <summary>What is neither ours nor text wants to be named.</summary>
    [Fact]
    public void Foreign_IsNotGuessed()
    {
        var result = TacctVectors.Run(TacctVectors.Connect, "acctmerg", "-a");
        Assert.Equal(ExitCode.CannotRead, result.ExitCode);
        Assert.Contains("--read-as", result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        var lines = TacctVectors.Run("1 a 2\n1 a 0 0 0 0 0 0 0 0 0 0 7\n"u8.ToArray(), "acctmerg", "-a1,15");
        Assert.Equal("1\t7\n", Encoding.UTF8.GetString(lines.Output));
        Assert.Equal(("acctmerg: standard input: line 1: no total accounting: left out\n", ExitCode.BadRecords),
            (lines.Errors, lines.ExitCode));
    }

    /// <summary>Each layout is written and read again; what does not fit is counted, and not wrapped.</summary>
    [Theory]
    [InlineData("svr4", 4)]
    [InlineData("illumos32-be", 3)]
    [InlineData("illumos64", 3)]
    [InlineData("aix", 2)]
    public void Export_SaysWhatDoesNotFit(string layout, int cut)
    {
        var lines = "1 a-name-of-10 0 0 0 0 1 0 0 0 2 0 3 4 -5 6 70000 8\n"u8.ToArray();
        var result = TacctVectors.Run(lines, "acctmerg", "-i", "--write-as", layout);
        Assert.Equal(ExitCode.Done, result.ExitCode);
        // The name (but for illumos), the sessions; the fee, but for AIX; bytes and pages, but for AIX.
        var expected = cut + (layout.StartsWith("ill", StringComparison.Ordinal) ? 1 : 0)
            + (layout == "svr4" ? 1 : 0);
        Assert.StartsWith($"acctmerg: {expected} fields do not fit", result.Errors, StringComparison.Ordinal);
        var back = TacctVectors.Text(result.Output, "acctmerg", "--read-as", layout, "-a2,11,13-18");
        Assert.Equal((layout[0] == 'i' ? "a-name-of-10" : "a-name-o") + (layout == "aix"
            ? "\t2\t3\t4\t-5\t6\t65535\t8\n" : "\t2\t3\t0\t0\t6\t65535\t8\n"), back);
    }

    /// <summary>AIX's lists of fields.</summary>
    [Theory]
    [InlineData("-h2-3,11,15-13,2",
        "LOGNAME\tPRI_CPU\tPRI_CONNECT\tFEES\tPRINT\tDSK_BLOCKS\tLOGNAME\na\t3\t11\t15\t14\t13\ta\n")]
    [InlineData("-a16-", "16\t17\t18\n")]
    [InlineData("-a3,3,3", "3\t3\t3\n")]
    [InlineData("-a18-16", "18\t17\t16\n")]
    [InlineData("-pa14", "14\n")]
    public void Fields_AreChosen(string option, string expected)
    {
        const string line = "1 a 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18\n";
        Assert.Equal(expected, TacctVectors.Text(line, "acctmerg", "-i", option));
    }

    [Theory]
    [InlineData("-a0")]
    [InlineData("-a19")]
    [InlineData("-a1,,2")]
    [InlineData("-h3-2-1")]
    [InlineData("-i,")]
    [InlineData("--ascii=x")]
    public void WrongFields_AreFaults(string option) =>
        Assert.Equal(ExitCode.Usage, TacctVectors.Run([], "acctmerg", option).ExitCode);

    /// <summary>Disks, fees and printed pages as AIX's manual enters them.</summary>
    [Theory]
    [InlineData("-i1-2,13,18", "1001 alice 1240 1\n", "1001\talice\t1240\t0\t0\t1\n")]
    [InlineData("-i1-2,15", "1001 alice 7\n", "1001\talice\t0\t0\t7\t0\n")]
    [InlineData("-i1-2,14", "1001 alice 12\n", "1001\talice\t0\t12\t0\t0\n")]
    public void InputFields_AreTaken(string option, string line, string expected) =>
        Assert.Equal(expected, TacctVectors.Text(line, "acctmerg", option, "-a1-2,13-15,18"));

    [Fact]
    public void Qacct_BecomesRecords()
    {
        using var files = new TacctVectors();
        var qacct = files.Put("qacct", "bob 1002 3\nalice 1001 2\nbob 1002 4\n");
        Assert.Equal("1001\talice\t2\n1002\tbob\t7\n",
            TacctVectors.Text([], "acctmerg", "-q", qacct, "-a1,2,14"));
    }
}
