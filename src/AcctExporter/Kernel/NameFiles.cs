// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;

namespace AcctExporter.Kernel;

/// <summary>
/// The users and groups in the system's own files (passwd(5), group(5)), read without asking NSS: what is known even
/// while a directory server hangs, which nsswitch.conf(5) may ask first.
/// </summary>
internal static class NameFiles
{
    /// <summary>Where local users are.</summary>
    public const string Users = "/etc/passwd";

    /// <summary>Where local groups are.</summary>
    public const string Groups = "/etc/group";

    /// <summary>A longer file is not read: it was not written by hand, and its names come from NSS as well.</summary>
    private const int LargestBytes = 4 << 20;

    /// <summary>Number and name of each line, in order; nothing of a file that cannot be read.</summary>
    public static List<(uint Id, byte[] Name)> Read(string path)
    {
        var names = new List<(uint, byte[])>();
        byte[] bytes;
        try
        {
            if (new FileInfo(path).Length > LargestBytes)
            {
                return names;
            }

            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return names;
        }

        for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (TryRead(line, out var id, out var name))
            {
                names.Add((id, name.ToArray()));
            }
        }

        return names;
    }

    /// <summary>
    /// A line is name, password, number, and more, with colons between. One with + or - in front speaks of another
    /// service (nsswitch.conf(5), compat).
    /// </summary>
    private static bool TryRead(ReadOnlySpan<byte> line, out uint id, out ReadOnlySpan<byte> name)
    {
        id = 0;
        name = default;
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[0] is (byte)'+' or (byte)'-' or (byte)'#')
        {
            return false;
        }

        name = line[..colon];
        line = line[(colon + 1)..];
        line = line[(line.IndexOf((byte)':') + 1)..];
        return Utf8Parser.TryParse(line, out id, out var length) && length < line.Length && line[length] == ':';
    }
}
