// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

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

    private static readonly Vector256<byte> Places = Vector256<byte>.Indices;

    private readonly ulong[] secret = Secret();
    private Vector256<byte>[] names = new Vector256<byte>[64];
    private int[] slots = new int[256];
    private int shift = 64 - 8;

    /// <summary>Names in it.</summary>
    public int Count { get; private set; }

    /// <summary>A field of 32 bytes with zeros behind its first zero: what is compared.</summary>
    public static Vector256<byte> NameOf(ReadOnlySpan<byte> field)
    {
        var bytes = Vector256.Create(field);
        var zeros = Vector256.Equals(bytes, Vector256<byte>.Zero).ExtractMostSignificantBits();
        // 32 without a zero: every place is below it.
        return bytes & Vector256.LessThan(Places, Vector256.Create((byte)BitOperations.TrailingZeroCount(zeros)));
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
    public int FindOrAdd(Vector256<byte> name)
    {
        var number = Find(name);
        return number >= 0 ? number : Add(name);
    }

    /// <summary>Numbers of names in the order of the names' bytes.</summary>
    public void Sort(Span<int> numbers) => numbers.Sort((left, right) => this[left].SequenceCompareTo(this[right]));

    private static ulong[] Secret()
    {
        var secret = new ulong[4];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(secret.AsSpan()));
        return secret;
    }

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

    private int Slot(Vector256<byte> name)
    {
        var words = name.AsUInt64();
        var (a, b, c, d) = (secret[0] | 1, secret[1] | 1, secret[2] | 1, secret[3] | 1);
        var sum = (words[0] * a) + (words[1] * b) + (words[2] * c) + (words[3] * d);
        return (int)((sum ^ (sum >> 32)) * a >> shift);
    }
}
