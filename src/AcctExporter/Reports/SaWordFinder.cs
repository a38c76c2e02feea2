// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>Finds exits by some numbers of 64 bits that are made of each: whatever rows are asked for.</summary>
/// <param name="parts">What makes a key.</param>
internal sealed class SaWordFinder(SaKeyPart[] parts) : SaFinder
{
    private const int SmallestIndex = 1024;

    private readonly int words = parts.Sum(part => part.Words);
    private readonly ulong[] secrets =
        [.. Enumerable.Range(0, parts.Sum(part => part.Words) + 1).Select(_ => HashSecret.Next())];
    private ulong[] keys = new ulong[SmallestIndex / 4 * parts.Sum(part => part.Words)];
    private int[] slots = new int[SmallestIndex];
    private int shift = 64 - BitOperations.Log2(SmallestIndex);
    private int count;

    public override int Count => count;

    /// <summary>The words of the key with some number.</summary>
    public ReadOnlySpan<ulong> this[int number] => keys.AsSpan(number * words, words);

    public override void Find(ExitBatch batch, ReadOnlySpan<bool> wanted, Span<int> numbers)
    {
        Span<ulong> key = stackalloc ulong[words];
        for (var i = 0; i < batch.Count; i++)
        {
            if (!wanted.IsEmpty && !wanted[i])
            {
                numbers[i] = None;
                continue;
            }

            var entry = batch[i];
            var at = 0;
            foreach (var part in parts)
            {
                part.Write(entry, key[at..]);
                at += part.Words;
            }

            numbers[i] = FindOrAdd(key);
        }
    }

    /// <summary>The number of a key, which it gets if it has none.</summary>
    public int FindOrAdd(ReadOnlySpan<ulong> key)
    {
        var mask = slots.Length - 1;
        for (var slot = Slot(key); ; slot = (slot + 1) & mask)
        {
            var number = slots[slot] - 1;
            if (number < 0)
            {
                return Add(key);
            }

            if (this[number].SequenceEqual(key))
            {
                return number;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Add(ReadOnlySpan<ulong> key)
    {
        if ((count + 1) * words > keys.Length)
        {
            Array.Resize(ref keys, 2 * keys.Length);
            slots = new int[2 * slots.Length];
            shift--;
            for (var number = 0; number < count; number++)
            {
                Place(number);
            }
        }

        key.CopyTo(keys.AsSpan(count * words));
        Place(count);
        return count++;
    }

    private void Place(int number)
    {
        var slot = Slot(this[number]);
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        slots[slot] = number + 1;
    }

    private int Slot(ReadOnlySpan<ulong> key)
    {
        var sum = 0UL;
        for (var i = 0; i < key.Length; i++)
        {
            sum += key[i] * secrets[i];
        }

        return (int)((sum ^ (sum >> 32)) * secrets[^1] >> shift);
    }
}
