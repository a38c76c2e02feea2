// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Kernel;

/// <summary>Whether processes that login records name still live.</summary>
internal static class LoginProcess
{
    /// <summary>
    /// The number of the first PID namespace, fixed since Linux 3.8 (<c>PROC_PID_INIT_INO</c>).
    /// </summary>
    private const string HostNamespace = "pid:[4026531836]";

    private const int ClockTicksName = 2; // _SC_CLK_TCK
    private const int StartField = 22;
    private const int FieldBehindName = 3;

    /// <summary>
    /// Login records bear the host's process ids: in another namespace they are other processes', or nobody's. Where
    /// /proc hides others' processes (<c>hidepid</c>), nothing is known of them.
    /// </summary>
    public static bool CanBeSeen { get; } =
        LinkOf("/proc/self/ns/pid") == HostNamespace && IsFirstSeen();

    /// <summary>False where /proc hides the processes of others from this thread.</summary>
    public static bool IsFirstSeen() => FileIdentity.TryOfPath("/proc/1", out _, out _);

    /// <summary>
    /// When the process with that id began, since the boot (proc_pid_stat(5), field 22; in hundredths of a second).
    /// Null when there is none; <see cref="TimeSpan.Zero"/> when there is one and nobody says since when.
    /// </summary>
    public static TimeSpan? StartOf(int pid)
    {
        try
        {
            return ReadStart(File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return FileIdentity.TryOfPath($"/proc/{pid}", out _, out var errno) || errno != Errno.ENOENT
                ? TimeSpan.Zero : null;
        }
    }

    /// <summary>The same from the text of the file.</summary>
    internal static TimeSpan ReadStart(string stat) =>
        TimeSpan.FromSeconds((double)StartTicks(stat) / Math.Max(1, Libc.sysconf(ClockTicksName)));

    /// <summary>Likewise, in the kernel's ticks; 0 when nobody says.</summary>
    internal static long StartTicks(string stat)
    {
        // The name, field 2, may hold blanks and brackets; what follows its last bracket begins with field 3.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartField - FieldBehindName && long.TryParse(
            fields[StartField - FieldBehindName], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? ticks : 0;
    }

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
