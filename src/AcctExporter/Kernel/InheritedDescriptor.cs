// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>Descriptors that this process was started with, and those that the program it becomes is to have.</summary>
internal static unsafe class InheritedDescriptor
{
    private const int SetDescriptorFlags = 2; // F_SETFD
    private const int CloseOnExec = 1; // FD_CLOEXEC
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int AcceptsConnections = 30; // SO_ACCEPTCONN
    private const int Protocol = 38; // SO_PROTOCOL
    private const int Domain = 39; // SO_DOMAIN

    /// <summary>
    /// True when a descriptor is a socket that listens (for TCP, or a Unix stream); children do not get it then.
    /// </summary>
    public static bool TryTakeListening(int descriptor) =>
        Ask(descriptor, AcceptsConnections) > 0 && TryHide(descriptor);

    /// <summary>True when it is a socket of that family and protocol; children do not get it then.</summary>
    public static bool TryTakeSocket(int descriptor, int domain, int protocol) =>
        Ask(descriptor, Domain) == domain && Ask(descriptor, Protocol) == protocol && TryHide(descriptor);

    /// <summary>True when it is an open directory; likewise.</summary>
    public static bool TryTakeDirectory(int descriptor, [NotNullWhen(true)] out SafeFileHandle? directory)
    {
        directory = Directory.Exists($"/proc/self/fd/{descriptor}") && TryHide(descriptor)
            ? new SafeFileHandle(descriptor, ownsHandle: true) : null;
        return directory is not null;
    }

    /// <summary>Lets a descriptor stay open for the program that this process becomes; its number.</summary>
    public static int Keep(SafeHandle handle)
    {
        using var descriptor = new BorrowedDescriptor(handle);
        _ = Libc.fcntl(descriptor.Number, SetDescriptorFlags, 0);
        return descriptor.Number;
    }

    private static bool TryHide(int descriptor) => Libc.fcntl(descriptor, SetDescriptorFlags, CloseOnExec) == 0;

    private static int Ask(int descriptor, int option)
    {
        var answer = 0;
        var size = (uint)sizeof(int);
        return Libc.getsockopt(descriptor, SocketLevel, option, &answer, &size) == 0 ? answer : -1;
    }
}
