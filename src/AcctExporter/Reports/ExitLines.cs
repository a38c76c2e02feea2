// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Exits as lines of text, gathered batch by batch in a buffer. Each worker has its own, with what it keeps from line
/// to line; nothing is allocated for a line.
/// </summary>
internal abstract class ExitLines
{
    /// <summary>More than any line takes.</summary>
    protected const int LongestBytes = 1024;

    private byte[] buffer = GC.AllocateUninitializedArray<byte>(ExitBatch.Capacity * 64);
    private int used;

    /// <summary>The lines.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, used);

    /// <summary>How many they are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a batch's lines instead of those before.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="most">No more lines than so many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(ExitBatch batch, long most = long.MaxValue)
    {
        Clear();
        for (var i = 0; i < batch.Count && Count < most; i++)
        {
            var entry = batch[i];
            if (Shows(entry))
            {
                Add(entry);
            }
        }
    }

    /// <summary>Forgets the lines.</summary>
    public void Clear() => (used, Count) = (0, 0);

    /// <summary>Adds a line.</summary>
    public void Add(in AcctEntry entry)
    {
        if (buffer.Length - used < LongestBytes)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        used += Write(entry, buffer.AsSpan(used));
        Count++;
    }

    /// <summary>True when an exit is asked for.</summary>
    public abstract bool Shows(in AcctEntry entry);

    /// <summary>Writes the line of an exit, if it has one.</summary>
    /// <param name="entry">The exit.</param>
    /// <param name="line">At least <see cref="LongestBytes"/>.</param>
    /// <returns>How many bytes it has.</returns>
    protected abstract int Write(in AcctEntry entry, Span<byte> line);
}
