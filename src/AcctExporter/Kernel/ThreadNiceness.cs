// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>How much a thread matters to the scheduler. .NET's own priorities do nothing on Linux.</summary>
internal static class ThreadNiceness
{
    private const int OfProcess = 0;
    private const int Niceness = 10;

    /// <summary>
    /// Lets all else go before the calling thread, and before threads that it starts (setpriority(2), which on Linux is
    /// about one thread). Where that cannot be, nothing is lost.
    /// </summary>
    public static void Lower() => _ = Libc.setpriority(OfProcess, 0, Niceness);
}
