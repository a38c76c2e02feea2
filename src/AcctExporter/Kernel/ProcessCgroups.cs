// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>
/// <c>/proc/PID/cgroup</c> of living processes, read into one buffer. Nothing is allocated by a read. Not for several
/// threads at once.
/// </summary>
internal sealed unsafe class ProcessCgroups : IDisposable
{
    /// <summary>Thirteen hierarchies of v1, each with a path as long as paths may be.</summary>
    private const int BufferBytes = 1 << 16;

    private const int LongestName = 32;

    private readonly SafeFileHandle directory;
    private readonly string root;
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);

    /// <param name="root">Where the process file system is mounted.</param>
    /// <exception cref="IOException">It is not there.</exception>
    public ProcessCgroups(string root = "/proc")
    {
        this.root = root;
        fixed (byte* path = CString.Of(root))
        {
            var descriptor = Libc.open(path, Libc.PathOnly | Libc.CloseOnExec | Libc.MustBeDirectory, 0);
            directory = descriptor >= 0
                ? new(descriptor, ownsHandle: true)
                : throw Errno.Fault("open", root, Errno.Last);
        }
    }

    /// <summary>
    /// The file of a process, good until the next call; empty when the process is gone or may not be looked at.
    /// </summary>
    public ReadOnlySpan<byte> Read(uint pid)
    {
        var name = stackalloc byte[LongestName];
        pid.TryFormat(new Span<byte>(name, LongestName), out var length, default, CultureInfo.InvariantCulture);
        "/cgroup\0"u8.CopyTo(new Span<byte>(name + length, LongestName - length));
        using var at = new BorrowedDescriptor(directory);
        var file = Libc.openat(at.Number, name, Libc.ReadOnly | Libc.CloseOnExec, 0);
        if (file < 0)
        {
            return [];
        }

        // The kernel makes the whole text in one piece, so one read has all of it.
        nint read;
        fixed (byte* bytes = buffer)
        {
            read = Libc.read(file, bytes, BufferBytes);
        }

        _ = Libc.close(file);
        return read > 0 ? buffer.AsSpan(0, (int)read) : [];
    }

    /// <summary>The processes that there are.</summary>
    public IEnumerable<uint> Processes()
    {
        foreach (var path in Directory.EnumerateDirectories(root))
        {
            if (uint.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture,
                out var pid))
            {
                yield return pid;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => directory.Dispose();
}
