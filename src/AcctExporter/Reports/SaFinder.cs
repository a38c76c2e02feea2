// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Gives each exit of a batch the number of its key: 0 for the key that one worker met first. Workers have one each,
/// so that nothing is shared while they look.
/// </summary>
internal abstract class SaFinder
{
    /// <summary>In place of a number: the exit is not wanted.</summary>
    public const int None = -1;

    /// <summary>Keys met so far.</summary>
    public abstract int Count { get; }

    /// <summary>Finds the keys of a batch.</summary>
    /// <param name="batch">The exits.</param>
    /// <param name="wanted">Which of them count; empty for all.</param>
    /// <param name="numbers">A number, or <see cref="None"/>, for each exit.</param>
    public abstract void Find(ExitBatch batch, ReadOnlySpan<bool> wanted, Span<int> numbers);
}

/// <summary>Finds exits by command and whether they were forked only: the rows of the classic report.</summary>
internal sealed class SaCommandFinder : SaFinder
{
    private const byte ForkedOnly = (byte)AcctFlags.ForkedWithoutExec;

    private readonly SaCommandTable table = new();

    public override int Count => table.Count;

    /// <summary>The command with some number.</summary>
    public SaCommand this[int number] => table[number];

    public override void Find(ExitBatch batch, ReadOnlySpan<bool> wanted, Span<int> numbers)
    {
        // A record is four vectors; the last one is the name.
        var vectors = MemoryMarshal.Cast<byte, Vector128<byte>>(batch.Bytes.AsSpan(0, batch.Count * AcctRecord.Size));
        numbers = numbers[..(vectors.Length / 4)];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!wanted.IsEmpty && !wanted[i])
            {
                numbers[i] = None;
                continue;
            }

            var name = SaCommand.NameOf(vectors[(4 * i) + 3]);
            numbers[i] = table.FindOrAdd(name, (ushort)(vectors[4 * i].ToScalar() & ForkedOnly));
        }
    }
}

/// <summary>Finds exits by some numbers of 64 bits that are made of each: uid, or whatever rows are asked for.</summary>
/// <param name="parts">What makes a key.</param>
internal sealed class SaWordFinder(SaKeyPart[] parts) : SaFinder
{
    private const int SmallestIndex = 1024;

    private readonly int words = parts.Sum(part => part.Words);
    private readonly ulong[] secrets = Secrets(parts.Sum(part => part.Words));
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

    private static ulong[] Secrets(int words)
    {
        var secrets = new ulong[words + 1];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(secrets.AsSpan()));
        for (var i = 0; i < secrets.Length; i++)
        {
            // One that is even loses bits.
            secrets[i] |= 1;
        }

        return secrets;
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
