// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>
/// <c>struct nlmsghdr</c>, in the byte order of the machine (<c>include/uapi/linux/netlink.h</c>, netlink(7)).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetlinkHeader
{
    /// <summary>How many bytes the header has.</summary>
    public const int Size = 16;

    /// <summary>Bytes of the message, this header included.</summary>
    public uint Length;

    /// <summary>A generic netlink family, or one of the types below 16 that netlink keeps for itself.</summary>
    public ushort Type;
    public ushort Flags;

    /// <summary>The question's number in its answer. In messages of exits a count for each CPU.</summary>
    public uint Sequence;

    /// <summary>The port of the socket that asked; 0 in messages that nobody asked for.</summary>
    public uint Port;
}

/// <summary>
/// Walks the netlink messages of one datagram. What is no whole message is given as it is, as the last one, so that
/// whoever reads messages judges and counts it.
/// </summary>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> rest = datagram;

    /// <summary>The next message with its header; false after the last.</summary>
    public bool TryNext(out ReadOnlySpan<byte> message)
    {
        message = rest;
        if (rest.IsEmpty)
        {
            return false;
        }

        if (TryReadHeader(rest, out var header))
        {
            message = rest[..(int)header.Length];
            rest = rest[NetlinkAttributes.Aligned(message.Length, rest.Length)..];
            return true;
        }

        rest = default;
        return true;
    }

    /// <summary>Reads a header; false when the bytes do not hold the message that it announces.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> message, out NetlinkHeader header) =>
        MemoryMarshal.TryRead(message, out header)
        && header.Length >= NetlinkHeader.Size && header.Length <= (uint)message.Length;
}
