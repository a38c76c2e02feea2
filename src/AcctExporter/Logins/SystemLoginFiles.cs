// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Logins;

/// <summary>
/// The login files of the host, which belong to init, login, sshd and their kin: they are read, and never written. A
/// record in between would be taken for theirs by everything that reads them.
/// </summary>
internal static class SystemLoginFiles
{
    /// <summary>Who is logged in now.</summary>
    public const string Utmp = "/run/utmp";

    /// <summary>Logins and logouts.</summary>
    public const string Wtmp = "/var/log/wtmp";

    private static readonly string[] All =
    [
        Utmp, "/var/run/utmp", Wtmp, "/var/log/btmp", LastlogFile.UsualPath, WtmpDatabase.UsualPath,
        LastLoginDatabase.UsualPath,
    ];

    /// <summary>True when the path leads to one of them, by whatever name, or would make one that is missing.</summary>
    public static bool Contain(string path) => All.Any(file => IsSame(path, file));

    /// <summary>True when both are, or would be, one file.</summary>
    public static bool IsSame(string path, string other)
    {
        var exists = FileIdentity.TryOfPath(path, out var one, out _);
        if (exists != FileIdentity.TryOfPath(other, out var two, out _))
        {
            return false;
        }

        if (exists)
        {
            return one.IsSameFile(two);
        }

        var full = Path.GetFullPath(path);
        return full == other || (Path.GetFileName(full) == Path.GetFileName(other)
            && FileIdentity.TryOfPath(Path.GetDirectoryName(full) ?? "/", out one, out _)
            && FileIdentity.TryOfPath(Path.GetDirectoryName(other) ?? "/", out two, out _) && one.IsSameFile(two));
    }
}
