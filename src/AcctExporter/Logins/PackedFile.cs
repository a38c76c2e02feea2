// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Logins;

/// <summary>
/// Files that stand where login files do, and hold no login records as they are: what logrotate compressed, and
/// databases. Login records have no magic number, so without this their bytes would be taken for records.
/// </summary>
internal static class PackedFile
{
    private static readonly byte[][] Compressed =
    [
        [0x1f, 0x8b, 0x08], [0xfd, .. "7zXZ"u8, 0], [0x28, 0xb5, 0x2f, 0xfd], [.. "BZh"u8],
    ];

    private const int LongestMagic = 16;

    /// <summary>
    /// Why the file holds no login records, and what to do; null when nothing speaks against it, and for what is no
    /// regular file: a pipe gives its bytes once.
    /// </summary>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static string? Fault(string path)
    {
        if (!FileIdentity.TryOfPath(path, out var identity, out _) || !identity.IsRegular)
        {
            return null;
        }

        using var handle = File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> head = stackalloc byte[LongestMagic];
        ReadOnlySpan<byte> begin = head[..RandomAccess.Read(handle, head, 0)];
        foreach (var magic in Compressed)
        {
            if (begin.StartsWith(magic))
            {
                return "it is compressed: unpack it, or read it through a pipe from zcat, xzcat or the like";
            }
        }

        return SqliteState.IsSqlite(begin) ? "it is a SQLite database: last and lastlogin read those of wtmpdb" : null;
    }
}
