// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Journal;

/// <summary>Writes all of the bytes at the offset, or throws.</summary>
internal delegate void PositionedWrite(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);

/// <summary>Where the journal lives, how much of it is kept, and how it reaches the disk.</summary>
internal sealed record JournalOptions
{
    /// <summary>The folder that holds the journal and nothing else.</summary>
    public required string Directory { get; init; }

    /// <summary>How long blocks are kept after they were counted; zero keeps only what a replay needs.</summary>
    public TimeSpan RetentionAge { get; init; } = TimeSpan.FromDays(31);

    /// <summary>How many bytes all files may take together; 0 keeps only what a replay needs.</summary>
    public long RetentionBytes { get; init; } = 1L << 30;

    /// <summary>The size from which on the next block begins a new file.</summary>
    public long FileBytes { get; init; } = 16L << 20;

    /// <summary>Makes names in a folder last: fsync(2) of the folder. Called after a file has come or gone.</summary>
    public Action<string> SyncDirectory { get; init; } = static _ => { };

    /// <summary>Called with the path of each file that was begun, before anything is written to it.</summary>
    public Action<string> FileMade { get; init; } = static _ => { };

    /// <summary>How a block is written: pwrite(2). Tests put faults here.</summary>
    public PositionedWrite Write { get; init; } = RandomAccess.Write;

    /// <summary>True when nothing is kept for looking back.</summary>
    public bool KeepsOnlyForReplay => RetentionAge <= TimeSpan.Zero || RetentionBytes <= 0;
}
