// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// Where the messages of threads that ended wait. The kernel's socket is one, a tape of what such a socket gave the
/// other.
/// </summary>
internal interface ITaskStatsQueue
{
    /// <summary>The number that the kernel gave to taskstats: for whoever reads the messages.</summary>
    ushort Family { get; }

    /// <inheritdoc cref="NetlinkSocket.QueuedBytes"/>
    uint QueuedBytes { get; }

    /// <inheritdoc cref="NetlinkSocket.Receive"/>
    DrainStep Receive();

    /// <inheritdoc cref="NetlinkSocket.Datagram"/>
    ReadOnlySpan<byte> Datagram(int index);
}
