// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Buffers.Text;

namespace AcctExporter.Records;

/// <summary>
/// The remote address of a login record as text: IPv4 with dots, IPv6 in the short form of inet_ntop(3) (RFC 5952).
/// </summary>
internal static class AddressText
{
    /// <summary>Bytes that any address fits in.</summary>
    public const int LongestBytes = 46;

    /// <summary>
    /// The four bytes of an IPv4 address: one with zeros after it, which no address (all zeros) is as well, or one in
    /// the form <c>::ffff:192.0.2.1</c>. Nothing for IPv6.
    /// </summary>
    /// <param name="address">The 16 bytes of the record.</param>
    public static ReadOnlySpan<byte> IPv4(ReadOnlySpan<byte> address)
    {
        if (!address[4..16].ContainsAnyExcept((byte)0))
        {
            return address[..4];
        }

        return IsMapped(address) ? address[12..16] : default;
    }

    /// <summary>Writes it.</summary>
    /// <param name="address">The 16 bytes of the record.</param>
    /// <param name="destination">At least <see cref="LongestBytes"/>.</param>
    /// <returns>How many bytes it took.</returns>
    public static int Write(ReadOnlySpan<byte> address, Span<byte> destination)
    {
        var four = IPv4(address);
        return four.IsEmpty ? WriteIPv6(address, destination) : WriteIPv4(four, destination);
    }

    private static bool IsMapped(ReadOnlySpan<byte> address) =>
        !address[..10].ContainsAnyExcept((byte)0) && address[10] == 0xff && address[11] == 0xff;

    private static int WriteIPv4(ReadOnlySpan<byte> four, Span<byte> destination)
    {
        var at = 0;
        for (var i = 0; i < 4; i++)
        {
            if (i > 0)
            {
                destination[at++] = (byte)'.';
            }

            Utf8Formatter.TryFormat(four[i], destination[at..], out var written);
            at += written;
        }

        return at;
    }

    private static int WriteIPv6(ReadOnlySpan<byte> address, Span<byte> destination)
    {
        var (zeros, count) = LongestZeros(address);
        var at = 0;
        for (var i = 0; i < 8; i++)
        {
            if (i == zeros)
            {
                destination[at++] = (byte)':';
                i += count - 1;
                if (i == 7)
                {
                    destination[at++] = (byte)':';
                }

                continue;
            }

            if (i > 0)
            {
                destination[at++] = (byte)':';
            }

            // ::192.0.2.1, an old way to write IPv4: with no words before it.
            if (i == 6 && zeros == 0 && count == 6)
            {
                return at + WriteIPv4(address[12..16], destination[at..]);
            }

            Utf8Formatter.TryFormat(
                (uint)BinaryPrimitives.ReadUInt16BigEndian(address[(2 * i)..]), destination[at..], out var written,
                new System.Buffers.StandardFormat('x'));
            at += written;
        }

        return at;
    }

    /// <summary>The first of the longest runs of zero words, when it has two at least.</summary>
    private static (int Start, int Count) LongestZeros(ReadOnlySpan<byte> address)
    {
        var (best, bestCount) = (-1, 1);
        for (var i = 0; i < 8; i++)
        {
            var start = i;
            while (i < 8 && address[2 * i] == 0 && address[(2 * i) + 1] == 0)
            {
                i++;
            }

            if (i - start > bestCount)
            {
                (best, bestCount) = (start, i - start);
            }
        }

        return (best, best < 0 ? 0 : bestCount);
    }
}
