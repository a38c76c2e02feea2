// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>By what the rows of <c>sa</c> are sorted, the largest first.</summary>
internal enum SaSort
{
    /// <summary>CPU time.</summary>
    Cpu,

    /// <summary>CPU time a call (<c>-b</c>).</summary>
    CpuPerCall,

    /// <summary>Calls (<c>-n</c>).</summary>
    Calls,

    /// <summary>I/O a call (<c>-d</c>).</summary>
    AverageIo,

    /// <summary>I/O (<c>-D</c>).</summary>
    TotalIo,

    /// <summary>Memory a call (<c>-k</c>).</summary>
    AverageMemory,

    /// <summary>Memory times CPU time (<c>-K</c>).</summary>
    CpuStorage,

    /// <summary>Elapsed time; a call with <c>-j</c> (<c>--sort-real-time</c>).</summary>
    Elapsed,
}

/// <summary>What <c>sa</c> prints.</summary>
internal enum SaPrint
{
    /// <summary>A row for each command.</summary>
    Commands,

    /// <summary>A row for each user (<c>-m</c>).</summary>
    Users,

    /// <summary>A row for each group (<c>-M</c>).</summary>
    Groups,

    /// <summary>A line for each exit (<c>-u</c>).</summary>
    Exits,

    /// <summary>Nothing: the summary files are written (<c>-s</c>).</summary>
    Summaries,

    /// <summary>A row for each combination of <see cref="SaOptions.By"/>.</summary>
    Keys,
}

/// <summary>What the columns of page faults are (<c>-p</c>, <c>-P</c>).</summary>
internal enum SaPaging
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>All of a row.</summary>
    Totals,

    /// <summary>Those of a call.</summary>
    Averages,
}

/// <summary>What <c>sa</c> is to read and to print.</summary>
internal sealed record SaOptions
{
    /// <summary>The exits.</summary>
    public required ExitInputOptions Input { get; init; }

    /// <summary>Those that count.</summary>
    public ExitSelection Selection { get; init; } = ExitSelection.All;

    /// <summary>The summary by command.</summary>
    public string SavacctFile { get; init; } = "/var/log/account/savacct";

    /// <summary>The summary by user.</summary>
    public string UsracctFile { get; init; } = "/var/log/account/usracct";

    /// <summary>The summaries are added first.</summary>
    public bool ReadsSummaries { get; init; } = true;

    /// <summary>What is printed.</summary>
    public SaPrint Print { get; init; }

    /// <summary>Its rows when <see cref="Print"/> says so, by the names of <see cref="SaKeyParts"/>.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>Seconds a call instead of minutes in all.</summary>
    public bool PerCall { get; init; }

    /// <summary>Percentages of the totals.</summary>
    public bool Percentages { get; init; }

    /// <summary>User and system time apart.</summary>
    public bool SeparateTimes { get; init; }

    /// <summary>Elapsed time over CPU time.</summary>
    public bool Ratio { get; init; }

    /// <summary>I/O of the row instead of that of a call.</summary>
    public bool TotalIo { get; init; }

    /// <summary>Memory times CPU seconds.</summary>
    public bool CpuStorage { get; init; }

    /// <summary>Page faults instead of I/O and memory.</summary>
    public SaPaging Paging { get; init; }

    /// <summary>How rows are sorted.</summary>
    public SaSort Sort { get; init; }

    /// <summary>A column of <see cref="SaTable"/> to sort by instead.</summary>
    public string? SortColumn { get; init; }

    /// <summary>The smallest first.</summary>
    public bool Reverse { get; init; }

    /// <summary>Only so many rows; 0 for all.</summary>
    public int Top { get; init; }

    /// <summary>A row for every command: none goes to <c>***other</c>.</summary>
    public bool AllRecords { get; init; }

    /// <summary>Commands of so many calls or fewer can go to <c>**junk**</c>; 0 for none.</summary>
    public ulong JunkThreshold { get; init; }

    /// <summary>They go without a question.</summary>
    public bool AlwaysYes { get; init; }

    /// <summary>Names as they are, whatever a terminal makes of them.</summary>
    public bool PrintControls { get; init; }

    /// <summary>GNU sa's faults as well.</summary>
    public bool Compat { get; init; }

    /// <summary>What was read and how much of it is said on standard error.</summary>
    public bool Debug { get; init; }

    /// <summary>Letters of a line on the terminal that it is for; null when it is for none.</summary>
    public int? LineWidth { get; init; }

    /// <summary>How rows are written.</summary>
    public ReportFormat Format { get; init; }

    /// <summary>The most processors that work at it.</summary>
    public int Workers { get; init; } = OrderedWork.Workers;
}
