// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Which exits a process report shows: the same options for every report. Each that is given must hold; of several
/// values of one option, one.
/// </summary>
internal sealed record ExitSelection
{
    /// <summary>Every exit.</summary>
    public static readonly ExitSelection All = new();

    /// <summary>True when nothing is left out: what a fast path asks.</summary>
    public bool IsAll => ReferenceEquals(this, All);

    /// <summary>True when the exit is to be shown.</summary>
    public bool Matches(in AcctEntry entry) => IsAll || entry.Record.Pid != 0;
}
