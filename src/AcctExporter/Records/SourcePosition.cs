// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>Where in which accounting file a block of counted exits ends: from here the next exit is read.</summary>
/// <param name="BootId">Boot id of the kernel that wrote the file.</param>
/// <param name="Segment">Sequence number of the segment, never used again.</param>
/// <param name="Fingerprint">Fingerprint of the segment's first record; 0 while it has none, or none is known.</param>
/// <param name="Offset">Bytes of the segment that are counted.</param>
internal readonly record struct SourcePosition(Guid BootId, ulong Segment, ulong Fingerprint, ulong Offset)
{
    private const ulong EndOfFinished = ulong.MaxValue;

    /// <summary>
    /// True when the segment is counted to its end and none follows it: accounting was off, or another's.
    /// </summary>
    public bool IsFinished => Offset == EndOfFinished;

    /// <summary>The same segment, counted to its end, with none that follows it.</summary>
    public SourcePosition Finished() => this with { Offset = EndOfFinished };
}
