// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;
using AcctExporter.Suite;
using AcctExporter.Tests.Golden;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Config;

/// <summary>The table of prices: what it says, and every fault at once, each with file, line and key.</summary>
public class RateReaderTests
{
    [Fact]
    public void EveryKey_IsRead()
    {
        var rates = Read("""
            currency: EUR
            decimals: 3
            prices:
              cpu-hour-prime: 0.40
              process: 0.000000001
            free:
              process: 100
            minimum: 2.5
            tax:
              name: VAT
              percent: 7.7
            factors:
              users:
                alice: 0
                "1002": 1.5
              groups:
                staff: 0.25
            """, out var faults);
        Assert.Empty(faults);
        Assert.Equal(("EUR", 3, 2.5m), (rates!.Currency, rates.Decimals, rates.Minimum));
        Assert.Equal(("VAT", 7.7m), (rates.TaxName, rates.TaxPercent));
        Assert.Equal([("cpu-hour-prime", 0.40m), ("process", 0.000000001m)], Pairs(rates.Prices));
        Assert.Equal([("process", 100m)], Pairs(rates.Allowances));
        Assert.Equal([("1002", 1.5m), ("alice", 0m)], Pairs(rates.UserFactors));
        Assert.Equal([("staff", 0.25m)], Pairs(rates.GroupFactors));
    }

    [Fact]
    public void TheLeast_HasTwoDecimalsAndNoTax()
    {
        var rates = Read("currency: EUR\nprices:\n", out var faults);
        Assert.Empty(faults);
        Assert.Equal((2, null, 0m), (rates!.Decimals, rates.TaxPercent, rates.Minimum));
        Assert.Empty(rates.Prices);
    }

    [Fact]
    public void EveryFault_IsToldAtOnce_WithLineAndKey()
    {
        Assert.Null(Read("""
            currency: "E\tR"
            decimals: 7
            prices:
              cpu-hour-prim: 1
              process: 1e3
              session: -1
              disk-gib: 1
              disk-gib: 2
              printed-page: 0.0000000001
              fee-unit: [1]
            free: 3
            minimum: 1000000001
            tax: {nam: VAT}
            factors:
              users: {alice: 1001}
              hosts: {}
            price: 1
            """, out var faults));
        Assert.Equal(
            [
                ":1:11: currency: needs a word of 1 to 40 letters",
                ":2:11: decimals: '7' is no whole number from 0 to 6",
                ":4:3: prices.cpu-hour-prim: there is no such key; did you mean 'cpu-hour-prime'?",
                ":5:12: prices.process: '1e3' is no number from 0 to 1000000000 with at most 9 decimals (0.25)",
                ":6:12: prices.session: '-1' is no number from 0 to 1000000000 with at most 9 decimals (0.25)",
                ":8:3: prices.disk-gib: stands here a second time, after line 7",
                ":9:17: prices.printed-page: '0.0000000001' is no number from 0 to 1000000000 with at most 9 decimals "
                    + "(0.25)",
                ":10:13: prices.fee-unit: '' is no number from 0 to 1000000000 with at most 9 decimals (0.25)",
                ":11:7: free: is a group, with keys beneath it: cpu-hour-prime, cpu-hour-non-prime, "
                    + "memory-gib-hour-prime, memory-gib-hour-non-prime, connect-hour-prime, connect-hour-non-prime, "
                    + "call-io-gib, storage-io-gib, disk-gib, printed-page, process, session, fee-unit",
                ":12:10: minimum: '1000000001' is no number from 0 to 1000000000 with at most 6 decimals (0.25)",
                ":13:6: tax.percent: is missing",
                ":13:7: tax.nam: there is no such key; did you mean 'name'?",
                ":15:18: factors.users.alice: '1001' is no number from 0 to 1000 with at most 9 decimals (0.25)",
                ":16:3: factors.hosts: there is no such key",
                ":17:1: price: there is no such key; did you mean 'prices'?",
            ],
            faults);
    }

    [Fact]
    public void WhatContradicts_IsTold()
    {
        Assert.Null(Read(
            "currency: X\nprices: {process: 1}\nminimum: 0.005\nfree: {session: 1}", out var faults));
        Assert.Equal(
            [
                ":3:10: minimum: has more decimals than amounts have, which is 2 (decimals)",
                ":4:8: free.session: has no price: it costs nothing anyhow",
            ],
            faults);
    }

    [Theory]
    [InlineData("", ": a table of prices is made of lines of 'key: value'")]
    [InlineData("- 1", ":1:1: a table of prices is made of lines of 'key: value'")]
    [InlineData("{}", ":1:1: currency: is missing|:1:1: prices: is missing")]
    [InlineData("a: *b", ":1:4: aliases (*b) are not read: write the value out")]
    public void WhatIsNoTable_IsTold(string text, string expected)
    {
        Assert.Null(Read(text, out var faults));
        Assert.Equal(expected, string.Join('|', faults));
    }

    [Fact]
    public void AMissingFile_IsTold()
    {
        var faults = new List<string>();
        Assert.Null(RateReader.Read("/nonexistent/rates.yaml", faults.Add));
        Assert.Equal("/nonexistent/rates.yaml: there is no such file", Assert.Single(faults));
    }

    [Fact]
    public void TheSample_HasNoFault_AndEveryPrice()
    {
        var rates = RateReader.Read(Path.Combine(GoldenFile.RepositoryRoot, "deploy/rates.yaml"), Assert.Fail);
        Assert.Equal(BillItem.All.Select(item => item.Key), rates!.Prices.Keys);
    }

    private static IEnumerable<(string, decimal)> Pairs(IReadOnlyDictionary<string, decimal> numbers) =>
        numbers.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value));

    private static RateTable? Read(string text, out List<string> faults)
    {
        using var folder = new TemporaryDirectory();
        var path = folder.File("rates.yaml", text);
        var told = new List<string>();
        var rates = RateReader.Read(path, fault => told.Add(fault.Replace(path, "", StringComparison.Ordinal)));
        faults = told;
        return rates;
    }
}
