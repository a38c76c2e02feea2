// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What <c>ac</c> shall count and print.</summary>
internal sealed record AcOptions
{
    /// <summary>Where logins are written when no file is named.</summary>
    public const string DefaultFile = "/var/log/wtmp";

    /// <summary>A record may be so many seconds older than the one before it.</summary>
    public const long DefaultLeniency = 60;

    /// <summary>A record that is so many seconds younger than the one before it is none of the same era: a year.</summary>
    public const long DefaultSuspicious = 31_536_000;

    /// <summary>Files, in the order of time.</summary>
    public IReadOnlyList<string> Files { get; init; } = [DefaultFile];

    /// <summary>The users that count; none: all of them.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>A total for each day (<c>-d</c>).</summary>
    public bool Daily { get; init; }

    /// <summary>A total for each user (<c>-p</c>).</summary>
    public bool Individual { get; init; }

    /// <summary>Each day by itself, also one without records (<c>-a</c>).</summary>
    public bool AllDays { get; init; }

    /// <summary>Sessions that a start of the system ended count up to it.</summary>
    public bool Reboots { get; init; }

    /// <summary>Sessions that the next login on their line ended count up to it.</summary>
    public bool Supplants { get; init; }

    /// <summary>Sessions that a jump of the clock ended count up to the midnight after the last record.</summary>
    public bool TimeWarps { get; init; }

    /// <summary>What is wrong with the file is said among the output.</summary>
    public bool Complain { get; init; }

    /// <summary>Each stretch of time that is counted is said, too.</summary>
    public bool Debug { get; init; }

    /// <summary>Days have their year (<c>-y</c>).</summary>
    public bool PrintYear { get; init; }

    /// <summary>Users and days without any time have lines, too (<c>-z</c>).</summary>
    public bool PrintZeros { get; init; }

    /// <summary>A record that is older than the one before it by more seconds than this one is a jump.</summary>
    public long Leniency { get; init; } = DefaultLeniency;

    /// <summary>A record that is younger than the one before it by more seconds than this one is a jump.</summary>
    public long Suspicious { get; init; } = DefaultSuspicious;

    /// <summary>How it is printed.</summary>
    public ReportFormat Format { get; init; }
}
