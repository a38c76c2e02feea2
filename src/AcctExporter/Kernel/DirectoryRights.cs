// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// What this process, with the rights it has now, may do in a directory (faccessat(2) with AT_EACCESS).
/// </summary>
internal static class DirectoryRights
{
    private const int EffectiveRights = 0x200; // AT_EACCESS
    private const int WriteAndSearch = 3; // W_OK | X_OK

    /// <summary>0 when files can be made there; else the errno: EACCES, EROFS for a read-only mount, ENOENT.</summary>
    public static unsafe int ErrnoOfMaking(string path)
    {
        fixed (byte* bytes = CString.Of(path))
        {
            return Libc.faccessat(Libc.CurrentDirectory, bytes, WriteAndSearch, EffectiveRights) == 0 ? 0 : Errno.Last;
        }
    }
}
