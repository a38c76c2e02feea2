// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>Columns of <c>acctcom</c> beside those that every row has.</summary>
[Flags]
internal enum AcctcomColumns
{
    /// <summary>CPU time and mean size.</summary>
    None = 0,

    /// <summary><c>-t</c>: system and user time instead of their sum.</summary>
    Times = 1,

    /// <summary><c>-i</c>: characters and blocks.</summary>
    Io = 2,

    /// <summary><c>-r</c>: user time as a part of all CPU time.</summary>
    CpuFactor = 4,

    /// <summary><c>-h</c>: CPU time as a part of the time from start to end.</summary>
    HogFactor = 8,

    /// <summary><c>-m</c>: the mean size of memory.</summary>
    MeanSize = 16,

    /// <summary><c>-k</c>: kilobytes of memory, times minutes of CPU time.</summary>
    KcoreMinutes = 32,
}

/// <summary>What <c>acctcom</c> is asked for.</summary>
internal sealed record AcctcomOptions
{
    /// <summary>Where the exits are; its files are read one after the other, each with its own day.</summary>
    public required ExitInputOptions Input { get; init; }

    /// <summary>Which of them, by the options of every report.</summary>
    public ExitSelection Selection { get; init; } = ExitSelection.All;

    /// <summary>Which of them, by its own.</summary>
    public AcctcomMatch Match { get; init; } = new();

    /// <summary>Which of them, by times of day.</summary>
    public AcctcomTimes Times { get; init; } = new();

    /// <summary>Columns.</summary>
    public AcctcomColumns Columns { get; init; }

    /// <summary><c>-f</c>: flags and status as well.</summary>
    public bool Flags { get; init; }

    /// <summary>Headings above the rows; <c>-v</c> leaves them out.</summary>
    public bool Headings { get; init; } = true;

    /// <summary>Rows; <c>-q</c> leaves them out.</summary>
    public bool Rows { get; init; } = true;

    /// <summary><c>-a</c>, <c>-q</c>: averages at the end.</summary>
    public bool Averages { get; init; }

    /// <summary><c>-X</c>: names whole, where the classic command cuts them.</summary>
    public bool LongNames { get; init; }

    /// <summary>As the classic command does it.</summary>
    public bool Compat { get; init; }

    /// <summary>Text or rows.</summary>
    public ReportFormat Format { get; init; }

    /// <summary>True when a mean size stands in each row.</summary>
    public bool HasMeanSize => Columns == AcctcomColumns.None || Columns.HasFlag(AcctcomColumns.MeanSize);
}
