// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What <c>timex</c> is asked for.</summary>
internal sealed record TimexOptions
{
    /// <summary>The program's path.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments, the first of which is its name.</summary>
    public required IReadOnlyList<byte[]> Words { get; init; }

    /// <summary>Where the exits are found.</summary>
    public required ExitInputOptions Input { get; init; }

    /// <summary>Which of them are shown and summed.</summary>
    public ExitSelection Selection { get; init; } = ExitSelection.All;

    /// <summary><c>-p</c>: the exits of the command and its descendants.</summary>
    public bool Exits { get; init; }

    /// <summary><c>-o</c>: the sums of their I/O.</summary>
    public bool Totals { get; init; }

    /// <summary>Columns beside those of I/O.</summary>
    public AcctcomColumns Columns { get; init; }

    /// <summary><c>-f</c>: flags and status.</summary>
    public bool Flags { get; init; }

    /// <summary>Rows as the classic command has them.</summary>
    public bool Compat { get; init; }

    /// <summary>Text or rows.</summary>
    public ReportFormat Format { get; init; }

    /// <summary>How long to wait until the agent has counted the command's exit.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);
}
