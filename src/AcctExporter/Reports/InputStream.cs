// SPDX-License-Identifier: Apache-2.0
using ZstdSharp;

namespace AcctExporter.Reports;

/// <summary>
/// Bytes to be read once, whose beginning can be looked at before. What goes wrong while reading ends them and is kept
/// as <see cref="Fault"/>, so that nothing that came before it is lost.
/// </summary>
/// <param name="inner">The bytes; closed with this.</param>
internal sealed class InputStream(Stream inner) : Stream
{
    private byte[] head = [];
    private int headAt;

    /// <summary>What ended the bytes too early; null when nothing did.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>True when anything was read.</summary>
    public bool HasBegun { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The first bytes, fewer when there are no more. They are read again. Only before any is read.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        var length = head.Length;
        Array.Resize(ref head, Math.Max(count, length));
        while (length < head.Length && ReadInner(head.AsSpan(length)) is > 0 and var read)
        {
            length += read;
        }

        Array.Resize(ref head, length);
        return head;
    }

    public override int Read(Span<byte> buffer)
    {
        if (headAt == head.Length)
        {
            return ReadInner(buffer);
        }

        var length = Math.Min(buffer.Length, head.Length - headAt);
        head.AsSpan(headAt, length).CopyTo(buffer);
        headAt += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadInner(Span<byte> buffer)
    {
        if (Fault is not null)
        {
            return 0;
        }

        try
        {
            var read = inner.Read(buffer);
            HasBegun |= read > 0;
            return read;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException
            or ZstdException)
        {
            Fault = error;
            return 0;
        }
    }
}
