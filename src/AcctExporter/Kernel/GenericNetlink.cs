// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Kernel;

/// <summary>
/// Questions to families of generic netlink, and their answers (<c>include/uapi/linux/genetlink.h</c>): each question
/// is one command with one attribute.
/// </summary>
internal static class GenericNetlink
{
    /// <summary>GENL_ID_CTRL: the family that knows all families.</summary>
    public const ushort Controller = 16;

    /// <summary>CTRL_CMD_GETFAMILY.</summary>
    public const byte GetFamily = 3;

    /// <summary>CTRL_ATTR_FAMILY_NAME: a name with a NUL.</summary>
    public const ushort FamilyName = 2;

    /// <summary>NLM_F_REQUEST: the answer is what was asked for, or an error.</summary>
    public const ushort Request = 1;

    /// <summary>NLM_F_REQUEST and NLM_F_ACK: the answer is an errno, 0 for done.</summary>
    public const ushort RequestAcknowledged = 5;

    private const ushort FamilyId = 1; // CTRL_ATTR_FAMILY_ID
    private const ushort ErrorType = 2; // NLMSG_ERROR
    private const int GenericHeaderSize = 4;
    private const int BodyStart = NetlinkHeader.Size + GenericHeaderSize;

    /// <summary>A question as bytes.</summary>
    public static byte[] Question(
        ushort family, ushort flags, uint sequence, byte command, ushort attribute, ReadOnlySpan<byte> value)
    {
        const int valueStart = BodyStart + NetlinkAttributes.HeaderSize;
        var message = new byte[(valueStart + value.Length + 3) & ~3];
        var header = new NetlinkHeader
        {
            Length = (uint)message.Length, Type = family, Flags = flags, Sequence = sequence,
        };
        MemoryMarshal.Write(message, header);
        message[NetlinkHeader.Size] = command;
        message[NetlinkHeader.Size + 1] = 1; // version
        MemoryMarshal.Write(message.AsSpan(BodyStart), (ushort)(NetlinkAttributes.HeaderSize + value.Length));
        MemoryMarshal.Write(message.AsSpan(BodyStart + sizeof(ushort)), attribute);
        value.CopyTo(message.AsSpan(valueStart));
        return message;
    }

    /// <summary>Asks for a family's number.</summary>
    /// <param name="socket">A socket of generic netlink.</param>
    /// <param name="name">With a NUL.</param>
    /// <param name="family">The number; 0 when there is an error.</param>
    /// <returns>0, or the errno: ENOENT where there is no such family.</returns>
    public static int Find(NetlinkSocket socket, ReadOnlySpan<byte> name, out ushort family)
    {
        const uint sequence = 1;
        return Ask(socket, Question(Controller, Request, sequence, GetFamily, FamilyName, name), sequence, out family);
    }

    /// <summary>Has a family do something, and waits for its acknowledgement.</summary>
    /// <returns>0, or the errno.</returns>
    public static int Do(
        NetlinkSocket socket, ushort family, byte command, ushort attribute, ReadOnlySpan<byte> value)
    {
        const uint sequence = 2;
        var question = Question(family, RequestAcknowledged, sequence, command, attribute, value);
        return Ask(socket, question, sequence, out _);
    }

    /// <summary>True when a message answers the question of that number.</summary>
    /// <param name="message">A whole message, or any bytes.</param>
    /// <param name="sequence">Of the question. Exits have numbers of their own, and are no answer.</param>
    /// <param name="errno">0 for done.</param>
    /// <param name="family">The number that a family has, when that was asked for; else 0.</param>
    public static bool TryReadAnswer(ReadOnlySpan<byte> message, uint sequence, out int errno, out ushort family)
    {
        errno = 0;
        family = 0;
        if (!NetlinkMessages.TryReadHeader(message, out var header) || header.Sequence != sequence)
        {
            return false;
        }

        var body = message[NetlinkHeader.Size..(int)header.Length];
        if (header.Type == ErrorType && MemoryMarshal.TryRead(body, out int negative))
        {
            errno = -negative;
            return true;
        }

        if (header.Type != Controller || body.Length < GenericHeaderSize)
        {
            return false;
        }

        var attributes = new NetlinkAttributes(body[GenericHeaderSize..]);
        while (attributes.TryNext(out var type, out var payload))
        {
            if (type == FamilyId && MemoryMarshal.TryRead(payload, out family))
            {
                return true;
            }
        }

        return false;
    }

    private static int Ask(NetlinkSocket socket, byte[] question, uint sequence, out ushort family)
    {
        family = 0;
        var errno = socket.Send(question);
        if (errno != 0)
        {
            return errno;
        }

        // One at a time: what came behind the answer stays in the queue for who reads exits.
        while (true)
        {
            var step = socket.Receive(most: 1);
            if (step.Result == DrainResult.Empty)
            {
                // The kernel answers before the question's send returns; so the answer was dropped by an overflow.
                return Errno.ENOBUFS;
            }

            if (step.Result == DrainResult.Batch
                && TryReadAnswer(socket.Datagram(0), sequence, out errno, out family))
            {
                return errno;
            }
        }
    }
}
