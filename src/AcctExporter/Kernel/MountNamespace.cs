// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// Whether this process lives in a mount namespace of its own (mount_namespaces(7)): a container, or a unit with
/// ProtectSystem= and the like. Accounting switched on through a mount of it ends, silently, with the namespace.
/// </summary>
internal static class MountNamespace
{
    private const int LinkMaxBytes = 128;

    /// <summary>
    /// True when it is another than that of the first process of the PID namespace; null when that may not be looked
    /// at, which takes CAP_SYS_PTRACE.
    /// </summary>
    public static bool? IsOwn(string self = "/proc/self/ns/mnt", string first = "/proc/1/ns/mnt")
    {
        Span<byte> ours = stackalloc byte[LinkMaxBytes];
        Span<byte> theirs = stackalloc byte[LinkMaxBytes];
        var oursLength = ReadLink(self, ours);
        var theirsLength = ReadLink(first, theirs);
        return oursLength < 0 || theirsLength < 0
            ? null
            : !ours[..oursLength].SequenceEqual(theirs[..theirsLength]);
    }

    private static unsafe int ReadLink(string path, Span<byte> target)
    {
        fixed (byte* bytes = CString.Of(path), buffer = target)
        {
            return (int)Libc.readlink(bytes, buffer, (nuint)target.Length);
        }
    }
}
