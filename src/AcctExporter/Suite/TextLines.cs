// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>The lines of a stream as bytes, without their line feeds. Of the data it keeps one block.</summary>
/// <param name="input">What to read; not closed.</param>
/// <param name="end">What ends a line.</param>
internal sealed class TextLines(Stream input, byte end = (byte)'\n')
{
    /// <summary>What is longer is cut here; no line that we can read is.</summary>
    public const int LongestBytes = 4096;

    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(64 * 1024);
    private int start;
    private int filled;
    private bool cut;
    private bool ended;

    /// <summary>The number of the last line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line; good until the next call.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var rest = buffer.AsSpan(start, filled - start);
            var length = rest.IndexOf(end);
            var whole = length >= 0 || (ended && rest.Length > 0);
            if (whole || rest.Length > LongestBytes)
            {
                var wasCut = cut;
                cut = !whole;
                line = rest[..Math.Min(length < 0 ? rest.Length : length, LongestBytes)];
                start += length < 0 ? rest.Length : length + 1;
                if (wasCut)
                {
                    // What stands behind the cut is of no line.
                    continue;
                }

                Number++;
                return true;
            }

            if (ended)
            {
                line = default;
                return false;
            }

            rest.CopyTo(buffer);
            (start, filled) = (0, rest.Length);
            var got = input.Read(buffer, filled, buffer.Length - filled);
            filled += got;
            ended = got == 0;
        }
    }
}
