// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What <see cref="LastcommReport"/> is to show, and how.</summary>
internal sealed record LastcommOptions
{
    /// <summary>Where the exits are.</summary>
    public required ExitInputOptions Input { get; init; }

    /// <summary>Which of them, besides the classic choices below.</summary>
    public ExitSelection Selection { get; init; } = ExitSelection.All;

    /// <summary>Users, terminals or commands: any of them.</summary>
    public IReadOnlyList<byte[]> Words { get; init; } = [];

    /// <summary>Users.</summary>
    public IReadOnlyList<byte[]> Users { get; init; } = [];

    /// <summary>Terminals.</summary>
    public IReadOnlyList<byte[]> Terminals { get; init; } = [];

    /// <summary>Commands.</summary>
    public IReadOnlyList<byte[]> Commands { get; init; } = [];

    /// <summary>Everything that was asked for must hold, not only one thing of it.</summary>
    public bool Strict { get; init; }

    /// <summary>
    /// With <see cref="Strict"/>, as GNU lastcomm has it: each word must be user, terminal and command at once.
    /// </summary>
    public bool StrictAsGnu { get; init; }

    /// <summary>Names as they are, whatever they do to the terminal.</summary>
    public bool PrintControls { get; init; }

    /// <summary>Page faults instead of user and terminal.</summary>
    public bool ShowPaging { get; init; }

    /// <summary>The ids of the process and its parent behind each line.</summary>
    public bool ShowPid { get; init; }

    /// <summary>No more exits than so many; of a live list, so many before it begins.</summary>
    public long Most { get; init; } = long.MaxValue;

    /// <summary>Goes on with what ends from now on.</summary>
    public bool Follow { get; init; }

    /// <summary>Lines or rows.</summary>
    public ReportFormat Format { get; init; }

    /// <summary>How many work at once.</summary>
    public int Workers { get; init; } = OrderedWork.Workers;
}
