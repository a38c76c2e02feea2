// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Logins;

/// <summary>
/// The records of a login file or a pipe one by one, oldest first, in the layout found from its bytes, over damaged
/// records and lost bytes (<see cref="UtmpScanner"/>). Of the data it keeps one block.
/// </summary>
internal sealed class UtmpReader
{
    private const int BufferBytes = 192 * 1024;
    private const int SampleBytes = UtmpLayout.SampleRecords * UtmpLayout.WideSize;

    private readonly Stream input;
    private readonly bool flawedToo;
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private readonly int[] offsets = new int[512];
    private readonly ulong[] flaws = new ulong[UtmpFlaws.Count];
    private int start;
    private int end;
    private int consumed;
    private int count;
    private int next;
    private bool ended;

    /// <summary>Reads the first bytes, and the last ones where it can seek.</summary>
    /// <param name="input">What to read, from where it stands; not closed.</param>
    /// <param name="flawedToo">Gives damaged records too, for who shows all there is.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public UtmpReader(Stream input, bool flawedToo = false)
    {
        this.input = input;
        this.flawedToo = flawedToo;
        var from = input.CanSeek ? input.Position : 0;
        Fill(SampleBytes);
        var length = ended ? end : input.CanSeek ? input.Length - from : -1;
        var tail = length > end ? new byte[Math.Min(SampleBytes, length - end)] : [];
        if (tail.Length > 0)
        {
            input.Position = from + length - tail.Length;
            var got = input.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
            input.Position = from + end;
            tail = tail[..got];
        }

        Layout = UtmpLayout.Detect(buffer.AsSpan(0, Math.Min(end, SampleBytes)), length, tail);
    }

    /// <summary>How the records lie.</summary>
    public UtmpLayout Layout { get; }

    /// <summary>What was wrong so far, by <see cref="UtmpFlaw"/>.</summary>
    public ReadOnlySpan<ulong> Flaws => flaws;

    /// <summary>How often something was wrong so far.</summary>
    public ulong Flawed
    {
        get
        {
            ulong sum = 0;
            foreach (var flaw in flaws)
            {
                sum += flaw;
            }

            return sum;
        }
    }

    /// <summary>The next record; good until the next call.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool TryRead(out UtmpRecord record)
    {
        while (next == count)
        {
            start += consumed;
            consumed = 0;
            if (ended && start == end)
            {
                record = default;
                return false;
            }

            // A full list stopped the last look before the data did.
            if (count < offsets.Length)
            {
                Fill(UtmpScanner.LookAheadBytes);
            }

            count = UtmpScanner.Read(
                buffer.AsSpan(start, end - start), Layout, ended, offsets, flaws, out consumed, flawedToo);
            next = 0;
        }

        record = new(buffer.AsSpan(start + offsets[next++], Layout.Size), Layout);
        return true;
    }

    /// <summary>Reads more: a whole block of a file, of a pipe so much that something can be told of it.</summary>
    private void Fill(int least)
    {
        if (ended)
        {
            return;
        }

        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        var wanted = Math.Min(Math.Max(end + 1, least), buffer.Length);
        while (end < wanted && !ended)
        {
            var got = input.Read(buffer, end, buffer.Length - end);
            end += got;
            ended = got == 0;
        }
    }
}
