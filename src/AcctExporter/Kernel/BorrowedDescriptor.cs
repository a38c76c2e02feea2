// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>
/// A handle's descriptor number for the length of a system call. The handle cannot be closed meanwhile by another
/// thread, so the call never meets a stranger's file under a number used again.
/// </summary>
internal readonly ref struct BorrowedDescriptor : IDisposable
{
    private readonly SafeHandle handle;

    public BorrowedDescriptor(SafeHandle handle)
    {
        var added = false;
        handle.DangerousAddRef(ref added);
        this.handle = handle;
    }

    public int Number => (int)handle.DangerousGetHandle();

    public void Dispose() => handle.DangerousRelease();
}
