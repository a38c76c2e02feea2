// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>What one look at a socket gave.</summary>
internal enum DrainResult : byte
{
    /// <summary>Nothing waits, and the kernel may add again if it had stopped.</summary>
    Empty,

    /// <summary>Datagrams, to be read before the next look.</summary>
    Batch,

    /// <summary>
    /// ENOBUFS: the queue was full, and datagrams were dropped <em>behind</em> all that wait in it. More are dropped
    /// until it is empty (net/netlink/af_netlink.c, netlink_overrun and netlink_rcv_wake): go on without delay.
    /// </summary>
    Overflow,
}

/// <summary>What one look at a socket gave.</summary>
/// <param name="Result">Which of three.</param>
/// <param name="Count">Datagrams of a batch; else 0.</param>
internal readonly record struct DrainStep(DrainResult Result, int Count);

/// <summary>
/// A socket to a part of the kernel that sends of its own accord (netlink(7)): taskstats, the process connector. Only
/// the kernel and whoever has CAP_NET_ADMIN can send to it. One thread at a time; nothing is allocated by a look.
/// </summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    /// <summary>NETLINK_GENERIC.</summary>
    public const int Generic = 16;

    /// <summary>
    /// Datagrams in one system call: what comes in some milliseconds of a storm. Most of the cost is the kernel's, for
    /// each datagram: 0.9 to 1.3 microseconds in batches of 64, 1.2 to 1.9 one at a time.
    /// </summary>
    public const int BatchSize = 64;

    /// <summary>
    /// Room for one datagram. The largest known is 1,428 bytes: an exit of taskstats version 17 with its group. What is
    /// cut off (MSG_TRUNC) announces more bytes than it has, so its reader rejects it. All room is 128 KiB.
    /// </summary>
    public const int DatagramSize = 2048;

    /// <summary>
    /// More than one datagram of <see cref="DatagramSize"/> counts for in <see cref="QueuedBytes"/>: its bytes rounded
    /// up
    /// to the allocator's next size, and the kernel's own structures.
    /// </summary>
    public const int LargestCharge = 2 * DatagramSize;

    private const ushort Family = 16; // AF_NETLINK
    private const int Raw = 3;
    private const int DoNotWait = 0x40;

    private const int SocketLevel = 1;
    private const int ReceiveBuffer = 8;
    private const int ReceiveBufferForce = 33;
    private const int MemoryInfo = 55;

    /// <summary>SK_MEMINFO_VARS of include/uapi/linux/sock_diag.h, and two places in it.</summary>
    private const int MemoryWords = 9;
    private const int AllocatedWord = 0;
    private const int DropsWord = 8;

    private readonly SafeFileHandle handle;

    // Pinned: the kernel is given their addresses at every look.
    private readonly byte[] room = GC.AllocateUninitializedArray<byte>(BatchSize * DatagramSize, pinned: true);
    private readonly IoVector[] vectors = GC.AllocateArray<IoVector>(BatchSize, pinned: true);
    private readonly MultipleMessage[] messages = GC.AllocateArray<MultipleMessage>(BatchSize, pinned: true);

    private int count;
    private uint lastDrops;
    private ulong drops;

    private NetlinkSocket(SafeFileHandle handle)
    {
        this.handle = handle;
        for (var i = 0; i < BatchSize; i++)
        {
            vectors[i] = new()
            {
                Start = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(room, i * DatagramSize),
                Length = DatagramSize,
            };
            messages[i] = new()
            {
                Vectors = (IoVector*)Marshal.UnsafeAddrOfPinnedArrayElement(vectors, i),
                VectorCount = 1,
            };
        }
    }

    /// <summary>Readable when datagrams wait, or the word that some were dropped: for <see cref="Waiter"/>.</summary>
    public SafeHandle Handle => handle;

    /// <summary>
    /// Datagrams that the kernel has dropped on this socket since it was opened, exactly. Each question is a system
    /// call. 0 before Linux 4.12, which does not tell.
    /// </summary>
    public ulong Drops
    {
        get
        {
            // 32 bits that wrap.
            var now = Memory(DropsWord);
            drops += unchecked(now - lastDrops);
            lastDrops = now;
            return drops;
        }
    }

    /// <summary>
    /// Memory of the datagrams that wait, as the kernel counts it: more than their bytes. 0 before Linux 4.12.
    /// </summary>
    public uint QueuedBytes => Memory(AllocatedWord);

    /// <summary>Opens and binds a socket that never blocks.</summary>
    /// <param name="protocol">The part of the kernel: <see cref="Generic"/>, or another of netlink(7).</param>
    /// <param name="groups">The multicast groups of that part to hear, a bit each; 0 for none.</param>
    /// <param name="errno">When null is returned: why.</param>
    public static NetlinkSocket? TryOpen(int protocol, uint groups, out int errno)
    {
        var descriptor = Libc.socket(Family, Raw | Libc.CloseOnExec | Libc.NonBlocking, protocol);
        if (descriptor < 0)
        {
            errno = Errno.Last;
            return null;
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var address = new NetlinkAddress { Family = Family, Groups = groups };
        if (Libc.bind(descriptor, &address, (uint)sizeof(NetlinkAddress)) != 0)
        {
            errno = Errno.Last;
            handle.Dispose();
            return null;
        }

        errno = 0;
        return new(handle);
    }

    /// <summary>
    /// Takes over a socket that <see cref="TryOpen"/> made before this process became another program; null when the
    /// descriptor is none of that protocol.
    /// </summary>
    public static NetlinkSocket? TryTakeOver(int descriptor, int protocol) =>
        InheritedDescriptor.TryTakeSocket(descriptor, Family, protocol)
            ? new(new SafeFileHandle(descriptor, ownsHandle: true)) : null;

    /// <summary>
    /// Forgets what waits, and what was dropped: as if the socket had been opened now. The kernel, which adds nothing
    /// after an overflow until all is taken, goes on.
    /// </summary>
    public void Discard()
    {
        while (Receive().Result != DrainResult.Empty)
        {
            // It was sent before anybody listened.
        }

        lastDrops = Memory(DropsWord);
        drops = 0;
    }

    /// <summary>
    /// Sets how much may wait. With CAP_NET_ADMIN of the initial user namespace as much as asked; without, at most
    /// net.core.rmem_max.
    /// </summary>
    /// <returns>
    /// What was set, as the kernel counts it: twice what was asked for. A single exit of taskstats takes 1,280 bytes of
    /// it.
    /// </returns>
    public int SetReceiveBuffer(int bytes)
    {
        using var descriptor = new BorrowedDescriptor(handle);
        if (Libc.setsockopt(descriptor.Number, SocketLevel, ReceiveBufferForce, &bytes, sizeof(int)) != 0)
        {
            _ = Libc.setsockopt(descriptor.Number, SocketLevel, ReceiveBuffer, &bytes, sizeof(int));
        }

        var set = 0;
        var size = (uint)sizeof(int);
        _ = Libc.getsockopt(descriptor.Number, SocketLevel, ReceiveBuffer, &set, &size);
        return set;
    }

    /// <summary>
    /// Sends to the kernel, which has acted when this returns: what it answers is in the queue already.
    /// </summary>
    /// <returns>0, or the errno.</returns>
    public int Send(ReadOnlySpan<byte> message)
    {
        using var descriptor = new BorrowedDescriptor(handle);
        fixed (byte* bytes = message)
        {
            return Libc.send(descriptor.Number, bytes, (nuint)message.Length, 0) >= 0 ? 0 : Errno.Last;
        }
    }

    /// <summary>Takes what waits, without waiting for more. The datagrams of the look before are gone.</summary>
    /// <param name="most">At most so many, from 1 to <see cref="BatchSize"/>.</param>
    /// <exception cref="IOException">The socket is broken; no such error is known.</exception>
    public DrainStep Receive(int most = BatchSize)
    {
        using var descriptor = new BorrowedDescriptor(handle);
        fixed (MultipleMessage* first = messages)
        {
            most = Math.Clamp(most, 1, BatchSize);
            count = Math.Max(0, Libc.recvmmsg(descriptor.Number, first, (uint)most, DoNotWait, null));
        }

        if (count > 0)
        {
            return new(DrainResult.Batch, count);
        }

        var errno = Errno.Last;
        return errno switch
        {
            Errno.EAGAIN => new(DrainResult.Empty, 0),
            Errno.ENOBUFS => new(DrainResult.Overflow, 0),
            _ => throw Errno.Fault("receive from", "netlink", errno),
        };
    }

    /// <summary>One datagram of the last batch, as long as no other look is taken.</summary>
    public ReadOnlySpan<byte> Datagram(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count);
        return room.AsSpan(index * DatagramSize, (int)messages[index].Length);
    }

    public void Dispose() => handle.Dispose();

    private uint Memory(int word)
    {
        using var descriptor = new BorrowedDescriptor(handle);
        var words = stackalloc uint[MemoryWords];
        var size = (uint)(MemoryWords * sizeof(uint));
        new Span<uint>(words, MemoryWords).Clear();
        _ = Libc.getsockopt(descriptor.Number, SocketLevel, MemoryInfo, words, &size);
        return words[word];
    }
}
