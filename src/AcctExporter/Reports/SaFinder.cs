// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    // At once in full: most runs are over before the runtime would have found out that it is worth it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

/// <summary>Finds exits by the number of their user or group.</summary>
/// <param name="groups">True for groups.</param>
internal sealed class SaOwnerFinder(bool groups) : SaFinder
{
    private const int SmallestIndex = 1024;

    private readonly ulong secret = HashSecret.Next();
    private uint[] ids = new uint[SmallestIndex / 4];
    private int count;

    /// <summary>An id in the lower half, and above it one more than its number.</summary>
    private ulong[] slots = new ulong[SmallestIndex];
    private int shift = 64 - BitOperations.Log2(SmallestIndex);

    public override int Count => count;

    /// <summary>The id with some number.</summary>
    public uint this[int number] => ids[number];

    // See above.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Find(ExitBatch batch, ReadOnlySpan<bool> wanted, Span<int> numbers)
    {
        var records = batch.Records;
        numbers = numbers[..records.Length];
        for (var i = 0; i < records.Length; i++)
        {
            numbers[i] = !wanted.IsEmpty && !wanted[i] ? None
                : FindOrAdd(groups ? records[i].Gid : records[i].Uid);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FindOrAdd(uint id)
    {
        var slots = this.slots;
        for (var slot = Slot(id); ; slot = (slot + 1) & (slots.Length - 1))
        {
            var taken = slots[slot & (slots.Length - 1)];
            if (taken == 0)
            {
                return Add(id);
            }

            if ((uint)taken == id)
            {
                return (int)(taken >> 32) - 1;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Add(uint id)
    {
        if (count == ids.Length)
        {
            Array.Resize(ref ids, 2 * count);
            slots = new ulong[8 * count];
            shift--;
            for (var number = 0; number < count; number++)
            {
                Place(number);
            }
        }

        ids[count] = id;
        Place(count);
        return count++;
    }

    private void Place(int number)
    {
        var slot = Slot(ids[number]);
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        slots[slot] = ((ulong)(number + 1) << 32) | ids[number];
    }

    /// <summary>Spread by a secret: processes in user namespaces can choose from billions of ids.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(uint id)
    {
        var product = id * secret;
        return (int)((product ^ (product >> 32)) * secret >> shift);
    }
}
