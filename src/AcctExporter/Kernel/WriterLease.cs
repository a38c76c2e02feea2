// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>Whether anything has a file open for writing; for an accounting segment that is the kernel.</summary>
internal enum WriterState : byte
{
    /// <summary>
    /// Not known: the file is another user's and CAP_LEASE is missing, or its file system has no leases.
    /// </summary>
    Unknown,

    /// <summary>A writer has it open.</summary>
    Writing,

    /// <summary>Nobody has: for a segment, accounting has left it.</summary>
    NotWriting,
}

/// <summary>
/// The question that acct(2) does not answer: does the kernel write here? A read lease (fcntl(2), F_SETLEASE) is
/// refused while a file is open for writing. It is given back at once.
/// </summary>
internal static class WriterLease
{
    private const int SetSignal = 10;
    private const int SetLease = 1024;
    private const int ReadLease = 0;
    private const int NoLease = 2;

    /// <summary>SIGURG, which is ignored unless a program asks for it.</summary>
    private const int HarmlessSignal = 23;

    /// <param name="readOnlyHandle">Opened for reading only: our own writing would answer for the kernel.</param>
    public static WriterState Test(SafeFileHandle readOnlyHandle)
    {
        using var descriptor = new BorrowedDescriptor(readOnlyHandle);

        // Whoever opens the file for writing during the lease has the kernel send us SIGIO, and SIGIO ends a program
        // that does not handle it. The lease is short, but it need happen only once.
        if (Libc.fcntl(descriptor.Number, SetSignal, HarmlessSignal) != 0)
        {
            return WriterState.Unknown;
        }

        if (Libc.fcntl(descriptor.Number, SetLease, ReadLease) != 0)
        {
            return Errno.Last == Errno.EAGAIN ? WriterState.Writing : WriterState.Unknown;
        }

        _ = Libc.fcntl(descriptor.Number, SetLease, NoLease);
        return WriterState.NotWriting;
    }
}
