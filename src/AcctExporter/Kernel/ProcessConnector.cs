// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Kernel;

/// <summary>
/// Forks, execs and ends of all processes of the host, a message each (<c>drivers/connector/cn_proc.c</c>). A process
/// never waits for us: what finds no room is dropped.
/// </summary>
internal sealed class ProcessConnector : IDisposable
{
    /// <summary>NETLINK_CONNECTOR.</summary>
    public const int Protocol = 11;

    private const ushort DoneType = 3; // NLMSG_DONE
    private const uint Listen = 1; // PROC_CN_MCAST_LISTEN
    private const int MessageHeaderSize = 20; // struct cn_msg

    private readonly NetlinkSocket socket;

    private ProcessConnector(NetlinkSocket socket) => this.socket = socket;

    /// <summary>For <see cref="Waiter"/>.</summary>
    public NetlinkSocket Socket => socket;

    /// <summary>
    /// True when the kernel leaves out what is not asked for (since 6.6); else all kinds of events come, many more.
    /// </summary>
    public bool IsFiltered { get; private set; }

    /// <summary>
    /// Opens a socket, asks for events, and proves with a short child of our own that they come, and bear the pids that
    /// we know. Events of what forks from now on come; those until the proof are passed over.
    /// </summary>
    /// <param name="receiveBufferBytes">How much may wait; the kernel doubles it. An event takes some 400 of
    /// these bytes.</param>
    /// <param name="fault">When null is returned: why.</param>
    public static ProcessConnector? TryOpen(int receiveBufferBytes, out ProcessConnectorFault fault)
    {
        var socket = NetlinkSocket.TryOpen(Protocol, ProcessEvent.Connector, out var errno);
        if (socket is null)
        {
            fault = ProcessConnectorFault.Of(errno);
            return null;
        }

        var connector = new ProcessConnector(socket);
        socket.SetReceiveBuffer(receiveBufferBytes);

        // Kernels before 6.6 pass over a request for some kinds only, without a word: then for all.
        connector.IsFiltered = connector.Gives([Listen, ProcessEvent.Wanted], out errno);
        if (connector.IsFiltered || (errno == 0 && connector.Gives([Listen], out errno)))
        {
            fault = default;
            return connector;
        }

        fault = errno == 0 ? new(ProcessConnectorObstacle.Silent, 0) : ProcessConnectorFault.Of(errno);
        connector.Dispose();
        return null;
    }

    /// <summary>Takes over a socket to which events come already.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="isFiltered">What <see cref="IsFiltered"/> was.</param>
    public static ProcessConnector TakeOver(NetlinkSocket socket, bool isFiltered) =>
        new(socket) { IsFiltered = isFiltered };

    /// <inheritdoc cref="NetlinkSocket.Receive"/>
    public DrainStep Receive() => socket.Receive();

    /// <summary>One message of the last batch; a connector message is alone in its datagram.</summary>
    public ProcessEvent Event(int index) => EventOf(socket.Datagram(index));

    /// <summary>The kernel notices, and stops sending when nobody else listens.</summary>
    public void Dispose() => socket.Dispose();

    /// <summary>
    /// True when events come after this request. Its answer proves nothing: the kernel filters it out like any event
    /// that was not asked for.
    /// </summary>
    private bool Gives(ReadOnlySpan<uint> request, out int errno)
    {
        errno = socket.Send(Request(request));
        if (errno != 0)
        {
            return false;
        }

        errno = ShortChild.Run(out var child);
        return errno == 0 && Find((uint)child);
    }

    /// <summary>
    /// Takes what waits until the fork of a process is met. The kernel sends before the call that caused it returns, so
    /// nothing is waited for.
    /// </summary>
    private bool Find(uint child)
    {
        while (true)
        {
            var step = socket.Receive();
            if (step.Result == DrainResult.Empty)
            {
                return false;
            }

            for (var i = 0; i < step.Count; i++)
            {
                var happened = Event(i);
                if (happened.Kind == ProcessEventKind.Fork && happened.Process == child)
                {
                    return true;
                }
            }
        }
    }

    private static ProcessEvent EventOf(ReadOnlySpan<byte> datagram) =>
        NetlinkMessages.TryReadHeader(datagram, out var header)
            ? ProcessEvent.Read(datagram[NetlinkHeader.Size..(int)header.Length])
            : default;

    /// <summary><c>struct nlmsghdr</c>, <c>struct cn_msg</c>, and words behind them.</summary>
    private static byte[] Request(ReadOnlySpan<uint> words)
    {
        var data = MemoryMarshal.AsBytes(words);
        var message = new byte[NetlinkHeader.Size + MessageHeaderSize + data.Length];
        MemoryMarshal.Write(message, new NetlinkHeader { Length = (uint)message.Length, Type = DoneType });
        var body = message.AsSpan(NetlinkHeader.Size);
        MemoryMarshal.Write(body, ProcessEvent.Connector);
        MemoryMarshal.Write(body[4..], ProcessEvent.Connector);
        MemoryMarshal.Write(body[16..], (ushort)data.Length);
        data.CopyTo(body[MessageHeaderSize..]);
        return message;
    }
}
