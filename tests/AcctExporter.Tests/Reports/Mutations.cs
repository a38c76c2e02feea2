// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using AcctExporter.Records;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// Files with damage of every kind, made of good ones: the same for the same seed.
/// </summary>
/// <param name="sources">The good ones.</param>
/// <param name="sizes">Sizes of a record.</param>
/// <param name="places">Where a record of either size has numbers.</param>
internal sealed class Mutations(byte[][] sources, int[] sizes, int[] places)
{
    private const int MostBytes = 12_000;

    private static readonly long[] Extremes =
        [0, 1, -1, 127, 255, 0x7fff, 0xffff, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];

    /// <summary>Login files, made of the fixtures and of good records in every layout.</summary>
    public static Mutations OfWtmp() => new(
        [
            .. WtmpFixture.Names.Select(WtmpFixture.Bytes).Where(bytes => bytes.Length <= MostBytes),
            .. WtmpFixture.AllLayouts.Select(layout => WtmpFixture.Made(8, layout)),
            [],
        ],
        [UtmpLayout.NarrowSize, UtmpLayout.WideSize], [0, 4, 332, 334, 336, 340, 344, 352]);

    /// <summary>Accounting files, made of the fixtures and of generated ones, some with damage of their own.</summary>
    public static Mutations OfPacct() => new(
        [
            .. PacctFixture.Names.Select(name => PacctFixture.Bytes(name + ".pacct"))
                .Where(bytes => bytes.Length <= MostBytes),
            .. Enumerable.Range(0, 40).Select(seed => PacctFile.Of((ulong)seed, records: 12).Bytes),
            .. Enumerable.Range(0, 9).Select(kind => PacctFile.Of(1, (PacctDamage)(1 << kind)).Bytes),
            .. Enumerable.Range(50, 4).Select(seed => Packed(PacctFile.Of((ulong)seed, records: 90).Bytes)),
            [],
        ],
        [AcctRecord.Size, AcctRecord.SizeV1], [0, 1, 2, 4, 8, 16, 24, 28, 30, 32, 36, 53, 56]);

    /// <summary>Bytes as gzip packs them.</summary>
    public static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, CompressionLevel.Fastest))
        {
            packer.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>The file of a seed.</summary>
    public byte[] Of(int seed)
    {
        var random = new Random(seed);
        var bytes = sources[random.Next(sources.Length)];
        // Short ones too: most of the work of a run is reading.
        bytes = bytes.AsSpan(0, Math.Min(bytes.Length, sizes[0] * random.Next(1, 13))).ToArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            bytes = Changed(bytes, random);
        }

        return bytes.Length <= MostBytes ? bytes : bytes[..MostBytes];
    }

    private byte[] Changed(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var length = random.Next(Math.Min(bytes.Length - at, 1 << random.Next(11)) + 1);
        switch (random.Next(9))
        {
            case 0:
                return [.. bytes.AsSpan(0, at)];
            case 1:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
            case 2:
                var put = new byte[random.Next(500)];
                random.NextBytes(put.AsSpan(0, random.Next(put.Length + 1)));
                return [.. bytes.AsSpan(0, at), .. put, .. bytes.AsSpan(at)];
            case 3:
                var other = sources[random.Next(sources.Length)];
                return [.. bytes.AsSpan(0, at), .. other.AsSpan(random.Next(other.Length + 1))];
            case 4:
                return [.. bytes.AsSpan(0, at + length), .. bytes.AsSpan(at, length), .. bytes.AsSpan(at + length)];
            case 5:
                random.NextBytes(bytes.AsSpan(at, length));
                return bytes;
            case 6:
                bytes.AsSpan(at, length).Fill((byte)(random.Next(2) * 255));
                return bytes;
            case 7 when bytes.Length >= sizes.Max() + 8:
                Extreme(bytes, random);
                return bytes;
            default:
                for (var flips = bytes.Length == 0 ? 0 : random.Next(1, 9); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
        }
    }

    /// <summary>A number that is too much, where a record of either size has one.</summary>
    private void Extreme(byte[] bytes, Random random)
    {
        var size = sizes[random.Next(sizes.Length)];
        var slot = size * random.Next(bytes.Length / size);
        var at = Math.Min(slot + places[random.Next(places.Length)], bytes.Length - 8);
        BitConverter.TryWriteBytes(bytes.AsSpan(at), Extremes[random.Next(Extremes.Length)]);
    }
}
