// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// A file, a folder or anything else with a name, met by a walk. Good during the call that is given it.
/// </summary>
internal readonly ref struct DiskEntry
{
    private readonly DiskFolder folder;
    private readonly ReadOnlySpan<byte> name;

    /// <summary>What is so called in a folder.</summary>
    /// <param name="folder">The folder; for a folder the walk began with, itself.</param>
    /// <param name="name">The name; empty for the folder that the walk began with.</param>
    /// <param name="state">What it is.</param>
    public DiskEntry(DiskFolder folder, ReadOnlySpan<byte> name, in FileState state)
    {
        this.folder = folder;
        this.name = name;
        State = state;
    }

    /// <summary>What it is.</summary>
    public FileState State { get; }

    /// <summary>What was said of the folder it is in.</summary>
    public long Mark { get; init; }

    /// <summary>Its path, made anew.</summary>
    public byte[] Path() => folder.Path(name);
}

/// <summary>Is shown what a walk meets, by one thread only.</summary>
internal delegate void DiskVisit(in DiskEntry entry);
