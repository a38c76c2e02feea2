// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Logins;

/// <summary>
/// What is appended to a login file, for a person who watches it: the slots as they are. A file that was replaced is
/// read from its beginning when the old one is done with; one that was cut off is read from its new end.
/// </summary>
internal sealed class UtmpTail : IDisposable
{
    private const int MostRecords = 512;

    private readonly string path;
    private readonly byte[] buffer = new byte[MostRecords * UtmpLayout.WideSize];
    private SafeFileHandle handle;
    private long position;

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="records">How many records at its end come first.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public UtmpTail(string path, int records)
    {
        this.path = path;
        handle = Open();
        var length = RandomAccess.GetLength(handle);
        Layout = Detect(length);
        position = Math.Max(0, (length / Layout.Size) - records) * Layout.Size;
    }

    /// <summary>How the records lie.</summary>
    public UtmpLayout Layout { get; private set; }

    /// <summary>The whole slots that were appended since the last call.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        foreach (var slot in Appended())
        {
            yield return slot;
        }

        if (!IsReplaced())
        {
            yield break;
        }

        // What the last writer of the old file still had to write.
        foreach (var slot in Appended())
        {
            yield return slot;
        }

        handle.Dispose();
        handle = Open();
        position = 0;
        Layout = Detect(RandomAccess.GetLength(handle));
        foreach (var slot in Appended())
        {
            yield return slot;
        }
    }

    public void Dispose() => handle.Dispose();

    private IEnumerable<ReadOnlyMemory<byte>> Appended()
    {
        var length = RandomAccess.GetLength(handle);
        if (position == 0)
        {
            // An empty file tells nothing of its layout.
            Layout = Detect(length);
        }

        position = Math.Min(position, length / Layout.Size * Layout.Size);
        while (true)
        {
            var got = RandomAccess.Read(handle, buffer.AsSpan(0, MostRecords * Layout.Size), position);
            if (got < Layout.Size)
            {
                yield break;
            }

            for (var at = 0; at + Layout.Size <= got; at += Layout.Size)
            {
                position += Layout.Size;
                yield return buffer.AsMemory(at, Layout.Size);
            }
        }
    }

    private bool IsReplaced() =>
        FileIdentity.TryOfPath(path, out var named, out _) && FileIdentity.TryOfHandle(handle, out var open, out _)
        && !named.IsSameFile(open);

    private SafeFileHandle Open() =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private UtmpLayout Detect(long length)
    {
        var sample = buffer.AsSpan(0, UtmpLayout.SampleRecords * UtmpLayout.WideSize);
        return UtmpLayout.Detect(sample[..RandomAccess.Read(handle, sample, 0)], length);
    }
}
