// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>
/// Walks netlink attributes, <c>struct nlattr</c>: 2 bytes of length with this header, 2 of type, what it says, and
/// zeros up to a multiple of 4 (<c>include/uapi/linux/netlink.h</c>).
/// </summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> attributes)
{
    /// <summary>How many bytes stand before the payload.</summary>
    public const int HeaderSize = 4;

    /// <summary>The two bits above are flags: nested, and byte order of the network.</summary>
    private const ushort TypeMask = 0x3fff;

    private ReadOnlySpan<byte> rest = attributes;

    /// <summary>What was given does not end with an attribute's end.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>The next attribute; false after the last, or where <see cref="IsMalformed"/>.</summary>
    public bool TryNext(out ushort type, out ReadOnlySpan<byte> payload)
    {
        type = 0;
        payload = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        var length = rest.Length < HeaderSize ? 0 : MemoryMarshal.Read<ushort>(rest);
        if (length < HeaderSize || length > rest.Length)
        {
            IsMalformed = true;
            return false;
        }

        type = (ushort)(MemoryMarshal.Read<ushort>(rest[sizeof(ushort)..]) & TypeMask);
        payload = rest[HeaderSize..length];
        rest = rest[Aligned(length, rest.Length)..];
        return true;
    }

    /// <summary><paramref name="length"/> with its padding; the padding of the last may be missing.</summary>
    internal static int Aligned(int length, int room) => Math.Min((length + 3) & ~3, room);
}
