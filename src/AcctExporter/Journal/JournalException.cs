// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Journal;

/// <summary>
/// The journal is not what it must be, and going on would lose exits without a word. Trying again does not help, which
/// is why it is no <see cref="IOException"/>.
/// </summary>
internal abstract class JournalException(string file, string message) : Exception(message)
{
    /// <summary>The file concerned.</summary>
    public string File { get; } = file;
}

/// <summary>Bytes of the journal that were written whole have changed since.</summary>
internal sealed class JournalDamagedException(string file, long offset, string what) : JournalException(file,
    $"journal file {file} is damaged at byte {offset}: {what}. Good blocks may follow, so nothing was cut off. Look at "
    + "the disk first. Then put the file back from a backup, or move it and every newer journal file away: the exits "
    + "in them leave the reports, and what no checkpoint covers is lost.")
{
    /// <summary>Where the first bad block begins.</summary>
    public long Offset { get; } = offset;
}

/// <summary>Blocks are missing between two that are there.</summary>
internal sealed class JournalGapException(string file, ulong expected, ulong found) : JournalException(file,
    $"the journal lacks blocks {expected} to {found - 1}: {file} begins with block {found}. A journal file is missing. "
    + "Put it back, or start from a checkpoint that covers the missing blocks.")
{
    /// <summary>The first missing block.</summary>
    public ulong Expected { get; } = expected;

    /// <summary>The block that is there in its stead.</summary>
    public ulong Found { get; } = found;
}

/// <summary>A newer release wrote this file in a format that this one cannot read.</summary>
internal sealed class JournalVersionException(string file, string what) : JournalException(file,
    $"journal file {file} was written by a newer release: {what}. Run that release or a newer one, or give this one "
    + "another storage folder.");
