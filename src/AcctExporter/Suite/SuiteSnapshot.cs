// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;

namespace AcctExporter.Suite;

/// <summary>
/// What scrapes read of the accounting suite: one instant, changed by nobody. What is not known, for no file of it was
/// ever there, is empty, null, 0 for a time or less than 0.
/// </summary>
internal sealed record SuiteSnapshot
{
    /// <summary>Totals of users, a row for each and for each scope.</summary>
    public SuiteTotalsRow[] Users { get; init; } = [];

    /// <summary>The same of groups.</summary>
    public SuiteTotalsRow[] Groups { get; init; } = [];

    /// <summary>
    /// Fees of users, in 1/1000 of a unit: those of the open period, and those that no run has taken.
    /// </summary>
    public SuiteRow[] Fees { get; init; } = [];

    /// <summary>Bytes on disks by user and file system, as the last look at them found.</summary>
    public SuiteRow[] Disks { get; init; } = [];

    /// <summary>Printed pages by user and printer, since counting began.</summary>
    public SuiteRow[] Pages { get; init; } = [];

    /// <summary>How these are learned; null where no log of them ever was.</summary>
    public PrintFigures? PageLog { get; init; }

    /// <summary>When disks were last looked at, in microseconds since 1970.</summary>
    public long DiskSampleUnixMicroseconds { get; init; }

    /// <summary>The next state of the daily run.</summary>
    public RunState? State { get; init; }

    /// <summary>When a daily run last came to its end, in microseconds since 1970.</summary>
    public long LastSuccessUnixMicroseconds { get; init; }

    /// <summary>With what code the last daily run ended.</summary>
    public int LastExitCode { get; init; } = -1;

    /// <summary>How long it took.</summary>
    public long LastMicroseconds { get; init; } = -1;

    /// <summary>When a period was last closed, in microseconds since 1970.</summary>
    public long ClosedUnixMicroseconds { get; init; }

    /// <summary>Bytes of all files of the suite.</summary>
    public long FileBytes { get; init; } = -1;

    /// <summary>Blocks of the journal that are in no charge yet.</summary>
    public long UnchargedBlocks { get; init; } = -1;

    /// <summary>Blocks of the journal that were deleted before they were charged.</summary>
    public long LostBlocks { get; init; } = -1;

    /// <summary>Times since the start of the agent when a file of the suite could not be read.</summary>
    public long ReadFailures { get; init; } = -1;
}

/// <summary>A row with a figure of its own.</summary>
/// <param name="value">The figure.</param>
/// <param name="bornUnixMicroseconds">When a counter started; 0 for what is none.</param>
/// <param name="labels">Keys and their values.</param>
internal sealed class SuiteRow(
    long value, long bornUnixMicroseconds, params ReadOnlySpan<(string Key, string Value)> labels)
    : LabeledRow(bornUnixMicroseconds, labels)
{
    /// <summary>The figure.</summary>
    public long Value { get; } = value;
}

/// <summary>Totals of a user or of a group.</summary>
/// <param name="key">The label: <c>user</c> or <c>group</c>.</param>
/// <param name="name">Its value.</param>
/// <param name="scope">What they are the totals of.</param>
/// <param name="sums">The totals.</param>
/// <param name="knowsIo">Somebody's input and output is known: without, nobody's is.</param>
internal sealed class SuiteTotalsRow(string key, string name, SuiteScope scope, in TacctSums sums, bool knowsIo)
    : LabeledRow(0, (key, name), ("scope", scope == SuiteScope.Day ? "day" : "fiscal"))
{
    private readonly TacctSums sums = sums;

    /// <summary>The totals.</summary>
    public ref readonly TacctSums Sums => ref sums;

    /// <summary>Input and output is known.</summary>
    public bool KnowsIo { get; } = knowsIo;
}

/// <summary>What totals are of.</summary>
internal enum SuiteScope
{
    /// <summary>What was done since the last daily run.</summary>
    Day,

    /// <summary>The daily runs of the fiscal period that is open.</summary>
    Fiscal,
}
