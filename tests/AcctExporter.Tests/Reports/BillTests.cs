// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using AcctExporter.Cli;
using AcctExporter.Suite;
using AcctExporter.Tests.Golden;

namespace AcctExporter.Tests.Reports;

/// <summary>Bills: each figure traced by hand, the same in every form, and what is wrong said.</summary>
public sealed class BillTests : IDisposable
{
    private static readonly byte[] Hostile = "e\u001b[31m<b>&\"',;\t\r\n\u202eé"u8.ToArray();

    private readonly BillFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void EachLine_IsTheUsage_TimesThePrice()
    {
        files.Put("2026-11", (1001, "alice"u8.ToArray(), BillFiles.Alice));
        var lines = Csv("--period", "2026-11", "--rates", files.Rates(BillFiles.Prices)).Select(row =>
            $"{row[3]} {row[4]} {row[5]} {row[8]}");
        Assert.Equal(
            [
                "cpu-hour-prime 1.500000 0.000000 0.60", // 1.5 h x 0.40
                "cpu-hour-non-prime 0.250000 0.000000 0.02", // 0.25 h x 0.10 = 0.025, half to even
                "memory-gib-hour-prime 1.500000 0.000000 0.08", // 3 GiB x 0.5 h x 0.05 = 0.075, half to even
                "connect-hour-prime 5.000000 2.000000 0.06", // (5 h - 2 h) x 0.02
                "call-io-gib 2.500000 0.000000 0.02", // (2 + 0.5) GiB x 0.01 = 0.025, half to even
                "storage-io-gib 1.000000 0.000000 0.03",
                "disk-gib 10.000000 0.000000 3.00", // 20 GiB in 2 looks x 0.30
                "printed-page 7 0 0.35",
                "process 12345 0 1.23", // 1.2345
                "session 3 0 0.02", // 0.015, half to even
                "fee-unit 2.500 0.000 2.50",
            ],
            lines);
    }

    [Fact]
    public void TheTotal_IsTheSumOfTheLines_AsTheyAreShown()
    {
        files.Put(null, (1, "a"u8.ToArray(), BillFiles.Alice), (2, "b"u8.ToArray(), BillFiles.Alice));
        var rates = files.Rates(BillFiles.Prices + "\nminimum: 9\ntax: {name: VAT, percent: 19}");
        var sum = Csv("--rates", rates).Sum(row => decimal.Parse(row[8], CultureInfo.InvariantCulture));
        // 7.91 + 1.09 up to the minimum + 1.71 tax, twice.
        Assert.Equal(21.42m, sum);
        Assert.EndsWith("21.42\n", Text("--rates", rates), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Text("--rates", rates, "--format", "json"));
        Assert.Equal(21.42m, json.RootElement.GetProperty("total").GetDecimal());
    }

    [Theory]
    [InlineData(5, 10, 0, "0")]
    [InlineData(15, 10, 0, "2")]
    [InlineData(25, 10, 0, "2")]
    [InlineData(-5, 10, 0, "0")]
    [InlineData(-15, 10, 0, "-2")]
    [InlineData(-16, 10, 0, "-2")]
    [InlineData(-14, 10, 0, "-1")]
    [InlineData(1, 3, 3, "0.333")]
    [InlineData(-2, 3, 3, "-0.667")]
    [InlineData(-1, 200, 2, "0.00")]
    [InlineData(-3, 200, 2, "-0.02")]
    public void AFraction_IsRoundedHalfToEven(int numerator, int denominator, int decimals, string text) =>
        Assert.Equal(text, Fraction.Text(new Fraction(numerator, denominator).Round(decimals), decimals));

    [Theory]
    [InlineData("0.1", 1, 10)]
    [InlineData("-2.50", -250, 100)]
    [InlineData("79228162514264337593543950335", 0, 1)]
    public void ADecimal_IsExact(string text, long numerator, long denominator)
    {
        var value = decimal.Parse(text, CultureInfo.InvariantCulture);
        var whole = numerator == 0 ? BigInteger.Parse(text, CultureInfo.InvariantCulture) : numerator;
        Assert.Equal(new Fraction(whole, denominator), Fraction.Of(value));
    }

