// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;

namespace AcctExporter.Reports;

/// <summary>
/// Bytes on their way to a report's output, gathered in one buffer: texts, padded columns and numbers, with nothing
/// allocated for a line. What is in it is written by <see cref="Flush"/>, and when it is full.
/// </summary>
/// <param name="output">Where they go; not closed.</param>
internal sealed class ReportText(Stream output)
{
    private const int Bytes = 64 * 1024;

    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(Bytes);
    private int used;

    /// <summary>Room for at least so many bytes, at most 4096; tell with <see cref="Advance"/> what was used.</summary>
    public Span<byte> Room(int bytes)
    {
        if (buffer.Length - used < bytes)
        {
            Flush();
        }

        return buffer.AsSpan(used);
    }

    /// <summary>So many bytes of <see cref="Room"/> were written.</summary>
    public void Advance(int bytes) => used += bytes;

    /// <summary>The bytes as they are.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        while (text.Length > buffer.Length - used)
        {
            var part = text[..(buffer.Length - used)];
            part.CopyTo(buffer.AsSpan(used));
            used += part.Length;
            text = text[part.Length..];
            Flush();
        }

        text.CopyTo(buffer.AsSpan(used));
        used += text.Length;
    }

    /// <summary>One byte.</summary>
    public void Add(byte value)
    {
        if (used == buffer.Length)
        {
            Flush();
        }

        buffer[used++] = value;
    }

    /// <summary>The same byte several times.</summary>
    public void Add(byte value, int times)
    {
        for (; times > 0; times--)
        {
            Add(value);
        }
    }

    /// <summary>A number in decimal.</summary>
    public void Add(long value)
    {
        var room = Room(20);
        Utf8Formatter.TryFormat(value, room, out var written);
        used += written;
    }

    /// <summary>A number in decimal, right-justified in a column of some width (<c>%8d</c>).</summary>
    public void Add(long value, int width)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var written);
        Add((byte)' ', width - written);
        Add(digits[..written]);
    }

    /// <summary>A text, left-justified in a column, cut off or not (<c>%-8.8s</c>, <c>%-8s</c>).</summary>
    public void AddLeft(ReadOnlySpan<byte> text, int width, int longest = int.MaxValue)
    {
        text = text[..Math.Min(text.Length, longest)];
        Add(text);
        Add((byte)' ', width - text.Length);
    }

    /// <summary>Everything so far to the output.</summary>
    /// <exception cref="IOException">It cannot be written: nobody reads it any more, or no space.</exception>
    public void Flush()
    {
        var length = used;
        used = 0;
        output.Write(buffer, 0, length);
    }
}
