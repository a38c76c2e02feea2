// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Journal;

/// <summary>
/// A block as it stands in its file, checked but not unpacked: what one thread reads and another decodes. One object is
/// filled over and over, and allocates nothing once it has grown.
/// </summary>
internal sealed class JournalFrame
{
    private byte[] bytes = [];
    private BlockHeader header;
    private string file = "";
    private long offset;

    /// <summary>Number of the block.</summary>
    public ulong Sequence => header.Sequence;

    /// <summary>Exits in it.</summary>
    public int Count => header.Count;

    /// <summary>Wall clock when it was counted, in microseconds since 1970.</summary>
    public long UnixMicroseconds => header.UnixMicroseconds;

    /// <summary>Takes a copy of a whole block.</summary>
    public void Set(in BlockHeader newHeader, ReadOnlySpan<byte> frame, string path, long at)
    {
        if (bytes.Length < frame.Length)
        {
            bytes = new byte[frame.Length * 2];
        }

        frame.CopyTo(bytes);
        (header, file, offset) = (newHeader, path, at);
    }

    /// <summary>Unpacks it.</summary>
    /// <exception cref="JournalException">Its parts do not fit together, or a newer release wrote it.</exception>
    public void Decode(BlockDecoder decoder, JournalBlock into) =>
        Check(decoder.Decode(header, bytes.AsSpan(0, header.Length), into), header.Sequence, file, offset);

    /// <summary>Throws what a status says of a block.</summary>
    public static void Check(PayloadStatus status, ulong sequence, string file, long offset)
    {
        switch (status)
        {
            case PayloadStatus.Malformed:
                throw new JournalDamagedException(
                    file, offset, $"the parts of block {sequence} do not fit together");
            case PayloadStatus.Newer:
                throw new JournalVersionException(
                    file, $"block {sequence} has parts that this release does not know");
            case PayloadStatus.Ok:
                break;
        }
    }
}
