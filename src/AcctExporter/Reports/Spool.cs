// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Reports;

/// <summary>
/// A file without a name that holds what can be read only once and must be read from its end: a pipe, or what was
/// packed. The disk has it while it is open; nobody else can open it.
/// </summary>
internal static class Spool
{
    private const int StepBytes = 256 << 10;

    /// <summary>Takes all of a stream.</summary>
    /// <exception cref="IOException">The folder for temporary files is full, or is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public static SafeFileHandle Of(Stream stream)
    {
        var path = Path.Combine(Path.GetTempPath(), "acct-exporter-" + Path.GetRandomFileName());
        using var created = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        finally
        {
            File.Delete(path);
        }

        var isWhole = false;
        try
        {
            stream.CopyTo(created, StepBytes);
            isWhole = true;
            return file;
        }
        finally
        {
            if (!isWhole)
            {
                file.Dispose();
            }
        }
    }
}
