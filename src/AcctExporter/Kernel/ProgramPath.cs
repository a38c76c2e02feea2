// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>Where a program is that a person names, as a shell finds it.</summary>
internal static class ProgramPath
{
    /// <summary>Where programs are when nobody says it.</summary>
    private const string Usual = "/usr/local/bin:/usr/bin:/bin";

    private const int Execute = 1; // X_OK
    private const int EffectiveRights = 0x200; // AT_EACCESS

    /// <summary>The path of a program.</summary>
    /// <param name="name">A path, or a name to be looked for.</param>
    /// <param name="folders">What <c>PATH</c> says; null: the usual folders.</param>
    /// <param name="errno">When null: ENOENT, or EACCES where it is there and may not be run.</param>
    public static string? Find(string name, string? folders, out int errno)
    {
        errno = Errno.ENOENT;
        if (name.Length == 0)
        {
            return null;
        }

        foreach (var folder in name.Contains('/', StringComparison.Ordinal) ? [""] : (folders ?? Usual).Split(':'))
        {
            var path = Path.Combine(folder.Length == 0 ? "." : folder, name);
            if (!FileIdentity.TryOfPath(path, out var identity, out var why))
            {
                errno = why == Errno.EACCES ? why : errno;
                continue;
            }

            if (identity.IsRegular && MayRun(path))
            {
                errno = 0;
                return path;
            }

            errno = Errno.EACCES;
        }

        return null;
    }

    private static unsafe bool MayRun(string path)
    {
        fixed (byte* bytes = CString.Of(path))
        {
            return Libc.faccessat(Libc.CurrentDirectory, bytes, Execute, EffectiveRights) == 0;
        }
    }
}
