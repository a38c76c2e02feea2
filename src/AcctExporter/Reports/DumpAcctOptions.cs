// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What <see cref="DumpAcctReport"/> is to show, and how.</summary>
internal sealed record DumpAcctOptions
{
    /// <summary>Where the exits are.</summary>
    public required ExitInputOptions Input { get; init; }

    /// <summary>Which of them.</summary>
    public ExitSelection Selection { get; init; } = ExitSelection.All;

    /// <summary>No more than so many.</summary>
    public long Most { get; init; } = long.MaxValue;

    /// <summary>Names as they are, whatever they do to the terminal.</summary>
    public bool PrintControls { get; init; }

    /// <summary>Accounting records instead of text, and of which form; null for text or rows.</summary>
    public RecordForm? Records { get; init; }

    /// <summary>Lines or rows.</summary>
    public ReportFormat Format { get; init; }

    /// <summary>How many work at once.</summary>
    public int Workers { get; init; } = OrderedWork.Workers;
}
