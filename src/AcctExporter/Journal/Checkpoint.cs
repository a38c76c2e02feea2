// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AcctExporter.Journal;

/// <summary>
/// A checkpoint file: a list of tagged sections, each with its own checksum, so that every room keeps its own and
/// none breaks the others. Sections that this program does not know are kept as they are. Layout:
/// <c>docs/formats/checkpoint.md</c>.
/// </summary>
internal sealed class Checkpoint
{
    /// <summary>The rows of the ledger.</summary>
    public const string LedgerTag = "LDGR";

    /// <summary>The native histograms of the ledger; absent in checkpoints of before.</summary>
    public const string NativesTag = "NATV";

    /// <summary>The block of the journal up to which the other sections reach.</summary>
    public const string PositionTag = "JPOS";

    private const int HeaderSize = 16;
    private const int TagSize = 4;
    private const int SectionHeaderSize = TagSize + 8;
    private const int ChecksumSize = 4;
    private const uint Version = 1;
    private static readonly byte[] Magic = "ACCTCKPT"u8.ToArray();

    private readonly SortedDictionary<string, byte[]> sections = new(StringComparer.Ordinal);

    /// <summary>The bytes of a section, or null when there is none. A tag is four characters of ASCII.</summary>
    public byte[]? this[string tag]
    {
        get => sections.GetValueOrDefault(tag);
        set => sections[IsTag(tag) ? tag : throw new ArgumentException($"'{tag}' is no tag", nameof(tag))] =
            value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Reads a checkpoint; null when there is none.</summary>
    /// <exception cref="StorageFault">It is damaged, or of a newer version.</exception>
    public static Checkpoint? Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        var data = bytes.AsSpan();
        if (data.Length < HeaderSize || !data.StartsWith(Magic))
        {
            throw Damaged(path, "it does not begin like a checkpoint");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(data[8..]);
        if (version != Version)
        {
            throw Damaged(path, $"it has version {version}, and this program knows {Version}");
        }

        var checkpoint = new Checkpoint();
        var count = BinaryPrimitives.ReadUInt32LittleEndian(data[12..]);
        var rest = data[HeaderSize..];
        for (var i = 0; i < count; i++)
        {
            rest = TakeSection(path, rest, checkpoint);
        }

        return rest.IsEmpty ? checkpoint : throw Damaged(path, $"{rest.Length} bytes follow its last section");
    }

    /// <summary>The whole file: for whoever puts it in the place of the old one.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write(Magic);
        var header = output.GetSpan(8);
        BinaryPrimitives.WriteUInt32LittleEndian(header, Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)sections.Count);
        output.Advance(8);
        foreach (var (tag, section) in sections)
        {
            var end = SectionHeaderSize + section.Length;
            var bytes = output.GetSpan(end + ChecksumSize);
            Encoding.ASCII.GetBytes(tag, bytes);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[TagSize..], (ulong)section.Length);
            section.CopyTo(bytes[SectionHeaderSize..]);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[end..], Crc32C.Of(bytes[..end]));
            output.Advance(end + ChecksumSize);
        }

        return output.WrittenSpan.ToArray();
    }

    private static Span<byte> TakeSection(string path, Span<byte> rest, Checkpoint checkpoint)
    {
        if (rest.Length < SectionHeaderSize + ChecksumSize)
        {
            throw Damaged(path, "it is cut short");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(rest[TagSize..]);
        var tag = Encoding.ASCII.GetString(rest[..TagSize]);
        if (length > (ulong)(rest.Length - SectionHeaderSize - ChecksumSize))
        {
            throw Damaged(path, $"its section {tag} is cut short");
        }

        var end = SectionHeaderSize + (int)length;
        if (Crc32C.Of(rest[..end]) != BinaryPrimitives.ReadUInt32LittleEndian(rest[end..]) || !IsTag(tag))
        {
            throw Damaged(path, $"the checksum of its section {tag} is wrong");
        }

        return checkpoint.sections.TryAdd(tag, rest[SectionHeaderSize..end].ToArray())
            ? rest[(end + ChecksumSize)..]
            : throw Damaged(path, $"it has two sections {tag}");
    }

    private static bool IsTag(string tag) => tag.Length == TagSize && !tag.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static StorageFault Damaged(string path, string how) =>
        new($"the checkpoint {path} cannot be used: {how}");
}
