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

    /// <summary>
    /// The segment in the directory that agents use unless they are told otherwise, when the kernel writes to one there
    /// for another agent; null when it does not, or when the directory is our own.
    /// </summary>
    public static string? FindSegment(CaptureOptions options)
    {
        const string standard = CaptureOptions.StandardAccountingPath;
        try
        {
            return options.AccountingPath == standard || !Directory.Exists(standard) ? null
                : Find(Directory.EnumerateFiles(standard, "pacct-*"));
        }
        catch (UnauthorizedAccessException)
        {
            // Not for us to read: then nothing is known of it.
            return null;
        }
    }

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
