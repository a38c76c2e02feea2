// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// What this process, with the rights it has now, may do with a directory or file (faccessat(2) with AT_EACCESS).
/// </summary>
internal static class DirectoryRights
{
    private const int EffectiveRights = 0x200; // AT_EACCESS
    private const int WriteAndSearch = 3; // W_OK | X_OK
    private const int Read = 4; // R_OK
    private const int Run = 1; // X_OK

    /// <summary>0 when files can be made there; else the errno: EACCES, EROFS for a read-only mount, ENOENT.</summary>
    public static int ErrnoOfMaking(string path) => ErrnoOf(path, WriteAndSearch);

    /// <summary>0 when a file, or a directory's list, can be read; else the errno.</summary>
    public static int ErrnoOfReading(string path) => ErrnoOf(path, Read);

    /// <summary>0 when a program can be started; else the errno.</summary>
    public static int ErrnoOfRunning(string path) => ErrnoOf(path, Run);

    private static unsafe int ErrnoOf(string path, int mode)
    {
        fixed (byte* bytes = CString.Of(path))
        {
            return Libc.faccessat(Libc.CurrentDirectory, bytes, mode, EffectiveRights) == 0 ? 0 : Errno.Last;
        }
    }
}
