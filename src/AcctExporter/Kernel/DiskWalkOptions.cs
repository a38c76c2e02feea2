// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>How a walk goes.</summary>
internal sealed record DiskWalkOptions
{
    /// <summary>Threads that walk at once; at least 1.</summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>
    /// What was met before: another name of it is not shown. Null: each name is shown. Walks over several file systems
    /// share one.
    /// </summary>
    public HardLinks? Met { get; init; } = new();

    /// <summary>
    /// Says of a folder, by its path, what a visitor wants to know of all that is in it; of what is deeper, too,
    /// unless it is said of a folder there. The second argument is what holds for the folder that it is in.
    /// </summary>
    public Func<byte[], long, long>? Mark { get; init; }

    /// <summary>Ends the walk early.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>
    /// Folders that one worker keeps for later. With more, it goes down into the next at once, and keeps the one above
    /// open meanwhile.
    /// </summary>
    public int FoldersKept { get; init; } = 32_768;
}

/// <summary>What became of a walk.</summary>
internal sealed class DiskWalkResult
{
    private long entries;
    private long vanished;
    private long elsewhere;

    /// <summary>Why the folder to begin with could not be opened; 0 when it was.</summary>
    public int RootErrno { get; set; }

    /// <summary>What could not be looked at.</summary>
    public DiskFaults Faults { get; } = new();

    /// <summary>Names that were met.</summary>
    public long Entries => entries;

    /// <summary>What was gone before it could be looked at.</summary>
    public long Vanished => vanished;

    /// <summary>Places where another file system begins, or this one again: not entered.</summary>
    public long Elsewhere => elsewhere;

    /// <summary>Adds what one worker met. Any thread may.</summary>
    internal void Add(long met, long gone, long others)
    {
        Interlocked.Add(ref entries, met);
        Interlocked.Add(ref vanished, gone);
        Interlocked.Add(ref elsewhere, others);
    }
}
