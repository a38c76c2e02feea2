// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Journal;

/// <summary>What opening the journal had to cut off: what was being written when the crash came.</summary>
/// <param name="BytesCut">Bytes cut off; 0 when the journal ended with a whole block.</param>
/// <param name="File">The file that was cut, or deleted since it held no whole block; null when none was.</param>
/// <param name="Offset">Where the whole blocks of that file end.</param>
/// <param name="FilesDeleted">Files that held no whole block at all.</param>
internal readonly record struct JournalRepair(long BytesCut, string? File, long Offset, int FilesDeleted)
{
    /// <summary>True when anything was cut off.</summary>
    public bool Any => BytesCut > 0 || FilesDeleted > 0;
}
