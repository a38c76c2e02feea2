// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What <c>pac</c> shows of printed pages, and how.</summary>
internal sealed record PacOptions
{
    /// <summary>What a page costs unless said.</summary>
    public const double UsualPrice = 0.02;

    /// <summary>What a page costs.</summary>
    public double Price { get; init; } = UsualPrice;

    /// <summary>Only jobs of this printer; null for all. Lines that name none count for each.</summary>
    public byte[]? Printer { get; init; }

    /// <summary>Only these users, and they also when they printed nothing; none for all, with a total.</summary>
    public IReadOnlyList<byte[]> Users { get; init; } = [];

    /// <summary>By pages, the fewest first, not by name.</summary>
    public bool ByCost { get; init; }

    /// <summary>The other way round.</summary>
    public bool IsReversed { get; init; }

    /// <summary>What stands before a colon in a name is a host, and left out.</summary>
    public bool WithoutHosts { get; init; }

    /// <summary>The form.</summary>
    public ReportFormat Format { get; init; }
}
