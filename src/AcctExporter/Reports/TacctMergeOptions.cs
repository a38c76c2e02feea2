// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>What <c>acctmerg</c> is to do.</summary>
internal sealed record TacctMergeOptions
{
    /// <summary>How to read.</summary>
    public TacctInput Input { get; init; } = new();

    /// <summary>What to read, in this order; <c>-</c> is standard input.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>A file of printed jobs, behind them; null for none.</summary>
    public string? Qacct { get; init; }

    /// <summary>Every record by itself.</summary>
    public bool IsPrint { get; init; }

    /// <summary>One record, of all.</summary>
    public bool IsTotal { get; init; }

    /// <summary>One record for each number, whatever the names.</summary>
    public bool IsByUid { get; init; }

    /// <summary>Lines of text; null for records.</summary>
    public TacctForm? Text { get; init; }

    /// <summary>Headings above the lines.</summary>
    public bool HasHeadings { get; init; }

    /// <summary>The layout of records; null for ours.</summary>
    public TacctLayout? WriteAs { get; init; }

    /// <summary>Rows instead of lines and records.</summary>
    public ReportFormat Format { get; init; }
}
