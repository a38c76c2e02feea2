// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>One worker of a walk: reads folders, shows what is in them, and keeps those it finds for later.</summary>
/// <param name="start">The walk.</param>
/// <param name="visit">Is shown everything.</param>
/// <param name="kept">Where folders are kept.</param>
internal sealed unsafe class FolderReader(WalkStart start, DiskVisit visit, List<DiskFolder> kept)
{
    /// <summary>As much of a folder is read at once.</summary>
    private const int BufferBytes = 64 * 1024;

    /// <summary>Folders that are held open above each other when too many are kept.</summary>
    private const int MostHeld = 64;

    private const int ErrnoStale = 116; // ESTALE

    private readonly List<byte[]> buffers = [];
    private byte[] path = new byte[Libc.PathMax];
    private long entries;
    private long vanished;
    private long elsewhere;

    /// <summary>Reads a folder to its end.</summary>
    public void Read(DiskFolder folder) => Read(folder, 0);

    /// <summary>Adds what was met to the walk's result.</summary>
    public void Tell() => start.Result.Add(entries, vanished, elsewhere);

    private void Read(DiskFolder folder, int held)
    {
        var descriptor = Open(folder, out var errno);
        if (descriptor < 0)
        {
            Missed(folder, [], errno);
            return;
        }

        try
        {
            if (buffers.Count == held)
            {
                buffers.Add(GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true));
            }

            fixed (byte* buffer = buffers[held])
            {
                nint got;
                while ((got = Libc.syscall(Libc.GetDents64, descriptor, (nint)buffer, BufferBytes, 0)) > 0)
                {
                    Take(folder, descriptor, buffer, buffer + got, held);
                }

                if (got < 0)
                {
                    Missed(folder, [], Errno.Last);
                }
            }
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    /// <summary><c>struct linux_dirent64</c>: inode, place, length of the whole, kind, name with a NUL.</summary>
    private void Take(DiskFolder folder, int descriptor, byte* next, byte* end, int held)
    {
        while (next < end)
        {
            var name = next + 19;
            next += *(ushort*)(next + 16);
            if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
            {
                continue;
            }

            var errno = FileState.Read(descriptor, name, 0, out var state);
            if (errno != 0)
            {
                Missed(folder, Bytes(name), errno);
                continue;
            }

            if (state.Mount != start.State.Mount || (state.IsFolder && state.Device != start.State.Device))
            {
                elsewhere++;
                continue;
            }

            entries++;
            if (state.IsFolder)
            {
                Enter(folder, Bytes(name), state, held);
            }
            else if (!state.IsShared || start.Options.Met?.Add(state.Device, state.Inode) != false)
            {
                visit(new(folder, Bytes(name), state) { Mark = folder.Mark });
            }
        }
    }

    private void Enter(DiskFolder above, ReadOnlySpan<byte> name, in FileState state, int held)
    {
        var mark = start.Options.Mark?.Invoke(above.Path(name), above.Mark) ?? 0;
        visit(new(above, name, state) { Mark = mark });
        var folder = new DiskFolder(above, name.ToArray(), state.Inode, mark);
        if (kept.Count >= start.Options.FoldersKept && held < MostHeld)
        {
            Read(folder, held + 1);
        }
        else
        {
            kept.Add(folder);
        }
    }

    /// <summary>
    /// Opens a folder by its path below the first one, piece by piece when it is longer than the kernel takes it. It
    /// is then the folder that was met, or else it counts as gone: somebody may have put a link in its place, or in
    /// that of one above it.
    /// </summary>
    private int Open(DiskFolder folder, out int errno)
    {
        var length = folder.LengthBelowFirst();
        if (length + 2 > path.Length)
        {
            path = new byte[2 * (length + 2)];
        }

        if (length == 0)
        {
            path[length++] = (byte)'.';
        }
        else
        {
            folder.PutBelowFirst(path.AsSpan(0, length));
        }

        path[length] = 0;
        fixed (byte* whole = path)
        {
            var descriptor = Open(whole, length, out errno);
            if (descriptor < 0)
            {
                return descriptor;
            }

            byte empty = 0;
            errno = FileState.Read(descriptor, &empty, Libc.EmptyPath, out var state);
            if (errno == 0 && state.Inode == folder.Inode && state.Device == start.State.Device)
            {
                return descriptor;
            }

            errno = errno == 0 ? Errno.ENOENT : errno;
            _ = Libc.close(descriptor);
            return -1;
        }
    }

    private int Open(byte* whole, int length, out int errno)
    {
        const int flags = Libc.CloseOnExec | Libc.ReadOnly;
        var from = start.Descriptor;
        var isOwn = false;
        while (length >= Libc.PathMax)
        {
            // A name has 255 bytes at most: there is a slash to cut at.
            var cut = new ReadOnlySpan<byte>(whole, Libc.PathMax - 1).LastIndexOf((byte)'/');
            whole[cut] = 0;
            var piece = Libc.openat(
                from, whole, Libc.PathOnly | Libc.CloseOnExec | Libc.MustBeDirectory | Libc.NoFollow, 0);
            errno = Errno.Last;
            if (isOwn)
            {
                _ = Libc.close(from);
            }

            if (piece < 0)
            {
                return -1;
            }

            (from, isOwn) = (piece, true);
            whole += cut + 1;
            length -= cut + 1;
        }

        var descriptor = Libc.openat(from, whole, flags | Libc.MustBeDirectory | Libc.NoFollow, 0);
        errno = descriptor < 0 ? Errno.Last : 0;
        if (isOwn)
        {
            _ = Libc.close(from);
        }

        return descriptor;
    }

    /// <summary>What is gone, or has become another thing, is no fault of the disk.</summary>
    private void Missed(DiskFolder folder, ReadOnlySpan<byte> name, int errno)
    {
        if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or ErrnoStale)
        {
            vanished++;
        }
        else
        {
            start.Result.Faults.Add(folder, name, errno);
        }
    }

    private static ReadOnlySpan<byte> Bytes(byte* name) => MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
}