    [Fact]
    public void TheLargestTotals_AreCharged()
    {
        files.Put(null, (1, "a"u8.ToArray(), new TacctSums
        {
            Prime = new() { KibMicroseconds = Int128.MaxValue, CpuMicroseconds = long.MaxValue },
            Processes = long.MaxValue,
        }));
        var rates = files.Rates(
            "currency: X\ndecimals: 0\nprices: {memory-gib-hour-prime: 1000000000, process: 1000000000}");
        // (2^127 - 1) / (2^20 x 3.6e9), and 2^63 - 1, times a billion.
        Assert.Equal(
            ["45072021341448156497660558413369", "9223372036854775807000000000"],
            Csv("--rates", rates).Select(row => row[8]));
    }

    [Fact]
    public void ACredit_IsALineBelowZero_WithoutMinimum()
    {
        files.Put(null, (1, "a"u8.ToArray(), new TacctSums { FeeMilliunits = -1500 }));
        var rates = files.Rates("currency: X\nminimum: 1\nprices: {fee-unit: 2}\nfree: {fee-unit: 1}");
        Assert.Equal("fee-unit -1.500 0.000 -3.00", string.Join(
            '|', Csv("--rates", rates).Select(row => $"{row[3]} {row[4]} {row[5]} {row[8]}")));
    }

    [Fact]
    public void WhatIsFree_IsNotMoreThanWhatWasUsed_AndNobodyElseIsOnTheBill()
    {
        var sums = new TacctSums { Processes = 3 };
        files.Put(null, (1, "a"u8.ToArray(), sums), (2, "b"u8.ToArray(), new TacctSums { Sessions = 1 }));
        var rates = files.Rates("currency: X\nminimum: 5\nprices: {process: 1}\nfree: {process: 10}");
        Assert.Equal("1 3 3 0.00", string.Join('|', Csv("--rates", rates).Select(row =>
            $"{row[1]} {row[4]} {row[5]} {row[8]}")));
    }

    [Fact]
    public void AFactor_IsThatOfTheName_ThenOfTheNumber_ThenOfThePrimaryGroup()
    {
        var sums = new TacctSums { Processes = 100 };
        files.Put(null, (0, "root"u8.ToArray(), sums), (77, "seven"u8.ToArray(), sums), (78, "x"u8.ToArray(), sums));
        var rates = files.Rates("""
            currency: X
            prices: {process: 1}
            factors:
              users: {seven: 0.5, 78: 3, 77: 9}
              groups: {root: 0.25}
            """);
        Assert.Equal(["25.00", "50.00", "300.00"], Csv("--rates", rates).Select(row => row[8]));
    }

