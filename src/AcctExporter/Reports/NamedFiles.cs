// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>Charges files whose path names are read (<c>find ... -print | acctdusg</c>).</summary>
/// <param name="scan">Charges them.</param>
/// <param name="isInHomes">Login directories matter: paths are taken from the root.</param>
internal sealed class NamedFiles(DiskScan scan, bool isInHomes)
{
    private readonly byte[] folder = isInHomes ? Encoded(Environment.CurrentDirectory) : [];
    private byte[] room = new byte[2 * TextLines.LongestBytes];

    /// <summary>What they cost.</summary>
    public DiskUsage Usage { get; } = new();

    /// <summary>Names that lead to nothing: the files were deleted meanwhile, as a rule.</summary>
    public long Gone { get; private set; }

    /// <summary>Files that nobody is charged with.</summary>
    public long Unclaimed { get; private set; }

    /// <summary>Names that could not be looked at for other reasons.</summary>
    public DiskFaults Faults { get; } = new();

    /// <summary>Is told of each file that nobody is charged with: its path, and what it is.</summary>
    public Action<byte[], FileState>? Uncharged { get; init; }

    /// <summary>Reads all names.</summary>
    public void Read(TextLines names)
    {
        while (names.TryRead(out var name))
        {
            if (name.IsEmpty)
            {
                continue;
            }

            if (!FileState.TryOfPath(name, out var state, out var errno))
            {
                Miss(name, errno);
            }
            else if (!scan.Charge(isInHomes ? FromRoot(name) : name, state, Usage))
            {
                Unclaimed++;
                Uncharged?.Invoke(name.ToArray(), state);
            }
        }
    }

    private void Miss(ReadOnlySpan<byte> name, int errno)
    {
        if (errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            Gone++;
        }
        else
        {
            Faults.Add(name, errno);
        }
    }

    /// <summary>
    /// A path from the root without lone dots and double slashes, as login directories are compared with it.
    /// </summary>
    private ReadOnlySpan<byte> FromRoot(ReadOnlySpan<byte> name)
    {
        var isWhole = name[0] == '/';
        if (folder.Length + name.Length + 2 > room.Length)
        {
            room = new byte[2 * (folder.Length + name.Length + 2)];
        }

        var length = 0;
        if (!isWhole)
        {
            folder.CopyTo(room.AsSpan());
            length = folder.Length;
        }

        foreach (var range in name.Split((byte)'/'))
        {
            var part = name[range];
            if (part is not ([] or [(byte)'.']))
            {
                room[length++] = (byte)'/';
                part.CopyTo(room.AsSpan(length));
                length += part.Length;
            }
        }

        return room.AsSpan(0, length);
    }

    private static byte[] Encoded(string path) => System.Text.Encoding.UTF8.GetBytes(path.TrimEnd('/'));
}
