// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>What happened to a watched file. Several can be true at once, and one can stand for many.</summary>
[Flags]
internal enum FileEvents : byte
{
    None = 0,

    /// <summary>
    /// Written to or cut off. The kernel says it once for each accounting record until it is drained.
    /// </summary>
    Modified = 1,

    /// <summary>
    /// A writer closed it. acct(2) says it once when it opens a file; after that it means that accounting has left the
    /// file.
    /// </summary>
    Closed = 2,

    /// <summary>Renamed.</summary>
    Moved = 4,

    /// <summary>
    /// Deleted, and nobody has it open any more: a file that the kernel writes to says <see cref="Attributes"/>.
    /// </summary>
    Deleted = 8,

    /// <summary>
    /// Its owner, mode or number of links changed; so it is when a name is deleted and the file lives on.
    /// </summary>
    Attributes = 16,

    /// <summary>Its file system was unmounted.</summary>
    Unmounted = 32,

    /// <summary>The kernel dropped events: anything may have happened.</summary>
    Overflowed = 64,
}

/// <summary>One inotify(7) instance that watches files; it is drained without allocating.</summary>
internal sealed class FileWatch : IDisposable
{
    private const uint Modify = 0x2;
    private const uint Attribute = 0x4;
    private const uint CloseWrite = 0x8;
    private const uint DeleteSelf = 0x400;
    private const uint MoveSelf = 0x800;
    private const uint Unmount = 0x2000;
    private const uint QueueOverflow = 0x4000;

    private const int BufferBytes = 4096;

    /// <summary><c>struct inotify_event</c> without its name, which events of a file itself do not have.</summary>
    private const int EventBytes = 16;

    /// <summary>An event with the longest name: a read that leaves that much room has emptied the queue.</summary>
    private const int LargestEventBytes = EventBytes + 256;

    private readonly SafeFileHandle handle;
    private readonly Dictionary<int, FileEvents> pending = [];

    /// <exception cref="IOException">Most likely EMFILE: fs.inotify.max_user_instances is used up.</exception>
    public FileWatch()
    {
        var descriptor = Libc.inotify_init1(Libc.NonBlocking | Libc.CloseOnExec);
        handle = descriptor >= 0
            ? new(descriptor, ownsHandle: true)
            : throw Errno.Fault("watch files with", "inotify", Errno.Last);
    }

    /// <summary>Readable when events wait: for <see cref="Waiter"/>.</summary>
    public SafeHandle Handle => handle;

    /// <summary>Watches the file that <paramref name="path"/> leads to; a file watched twice has one number.</summary>
    /// <returns>The watch's number, never used again by this instance.</returns>
    /// <exception cref="IOException">
    /// There is no such file, it may not be read, or max_user_watches is used up.
    /// </exception>
    public unsafe int Watch(string path)
    {
        using var descriptor = new BorrowedDescriptor(handle);
        int watch;
        fixed (byte* bytes = CString.Of(path))
        {
            const uint mask = Modify | Attribute | CloseWrite | DeleteSelf | MoveSelf;
            watch = Libc.inotify_add_watch(descriptor.Number, bytes, mask);
        }

        if (watch < 0)
        {
            throw Errno.Fault("watch", path, Errno.Last);
        }

        pending.TryAdd(watch, FileEvents.None);
        return watch;
    }

    /// <summary>Ends a watch; what it has not told yet is forgotten.</summary>
    public void Unwatch(int watch)
    {
        using var descriptor = new BorrowedDescriptor(handle);
        pending.Remove(watch);

        // The kernel ends the watch of a deleted file by itself, and then knows no such number.
        _ = Libc.inotify_rm_watch(descriptor.Number, watch);
    }

    /// <summary>
    /// Takes everything that waits, keeps it for <see cref="Take"/>, and says what there was over all watches.
    /// </summary>
    public unsafe FileEvents Drain()
    {
        using var descriptor = new BorrowedDescriptor(handle);
        var buffer = stackalloc byte[BufferBytes];
        var all = FileEvents.None;
        while (true)
        {
            var length = (int)Libc.read(descriptor.Number, buffer, BufferBytes);
            if (length < 0 && Errno.Last == Errno.EINTR)
            {
                continue;
            }

            if (length < 0 && Errno.Last != Errno.EAGAIN)
            {
                throw Errno.Fault("read events from", "inotify", Errno.Last);
            }

            all |= Keep(new ReadOnlySpan<byte>(buffer, Math.Max(length, 0)));
            if (length <= BufferBytes - LargestEventBytes)
            {
                return all;
            }
        }
    }

    /// <summary>
    /// What <see cref="Drain"/> has met for one watch since the last question; the answer is given once.
    /// </summary>
    public FileEvents Take(int watch)
    {
        ref var kept = ref CollectionsMarshal.GetValueRefOrNullRef(pending, watch);
        if (Unsafe.IsNullRef(ref kept))
        {
            return FileEvents.None;
        }

        var events = kept;
        kept = FileEvents.None;
        return events;
    }

    public void Dispose() => handle.Dispose();

    private FileEvents Keep(ReadOnlySpan<byte> buffer)
    {
        var all = FileEvents.None;
        while (buffer.Length >= EventBytes)
        {
            var watch = MemoryMarshal.Read<int>(buffer);
            var mask = MemoryMarshal.Read<uint>(buffer[4..]);
            buffer = buffer[(EventBytes + MemoryMarshal.Read<int>(buffer[12..]))..];
            if ((mask & QueueOverflow) != 0)
            {
                all |= KeepOverflow();
                continue;
            }

            // Events of a watch that was ended can still be in the queue.
            ref var kept = ref CollectionsMarshal.GetValueRefOrNullRef(pending, watch);
            if (!Unsafe.IsNullRef(ref kept))
            {
                kept |= Of(mask);
                all |= Of(mask);
            }
        }

        return all;
    }

    private FileEvents KeepOverflow()
    {
        foreach (var watch in pending.Keys)
        {
            CollectionsMarshal.GetValueRefOrNullRef(pending, watch) |= FileEvents.Overflowed;
        }

        return FileEvents.Overflowed;
    }

    private static FileEvents Of(uint mask) =>
        ((mask & Modify) != 0 ? FileEvents.Modified : 0)
        | ((mask & CloseWrite) != 0 ? FileEvents.Closed : 0)
        | ((mask & MoveSelf) != 0 ? FileEvents.Moved : 0)
        | ((mask & DeleteSelf) != 0 ? FileEvents.Deleted : 0)
        | ((mask & Attribute) != 0 ? FileEvents.Attributes : 0)
        | ((mask & Unmount) != 0 ? FileEvents.Unmounted : 0);
}
