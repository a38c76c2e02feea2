// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using System.Text;

namespace AcctExporter.Suite;

/// <summary>What the users, or the groups, of a period have to pay.</summary>
/// <remarks>
/// Each line is exact until it is rounded, once, half to even; every total is the sum of the lines as they are shown.
/// </remarks>
internal sealed class Bill
{
    private const int Percent = 100;

    private Bill(RateTable rates, IReadOnlyList<BillAccount> accounts)
    {
        Rates = rates;
        Accounts = accounts;
        Total = accounts.Aggregate(BigInteger.Zero, (sum, account) => sum + account.Total);
    }

    /// <summary>The prices.</summary>
    public RateTable Rates { get; }

    /// <summary>Who has a line, by number, then by name.</summary>
    public IReadOnlyList<BillAccount> Accounts { get; }

    /// <summary>All of it, in the smallest unit of the currency.</summary>
    public BigInteger Total { get; }

    /// <summary>Makes the bill of total accounting.</summary>
    /// <param name="rates">The prices.</param>
    /// <param name="totals">Numbers, names and sums of users or of groups.</param>
    /// <param name="factorOf">The factor of a number and a name.</param>
    public static Bill Of(
        RateTable rates, IEnumerable<(uint Id, byte[] Name, TacctSums Sums)> totals,
        Func<uint, byte[], decimal> factorOf) => new(
            rates,
            [.. totals.Select(one => Account(rates, one.Id, one.Name, one.Sums, factorOf(one.Id, one.Name)))
                .Where(account => account.Lines.Count > 0)]);

    /// <summary>The factor of a user or group among those of a table, by its name, else by its number.</summary>
    public static decimal? Factor(IReadOnlyDictionary<string, decimal> factors, uint id, byte[] name) =>
        factors.TryGetValue(Encoding.UTF8.GetString(name), out var factor)
            || factors.TryGetValue(id.ToString(CultureInfo.InvariantCulture), out factor) ? factor : null;

    private static BillAccount Account(RateTable rates, uint id, byte[] name, TacctSums sums, decimal factor)
    {
        var lines = new List<BillLine>();
        foreach (var item in BillItem.All)
        {
            var quantity = item.Quantity(sums);
            if (quantity.Sign != 0 && rates.Prices.TryGetValue(item.Key, out var price))
            {
                lines.Add(Line(rates, item, quantity, price, factor));
            }
        }

        var total = lines.Aggregate(BigInteger.Zero, (sum, line) => sum + line.Amount);
        var minimum = Fraction.Of(rates.Minimum).Round(rates.Decimals);
        if (total > 0 && total < minimum)
        {
            lines.Add(new("minimum", "up to the minimum", minimum - total));
            total = minimum;
        }

        if (rates.TaxPercent is { } percent && lines.Count > 0)
        {
            // The total is in whole units of 10^-decimals: so is the tax.
            var tax = (new Fraction(total, Percent) * Fraction.Of(percent)).Round(0);
            lines.Add(new(
                "tax", string.Create(CultureInfo.InvariantCulture, $"{rates.TaxName} {percent} %"), tax));
            total += tax;
        }

        return new(id, name, factor, lines, total);
    }

    private static BillLine Line(RateTable rates, BillItem item, Fraction quantity, decimal price, decimal factor)
    {
        var free = Fraction.Zero;
        if (quantity.Sign > 0 && rates.Allowances.TryGetValue(item.Key, out var allowance))
        {
            free = Fraction.Of(allowance);
            free = (quantity - free).Sign < 0 ? quantity : free;
        }

        var amount = (quantity - free) * Fraction.Of(price) * Fraction.Of(factor);
        return new(item.Key, item.Text, amount.Round(rates.Decimals))
        {
            Quantity = Fraction.Text(quantity.Round(item.Decimals), item.Decimals),
            Free = Fraction.Text(free.Round(item.Decimals), item.Decimals),
            Price = price,
        };
    }
}

/// <summary>What one user or group has to pay.</summary>
/// <param name="Id">The number.</param>
/// <param name="Name">The name, any bytes.</param>
/// <param name="Factor">What the prices were multiplied with.</param>
/// <param name="Lines">For what.</param>
/// <param name="Total">The sum of the lines, in the smallest unit of the currency.</param>
internal sealed record BillAccount(
    uint Id, byte[] Name, decimal Factor, IReadOnlyList<BillLine> Lines, BigInteger Total);

/// <summary>A line of a bill.</summary>
/// <param name="Key">What for: a <see cref="BillItem.Key"/>, <c>minimum</c> or <c>tax</c>.</param>
/// <param name="Text">The same for people.</param>
/// <param name="Amount">What it costs, in the smallest unit of the currency.</param>
internal sealed record BillLine(string Key, string Text, BigInteger Amount)
{
    /// <summary>How much was used, in decimal; null for what is no use.</summary>
    public string? Quantity { get; init; }

    /// <summary>How much of it was free.</summary>
    public string? Free { get; init; }

    /// <summary>The price of a unit, before the factor.</summary>
    public decimal? Price { get; init; }
}
