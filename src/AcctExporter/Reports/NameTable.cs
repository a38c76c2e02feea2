// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Numbers for the users or lines of login records, 0 for the first that came. A name is the bytes of a field of 32 up
/// to the first NUL. Nothing is allocated for a name that is known; a name is found in about the same time whoever
/// chose the names, for the hash has a secret.
/// </summary>
internal sealed class NameTable
{
    /// <summary>Bytes of a field.</summary>
    public const int Width = 32;

    private readonly ulong secret0 = HashSecret.Next();
    private readonly ulong secret1 = HashSecret.Next();
    private readonly ulong secret2 = HashSecret.Next();
    private readonly ulong secret3 = HashSecret.Next();
    private Vector256<byte>[] names = new Vector256<byte>[64];
    private int[] slots = new int[256];
    private int shift = 64 - 8;

    /// <summary>Names in it.</summary>
    public int Count { get; private set; }

    /// <summary>A field of 32 bytes with zeros behind its first zero: what is compared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> NameOf(ReadOnlySpan<byte> field)
    {
        var bytes = Vector256.Create(field);
        var zeros = Vector256.Equals(bytes, Vector256<byte>.Zero).ExtractMostSignificantBits();
        // 32 without a zero: every place is below it.
        var length = Vector256.Create((byte)BitOperations.TrailingZeroCount(zeros));
        return bytes & Vector256.LessThan(Vector256<byte>.Indices, length);
    }

    /// <summary>The name with some number, without what is behind its end.</summary>
    public ReadOnlySpan<byte> this[int number]
    {
        get
        {
            var field = MemoryMarshal.AsBytes(names.AsSpan(number, 1));
            var end = field.IndexOf((byte)0);
            return end < 0 ? field : field[..end];
        }
    }

    /// <summary>The number of a name; less than 0 when it is not in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(Vector256<byte> name)
    {
        var mask = slots.Length - 1;
        for (var slot = Slot(name); ; slot = (slot + 1) & mask)
        {
            var number = slots[slot] - 1;
            if (number < 0 || names[number] == name)
            {
                return number;
            }
        }
    }

    /// <summary>The number of a name, which it gets if it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindOrAdd(Vector256<byte> name)
    {
        var number = Find(name);
        return number >= 0 ? number : Add(name);
    }

    /// <summary>Numbers of names in the order of the names' bytes.</summary>
    public void Sort(Span<int> numbers) => numbers.Sort((left, right) => this[left].SequenceCompareTo(this[right]));

    private int Add(Vector256<byte> name)
    {
        if (Count == names.Length)
        {
            Array.Resize(ref names, 2 * Count);
            slots = new int[8 * Count];
            shift = 64 - BitOperations.Log2((uint)slots.Length);
            for (var number = 0; number < Count; number++)
            {
                Place(number);
            }
        }

        names[Count] = name;
        Place(Count);
        return Count++;
    }

    private void Place(int number)
    {
        var slot = Slot(names[number]);
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        slots[slot] = number + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(Vector256<byte> name)
    {
        var words = name.AsUInt64();
        var sum = (words[0] * secret0) + (words[1] * secret1) + (words[2] * secret2) + (words[3] * secret3);
        return (int)((sum ^ (sum >> 32)) * secret0 >> shift);
    }
}
