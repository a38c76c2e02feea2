// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>Whose group a file is (chown(2)). Its owner may give it to a group that he is in, root to any.</summary>
internal static class FileGroup
{
    private const uint TheSameOwner = uint.MaxValue;

    /// <summary>Gives a file or directory to a group; its owner stays.</summary>
    /// <param name="errno">When false: why. <see cref="Errno.EPERM"/> for want of the right.</param>
    public static unsafe bool TrySet(string path, uint gid, out int errno)
    {
        fixed (byte* bytes = CString.Of(path))
        {
            errno = Libc.chown(bytes, TheSameOwner, gid) == 0 ? 0 : Errno.Last;
            return errno == 0;
        }
    }
}
