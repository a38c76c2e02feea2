// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>A user of the system's database, or of a file like it (passwd(5)).</summary>
/// <param name="Uid">The number; several users may have one.</param>
/// <param name="Name">The login name.</param>
/// <param name="Home">The path of the login directory.</param>
internal sealed record UserEntry(uint Uid, byte[] Name, byte[] Home)
{
    private const int LargestBytes = 64 << 20;

    private static readonly Lock Enumerating = new();

    /// <summary>
    /// Those of this host, in the database's order, as far as it lets itself be enumerated: sssd and LDAP often do not.
    /// </summary>
    public static unsafe List<UserEntry> OfHost()
    {
        var users = new List<UserEntry>();
        lock (Enumerating)
        {
            Libc.setpwent();
            // struct passwd: name, password, uid and gid, comment, home, shell.
            for (byte** entry; (entry = (byte**)Libc.getpwent()) != null;)
            {
                users.Add(new(*(uint*)(entry + 2), Bytes(entry[0]), Bytes(entry[4])));
            }

            Libc.endpwent();
        }

        return users;
    }

    /// <summary>Those of a file; lines that are none are left out.</summary>
    /// <exception cref="IOException">It cannot be read, or is larger than 64 MiB.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public static List<UserEntry> OfFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var users = new List<UserEntry>();
        var bytes = new byte[4096];
        int used = 0, got;
        while ((got = file.Read(bytes, used, bytes.Length - used)) > 0)
        {
            used += got;
            if (used == bytes.Length)
            {
                if (used >= LargestBytes)
                {
                    throw new IOException($"'{path}' has more than {LargestBytes >> 20} MiB: no file of users");
                }

                Array.Resize(ref bytes, 2 * bytes.Length);
            }
        }

        foreach (var range in bytes.AsSpan(0, used).Split((byte)'\n'))
        {
            if (Parse(bytes.AsSpan(0, used)[range]) is { } user)
            {
                users.Add(user);
            }
        }

        return users;
    }

    /// <summary>A line; null when it is none.</summary>
    internal static UserEntry? Parse(ReadOnlySpan<byte> line)
    {
        Span<Range> fields = stackalloc Range[8];
        var count = 0;
        foreach (var field in line.Split((byte)':'))
        {
            if (count == fields.Length)
            {
                return null;
            }

            fields[count++] = field;
        }

        return count >= 4 && !line[fields[0]].IsEmpty && line[0] is not ((byte)'+' or (byte)'-' or (byte)'#')
            && Utf8Parser.TryParse(line[fields[2]], out uint uid, out var length) && length == line[fields[2]].Length
            ? new(uid, line[fields[0]].ToArray(), count > 5 ? line[fields[5]].ToArray() : []) : null;
    }

    /// <summary>A path without symbolic links; null where there is none.</summary>
    public static unsafe byte[]? RealPath(byte[] path)
    {
        var room = stackalloc byte[Libc.PathMax];
        fixed (byte* text = (byte[])[.. path, 0])
        {
            return Libc.realpath(text, room) == null ? null : Bytes(room);
        }
    }

    private static unsafe byte[] Bytes(byte* text) =>
        text == null ? [] : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text).ToArray();
}
