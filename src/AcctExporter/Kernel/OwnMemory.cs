// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>The memory of this process: keys and passwords' hashes are in it.</summary>
internal static class OwnMemory
{
    private const int SetDumpable = 4; // PR_SET_DUMPABLE

    /// <summary>
    /// No core dump of this process is written, and programs of the same user cannot read its memory or debug it; root
    /// can. Where that is refused, all is as before.
    /// </summary>
    public static void Hide() => _ = Libc.prctl(SetDumpable, 0, 0, 0, 0);
}
