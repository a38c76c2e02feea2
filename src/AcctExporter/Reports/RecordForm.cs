// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>In which form accounting records are written.</summary>
internal sealed record RecordForm
{
    /// <summary>The newest version that is written.</summary>
    public const int Newest = 3;

    /// <summary>The version, 0 to 3; null for that which each record has.</summary>
    public int? Version { get; init; }

    /// <summary>In the other byte order than this machine's.</summary>
    public bool Swapped { get; init; }

    /// <summary>Ticks a second of records of versions 0 and 2 (<c>--ahz</c>); null for those that each has.</summary>
    public ushort? TicksPerSecond { get; init; }

    /// <summary>As GNU dump-acct: v2 records say 100 ticks a second when their times were put into others.</summary>
    public bool AsGnu { get; init; }
}
