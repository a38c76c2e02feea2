// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Runacct;

/// <summary>What a disk run looks at, and how it charges.</summary>
internal sealed record DiskRunOptions
{
    /// <summary>
    /// Folders or mounted devices; none: those of the settings, and without these every local file system that is
    /// mounted to be written to.
    /// </summary>
    public IReadOnlyList<byte[]> Paths { get; init; } = [];

    /// <summary>
    /// From the named folders, or from <c>/</c>, also the local file systems that are mounted below (<c>-o</c>).
    /// </summary>
    public bool CrossesMounts { get; init; }

    /// <summary>
    /// By the rule of AIX: each name of a file costs the user in whose login directory it is a share.
    /// </summary>
    public bool LinkShare { get; init; }

    /// <summary>
    /// Owners without a name are charged with nothing, as ever; else they are charged by their number.
    /// </summary>
    public bool Compat { get; init; }
}

/// <summary>How a disk run ended.</summary>
internal enum DiskRunResult
{
    /// <summary>The files are written.</summary>
    Done,

    /// <summary>They are, but some of the disks could not be looked at.</summary>
    WithFaults,

    /// <summary>Another is at work; nothing was done.</summary>
    Locked,

    /// <summary>
    /// A file system could not be walked at all, or a file not be written: what was there before stands.
    /// </summary>
    Failed,
}
