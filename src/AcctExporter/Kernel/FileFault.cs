// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>Why a file could not be opened, read or written, in the system's words instead of .NET's.</summary>
internal static class FileFault
{
    /// <summary>
    /// As strerror(3) says it: <c>No such file or directory</c>. Where the system gave no reason, the exception's text.
    /// </summary>
    /// <param name="error">What .NET threw.</param>
    /// <param name="path">The file, if known: .NET takes a directory for one that may not be opened.</param>
    public static string Why(Exception error, string? path = null) =>
        error is FileNotFoundException or DirectoryNotFoundException ? "No such file or directory"
        : error is UnauthorizedAccessException && Directory.Exists(path) ? "Is a directory"
        : ErrnoOf(error) is > 0 and var errno ? Marshal.GetPInvokeErrorMessage(errno)
        : error is UnauthorizedAccessException ? "Permission denied"
        : error.Message.TrimEnd('.');

    /// <summary>The file's name, as far as .NET tells it, and why: <c>/root/x: Permission denied</c>.</summary>
    public static string Tell(Exception error)
    {
        var (from, to) = (error.Message.IndexOf('\'', StringComparison.Ordinal), error.Message.LastIndexOf('\''));
        var path = from < to ? error.Message[(from + 1)..to] : null;
        // Without the system's reason it is a message of our own, which says where.
        return path is null && error.GetType() == typeof(IOException) && ErrnoOf(error) == 0
            ? Why(error) : $"{path ?? "standard output"}: {Why(error, path)}";
    }

    /// <summary>The errno that .NET has in the result code; 0 when there is none.</summary>
    public static int ErrnoOf(Exception error) =>
        (error is UnauthorizedAccessException { InnerException: { } inner } ? inner : error).HResult
            is > 0 and < 4096 and var errno ? errno : 0;
}
