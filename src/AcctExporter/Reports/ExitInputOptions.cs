// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>Where a process report reads from, and how.</summary>
internal sealed record ExitInputOptions
{
    /// <summary>The kernel's file where Debian's package acct has it.</summary>
    public const string SystemFile = "/var/log/account/pacct";

    /// <summary>
    /// Accounting files, one after the other; <c>-</c> is standard input. None: the agent's journal, and if there is
    /// none <see cref="SystemFile"/>.
    /// </summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Where the agent keeps its journal.</summary>
    public required string StoragePath { get; init; }

    /// <summary>What is read when no file is named and there is no journal; empty for nothing.</summary>
    public string FallbackFile { get; init; } = SystemFile;

    /// <summary>Each file from its end to its beginning.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>
    /// As GNU acct reads: each 64 bytes are a record whatever is in them. Otherwise what is no record is left out and
    /// counted.
    /// </summary>
    public bool BySlot { get; init; }

    /// <summary>From the journal: what the kernel wrote, without what taskstats corrected.</summary>
    public bool AsRecorded { get; init; }

    /// <summary>Records of System V (40 bytes, or 32) instead of Linux's.</summary>
    public bool SystemV { get; init; }

    /// <summary>
    /// Only what comes from now on, of the last of the files or of the journal, for as long as
    /// <see cref="ExitInput.WaitForMore"/> is asked. Never together with <see cref="NewestFirst"/>.
    /// </summary>
    public bool Follow { get; init; }

    /// <summary>Ticks a second of records that do not say it (v0, and v2 with 0).</summary>
    public ushort AssumedTicksPerSecond { get; init; } = 100;
}
