// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>What things cost: makes a bill of total accounting. <c>docs/suite.md</c> has the file.</summary>
internal sealed record RateTable
{
    /// <summary>The most decimals that amounts have.</summary>
    public const int MostDecimals = 6;

    /// <summary>What amounts are counted in.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Decimals of amounts, 0 to <see cref="MostDecimals"/>.</summary>
    public int Decimals { get; init; } = 2;

    /// <summary>Prices of a unit, by <see cref="BillItem.Key"/>; what has none is not charged.</summary>
    public IReadOnlyDictionary<string, decimal> Prices { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Units that are free, for each account and period, by the same key.</summary>
    public IReadOnlyDictionary<string, decimal> Allowances { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Who has anything to pay pays at least this.</summary>
    public decimal Minimum { get; init; }

    /// <summary>How the tax is called.</summary>
    public string TaxName { get; init; } = "tax";

    /// <summary>Percent of everything before it that are added; null: no tax.</summary>
    public decimal? TaxPercent { get; init; }

    /// <summary>Prices are multiplied with this for a user, named by name or number.</summary>
    public IReadOnlyDictionary<string, decimal> UserFactors { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Likewise for a group: for users who have no factor of their own, and for the group itself.</summary>
    public IReadOnlyDictionary<string, decimal> GroupFactors { get; init; } = new Dictionary<string, decimal>();
}
