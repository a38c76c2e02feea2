// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Suite;

/// <summary>
/// Whose login directory a path is in. It is the deepest one above the path; <c>/</c> is nobody's, since users without
/// a home of their own have it; one of several users is that of the one with the lowest number.
/// </summary>
internal sealed class HomeFolders
{
    private readonly Dictionary<string, uint> owners = [];
    private readonly Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> known;

    /// <summary>Homes of users; they need not exist.</summary>
    /// <param name="users">The users.</param>
    /// <param name="realPath">
    /// A folder's path without symbolic links, or null: asked for the folders that homes are in, as <c>/home</c>
    /// may be a link.
    /// </param>
    public HomeFolders(IEnumerable<UserEntry> users, Func<byte[], byte[]?>? realPath = null)
    {
        known = owners.GetAlternateLookup<ReadOnlySpan<char>>();
        var folders = new Dictionary<string, byte[]?>();
        foreach (var user in users.OrderBy(user => user.Uid))
        {
            var home = user.Home.AsSpan().TrimEnd((byte)'/');
            if (home is not [(byte)'/', _, ..])
            {
                continue;
            }

            owners.TryAdd(Key(home), user.Uid);
            var slash = home.LastIndexOf((byte)'/');
            if (slash > 0 && realPath != null)
            {
                var folder = Key(home[..slash]);
                if (!folders.TryGetValue(folder, out var real))
                {
                    real = realPath(home[..slash].ToArray());
                    folders.Add(folder, real);
                }

                owners.TryAdd(Key([.. real ?? [], .. home[slash..]]), user.Uid);
            }
        }
    }

    /// <summary>Whose login directory a path is in, or is.</summary>
    /// <param name="path">A path from the root, without dots.</param>
    /// <param name="uid">The user's number.</param>
    /// <returns>False when it is in nobody's.</returns>
    public bool TryFind(ReadOnlySpan<byte> path, out uint uid)
    {
        Span<char> key = path.Length <= 4096 ? stackalloc char[path.Length] : new char[path.Length];
        for (var i = 0; i < path.Length; i++)
        {
            key[i] = (char)path[i];
        }

        for (var end = key.Length; end > 0; end = key[..end].LastIndexOf('/'))
        {
            if (known.TryGetValue(key[..end], out uid))
            {
                return true;
            }
        }

        uid = 0;
        return false;
    }

    private static string Key(ReadOnlySpan<byte> path) =>
        string.Create(path.Length, path, static (key, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                key[i] = (char)from[i];
            }
        });
}
