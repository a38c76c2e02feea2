// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// A folder that a walk has met: its name, and the folder it was met in. A path is made of these only when it is
/// needed, so it may be longer than the kernel takes one.
/// </summary>
/// <param name="parent">The folder it is in; null for the one that the walk began with.</param>
/// <param name="name">Its name in it; of the first one the path.</param>
/// <param name="inode">Its inode, by which it is known again when it is opened.</param>
/// <param name="mark">What was said of it (<see cref="DiskWalkOptions.Mark"/>).</param>
internal sealed class DiskFolder(DiskFolder? parent, byte[] name, ulong inode, long mark)
{
    /// <summary>The folder it is in.</summary>
    public DiskFolder? Parent => parent;

    /// <summary>Its inode.</summary>
    public ulong Inode => inode;

    /// <summary>What was said of it.</summary>
    public long Mark => mark;

    /// <summary>Its path, that of the first one in front, with a name behind it unless that is empty.</summary>
    public byte[] Path(ReadOnlySpan<byte> last = default)
    {
        var length = last.Length;
        for (var folder = this; folder != null; folder = folder.Parent)
        {
            length += folder.Length;
        }

        var path = new byte[length + (last.IsEmpty || IsRootWithSlash ? 0 : 1)];
        var end = path.Length - last.Length;
        last.CopyTo(path.AsSpan(end));
        if (!last.IsEmpty && !IsRootWithSlash)
        {
            path[--end] = (byte)'/';
        }

        for (var folder = this; folder != null; folder = folder.Parent)
        {
            end = folder.Put(path, end);
        }

        return path;
    }

    /// <summary>How long the path below the first one is; 0 for that one.</summary>
    internal int LengthBelowFirst()
    {
        var length = 0;
        for (var folder = this; folder.Parent is { } above; folder = above)
        {
            length += folder.OwnName.Length + (above.Parent is null ? 0 : 1);
        }

        return length;
    }

    /// <summary>Writes the path below the first one, as long as <see cref="LengthBelowFirst"/> says.</summary>
    internal void PutBelowFirst(Span<byte> path)
    {
        var end = path.Length;
        for (var folder = this; folder.Parent is { } above; folder = above)
        {
            end -= folder.OwnName.Length;
            folder.OwnName.CopyTo(path[end..]);
            if (above.Parent is not null)
            {
                path[--end] = (byte)'/';
            }
        }
    }

    private byte[] OwnName => name;

    private bool IsRootWithSlash => parent is null && name is [.., (byte)'/'];

    /// <summary>What it takes of a path: its name, and a slash before it unless one stands there.</summary>
    private int Length => name.Length + (parent is null || parent.IsRootWithSlash ? 0 : 1);

    private int Put(byte[] path, int end)
    {
        end -= name.Length;
        name.CopyTo(path, end);
        if (parent is { IsRootWithSlash: false })
        {
            path[--end] = (byte)'/';
        }

        return end;
    }
}
