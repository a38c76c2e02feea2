// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>
/// Walks over all names of a file system from a folder down, with several threads. It stays on the file system and in
/// the mount that it began in, follows no symbolic link, triggers no automount, and survives what vanishes meanwhile.
/// Names are bytes, and paths may be longer than the kernel takes. Each worker holds one folder open, as a rule.
/// </summary>
internal static class DiskWalk
{
    /// <summary>Walks.</summary>
    /// <param name="root">The folder to begin with; a link to one is followed.</param>
    /// <param name="options">How.</param>
    /// <param name="makeVisitor">Makes what one worker shows its part to; called once for each.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static DiskWalkResult Run(byte[] root, DiskWalkOptions options, Func<DiskVisit> makeVisitor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        var result = new DiskWalkResult();
        using var handle = Open(root, result);
        if (handle is null)
        {
            return result;
        }

        using var descriptor = new BorrowedDescriptor(handle);
        var start = new WalkStart(descriptor.Number, StateOf(descriptor.Number), options, result);
        var first = new DiskFolder(null, root, start.State.Inode, options.Mark?.Invoke(root, 0) ?? 0);
        var visitors = Enumerable.Range(0, options.Workers).Select(_ => makeVisitor()).ToArray();
        result.Add(1, 0, 0);
        if (!start.State.IsShared || options.Met?.Add(start.State.Device, start.State.Inode) != false)
        {
            visitors[0](new(first, [], start.State) { Mark = first.Mark });
        }

        var pool = new FolderPool(options.Workers);
        var others = visitors.Skip(1)
            .Select(visit => Task.Factory.StartNew(
                () => Work(start, visit, pool, []), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default))
            .ToArray();
        try
        {
            Work(start, visitors[0], pool, [first]);
        }
        finally
        {
            // The root's descriptor is theirs as well.
            Task.WhenAll(others).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default).Wait();
        }

        foreach (var other in others)
        {
            other.GetAwaiter().GetResult();
        }

        options.Stop.ThrowIfCancellationRequested();
        return result;
    }

    private static void Work(WalkStart start, DiskVisit visit, FolderPool pool, List<DiskFolder> own)
    {
        var reader = new FolderReader(start, visit, own);
        var isDone = false;
        try
        {
            while (!pool.IsOver && (own.Count > 0 || pool.TryTake(own)))
            {
                if (start.Options.Stop.IsCancellationRequested)
                {
                    pool.Stop();
                    break;
                }

                var folder = own[^1];
                own.RemoveAt(own.Count - 1);
                reader.Read(folder);
                if (own.Count > 1 && pool.IsHungry)
                {
                    pool.Share(own);
                }
            }

            isDone = true;
        }
        finally
        {
            reader.Tell();
            if (!isDone)
            {
                // What a visitor threw ends the walk for all.
                pool.Stop();
            }
        }
    }

    private static unsafe SafeFileHandle? Open(byte[] root, DiskWalkResult result)
    {
        int descriptor;
        fixed (byte* path = (byte[])[.. root, 0])
        {
            descriptor = root.Contains((byte)0) ? -1
                : Libc.open(path, Libc.ReadOnly | Libc.CloseOnExec | Libc.MustBeDirectory | Libc.NonBlocking, 0);
        }

        result.RootErrno = descriptor >= 0 ? 0 : root.Contains((byte)0) ? Errno.ENOENT : Errno.Last;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static unsafe FileState StateOf(int descriptor)
    {
        byte empty = 0;
        var errno = FileState.Read(descriptor, &empty, Libc.EmptyPath, out var state);
        return errno == 0 ? state : throw Errno.Fault("look at", "an open folder", errno);
    }
}

/// <summary>What all workers of a walk have in common.</summary>
/// <param name="Descriptor">The open folder that it began with.</param>
/// <param name="State">What that is.</param>
/// <param name="Options">How it goes.</param>
/// <param name="Result">What becomes of it.</param>
internal sealed record WalkStart(int Descriptor, FileState State, DiskWalkOptions Options, DiskWalkResult Result);
