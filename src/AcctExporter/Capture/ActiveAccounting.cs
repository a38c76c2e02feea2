// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Capture;

/// <summary>
/// The kernel does not say whether accounting is on, nor where to. But a read lease on a file is refused while anybody
/// has it open for writing, and nobody but the kernel writes to these.
/// </summary>
internal static class ActiveAccounting
{
    /// <summary>The first of the files that is being written to, or null.</summary>
    public static string? Find(IEnumerable<string> files) => files.FirstOrDefault(IsWritten);

    private static bool IsWritten(string path)
    {
        try
        {
            using var handle = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return WriterLease.Test(handle) == WriterState.Writing;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not there, or not to be read: then nothing is known of it.
            return false;
        }
    }
}