    [Fact]
    public void Groups_HaveTheirOwnTotalsAndFactors()
    {
        BillFiles.PutFile(
            files.Paths.OfFiscal("gtacct", "2026-11"), (50, "staff"u8.ToArray(), new TacctSums { Processes = 4 }));
        var rates = files.Rates(
            "currency: X\nprices: {process: 1}\nfactors: {users: {staff: 7}, groups: {staff: 0.5}}");
        var text = Text("--by", "group", "--period", "2026-11", "--rates", rates, "--format", "csv");
        Assert.StartsWith("period,gid,group,item,", text, StringComparison.Ordinal);
        Assert.Contains("2026-11,50,staff,process,4,0,1,0.5,2.00,X", text, StringComparison.Ordinal);
        Assert.Contains("suite.groups", Error(ExitCode.CannotRead, "--by", "group", "--rates", rates),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table", "bill.txt")]
    [InlineData("csv", "bill.csv")]
    [InlineData("json", "bill.json")]
    [InlineData("html", "bill.html")]
    public void EachForm_IsTheGoldenOne(string format, string golden)
    {
        files.Put("2026-11", (1001, "alice"u8.ToArray(), BillFiles.Alice), (2002, Hostile, BillFiles.Alice));
        var rates = files.Rates(BillFiles.Prices
            + "\nminimum: 9.00\ntax: {name: VAT, percent: 19}\nfactors: {users: {alice: 0.5}}");
        var text = Text("--period", "2026-11", "--rates", rates, "--format", format);
        GoldenFile.Check(
            Path.Combine("suite", golden), text.Replace("\r", "\\r", StringComparison.Ordinal));
    }

    [Fact]
    public void HostileNames_StayWhole_AndHarmNothing()
    {
        files.Put(null, (1, Hostile, BillFiles.Alice), (2, [0xff, 0xfe, .. new byte[298]], BillFiles.Alice));
        var rates = files.Rates(BillFiles.Prices);
        Assert.DoesNotContain(
            Text("--rates", rates), letter => (letter < ' ' && letter != '\n') || letter >= 0x7f);
        var html = XDocument.Parse(Text("--rates", rates, "--format", "html"));
        Assert.Contains(html.Descendants(), node => node.Name == "td"
            && node.Value.Contains("␛[31m<b>&\"',;␉␍␊\ufffdé", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(Text("--rates", rates, "--format", "json"));
        Assert.Equal(
            Encoding.UTF8.GetString(Hostile),
            json.RootElement.GetProperty("accounts")[0].GetProperty("user").GetString());
        Assert.Contains(
            $"\"{Encoding.UTF8.GetString(Hostile).Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            Text("--rates", rates, "--format", "csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void OneUser_IsFoundByNameAndByNumber()
    {
        files.Put(null, (1, "a"u8.ToArray(), BillFiles.Alice), (2, "b"u8.ToArray(), BillFiles.Alice));
        var rates = files.Rates("currency: X\nprices: {process: 1}");
        Assert.Equal("a", Assert.Single(Csv("--rates", rates, "--user", "a"))[2]);
        Assert.Equal("b", Assert.Single(Csv("--rates", rates, "--user", "2"))[2]);
        Assert.Contains("there is no user 'c' in ", Error(ExitCode.Failure, "--rates", rates, "--user", "c"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsMissing_IsSaid()
    {
        var rates = files.Rates(BillFiles.Prices);
        Assert.Contains("no table of prices", Error(ExitCode.Usage), StringComparison.Ordinal);
        Assert.Contains("nothing was run yet", Error(ExitCode.CannotRead, "--rates", rates), StringComparison.Ordinal);
        Assert.Contains(
            "no period is closed yet", Error(ExitCode.CannotRead, "--rates", rates, "--period", "2026-10"),
            StringComparison.Ordinal);
        files.Put("2026-11");
        Assert.Contains(
            "closed are 2026-11;", Error(ExitCode.CannotRead, "--rates", rates, "--period", "2026-10"),
            StringComparison.Ordinal);
        Error(ExitCode.Usage, "--rates", rates, "--period", "../x");
        Error(ExitCode.Usage, "--rates", rates, "--by", "house");
        Error(ExitCode.CannotRead, "--rates", files.Rates("currency: X"));
        File.WriteAllText(files.Paths.SumTacct, "no totals");
        Assert.Contains("is no total accounting", Error(ExitCode.CannotRead, "--rates", files.Rates(BillFiles.Prices)),
            StringComparison.Ordinal);
    }

    private string Error(int code, params string[] arguments)
    {
        var run = files.Run(arguments);
        Assert.Equal((code, ""), (run.ExitCode, run.Text));
        return run.Errors;
    }

    private string Text(params string[] arguments)
    {
        var run = files.Run(arguments);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Errors));
        return Encoding.UTF8.GetString(run.Output);
    }

    private string[][] Csv(params string[] arguments) => [.. Text([.. arguments, "--format", "csv"])
        .Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))];
}
