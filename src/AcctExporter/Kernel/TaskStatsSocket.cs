// SPDX-License-Identifier: Apache-2.0

namespace AcctExporter.Kernel;

/// <summary>
/// The exits of all threads of the host, a message each (<c>kernel/taskstats.c</c>): a socket of generic netlink that
/// is registered for all CPUs. A thread that ends never waits for us: what finds no room is dropped, and counted.
/// </summary>
internal sealed class TaskStatsSocket : ITaskStatsQueue, IDisposable
{
    /// <summary>All CPUs that there can ever be, so that CPUs may come and go.</summary>
    private const string PossibleCpus = "/sys/devices/system/cpu/possible";

    private const byte GetCommand = 1; // TASKSTATS_CMD_GET
    private const ushort RegisterCpus = 3; // TASKSTATS_CMD_ATTR_REGISTER_CPUMASK

    private readonly NetlinkSocket socket;

    private TaskStatsSocket(NetlinkSocket socket, ushort family, int receiveBufferBytes)
    {
        this.socket = socket;
        Family = family;
        ReceiveBufferBytes = receiveBufferBytes;
    }

    /// <inheritdoc/>
    public ushort Family { get; }

    /// <summary>How much may wait, as the kernel counts it; see <see cref="NetlinkSocket.SetReceiveBuffer"/>.</summary>
    public int ReceiveBufferBytes { get; }

    /// <summary>For <see cref="Waiter"/>.</summary>
    public NetlinkSocket Socket => socket;

    /// <inheritdoc cref="NetlinkSocket.Drops"/>
    public ulong Drops => socket.Drops;

    /// <inheritdoc/>
    public uint QueuedBytes => socket.QueuedBytes;

    /// <summary>Opens a socket and registers it. Threads that end from now on are told of.</summary>
    /// <param name="receiveBufferBytes">
    /// How much may wait; the kernel doubles it. A single exit takes 640 of these bytes.
    /// </param>
    /// <param name="fault">When null is returned: why.</param>
    public static TaskStatsSocket? TryOpen(int receiveBufferBytes, out TaskStatsFault fault)
    {
        if (CpuList(PossibleCpus, out fault) is not { } cpus)
        {
            return null;
        }

        var socket = NetlinkSocket.TryOpen(NetlinkSocket.Generic, groups: 0, out var errno);
        if (socket is null)
        {
            fault = TaskStatsFault.OfOpening(errno);
            return null;
        }

        var size = socket.SetReceiveBuffer(receiveBufferBytes);
        errno = GenericNetlink.Find(socket, "TASKSTATS\0"u8, out var family);
        fault = errno == 0 ? default : TaskStatsFault.OfFinding(errno);
        if (errno == 0)
        {
            errno = GenericNetlink.Do(socket, family, GetCommand, RegisterCpus, cpus);
            fault = errno == 0 ? default : TaskStatsFault.OfRegistering(errno);
        }

        if (errno == 0)
        {
            return new(socket, family, size);
        }

        socket.Dispose();
        return null;
    }

    /// <summary>Takes over a registered socket: the registration is the socket's and not the program's.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="family">What <see cref="Family"/> was.</param>
    /// <param name="receiveBufferBytes">What <see cref="ReceiveBufferBytes"/> was.</param>
    public static TaskStatsSocket TakeOver(NetlinkSocket socket, ushort family, int receiveBufferBytes) =>
        new(socket, family, receiveBufferBytes);

    /// <inheritdoc/>
    public DrainStep Receive() => socket.Receive();

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Datagram(int index) => socket.Datagram(index);

    /// <summary>The kernel notices at the next exit, and forgets the registration.</summary>
    public void Dispose() => socket.Dispose();

    /// <summary><c>0-3</c> and a NUL: without it the kernel takes the last character for one.</summary>
    private static byte[]? CpuList(string path, out TaskStatsFault fault)
    {
        fault = default;
        try
        {
            return CString.Of(File.ReadAllText(path).Trim());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault = new(
                TaskStatsObstacle.NoCpuList, error is UnauthorizedAccessException ? Errno.EACCES : Errno.ENOENT);
            return null;
        }
    }
}
