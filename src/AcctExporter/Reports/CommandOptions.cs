// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>What acctcms is to do.</summary>
internal sealed record CommandOptions
{
    /// <summary>Where exits are read from; its files are summaries when <see cref="FromSummaries"/>.</summary>
    public required ExitInputOptions Input { get; init; }

    /// <summary>Which exits count.</summary>
    public required ExitSelection Selection { get; init; }

    /// <summary>How it is written; a text is a report, or the binary summary.</summary>
    public ReportFormat Format { get; init; }

    /// <summary>A report (<c>-a</c>).</summary>
    public bool IsReport { get; init; }

    /// <summary>Which time the report is about (<c>-p</c>, <c>-o</c>).</summary>
    public CommandView View { get; init; }

    /// <summary>In the columns of old, or as a summary of all time together (<c>-t</c>).</summary>
    public bool IsOld { get; init; }

    /// <summary>What rows are sorted by.</summary>
    public CommandOrder Order { get; init; }

    /// <summary>Commands that were used once are one (<c>-j</c>).</summary>
    public bool SinglesTogether { get; init; }

    /// <summary>The files are summaries (<c>-s</c>).</summary>
    public bool FromSummaries { get; init; }

    /// <summary>What files are that are no summaries of ours.</summary>
    public CmsLayout? ReadAs { get; init; }

    /// <summary>What the summary is written as; null for ours.</summary>
    public CmsLayout? WriteAs { get; init; }

    /// <summary>The holidays file; null for the usual one.</summary>
    public string? Holidays { get; init; }

    /// <summary>The classic numbers.</summary>
    public bool Compat { get; init; }

    /// <summary>How many processors work at it; the sums are the same.</summary>
    public int Workers { get; init; } = OrderedWork.Workers;
}

/// <summary>What commands are sorted by, the largest first.</summary>
internal enum CommandOrder
{
    /// <summary>KiB in use times CPU time.</summary>
    Kcore,

    /// <summary>CPU time (<c>-c</c>).</summary>
    Cpu,

    /// <summary>Processes (<c>-n</c>).</summary>
    Count,
}
