// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>Whether processes that login records name still live.</summary>
internal static class LoginProcess
{
    /// <summary>
    /// The number of the first PID namespace, fixed since Linux 3.8 (<c>PROC_PID_INIT_INO</c>).
    /// </summary>
    private const string HostNamespace = "pid:[4026531836]";

    /// <summary>
    /// Login records bear the host's process ids: in another namespace they are other processes', or nobody's.
    /// </summary>
    public static bool CanBeSeen { get; } = LinkOf("/proc/self/ns/pid") == HostNamespace;

    /// <summary>There is a process with that id.</summary>
    public static bool Lives(int pid) => FileIdentity.TryOfPath($"/proc/{pid}", out _, out var errno)
        || errno != Errno.ENOENT;

    private static string? LinkOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
