// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>Descriptors that this process was started with.</summary>
internal static unsafe class InheritedSocket
{
    private const int SetDescriptorFlags = 2; // F_SETFD
    private const int CloseOnExec = 1; // FD_CLOEXEC
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int AcceptsConnections = 30; // SO_ACCEPTCONN

    /// <summary>
    /// True when a descriptor is a socket that listens (for TCP, or a Unix stream); children do not get it then.
    /// </summary>
    public static bool TryTakeListening(int descriptor)
    {
        var listens = 0;
        var size = (uint)sizeof(int);
        return Libc.getsockopt(descriptor, SocketLevel, AcceptsConnections, &listens, &size) == 0 && listens != 0
            && Libc.fcntl(descriptor, SetDescriptorFlags, CloseOnExec) == 0;
    }
}
