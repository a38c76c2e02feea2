// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>
/// Numbers for names of commands, 0 for the first that came. A name is found in about the same time whoever chose the
/// names, for the hash has a secret; nothing is allocated for one that is known.
/// </summary>
internal sealed class CommandNumbers
{
    private readonly ulong secret0 = HashSecret.Next();
    private readonly ulong secret1 = HashSecret.Next();
    private CommandName[] names = new CommandName[64];
    private int[] slots = new int[256];
    private int shift = 32 - 8;

    /// <summary>Names in it.</summary>
    public int Count { get; private set; }

    /// <summary>The name with some number.</summary>
    public CommandName this[int number] => names[number];

    /// <summary>The number of a name, which it gets if it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindOrAdd(CommandName name)
    {
        var mask = slots.Length - 1;
        for (var slot = Slot(name); ; slot = (slot + 1) & mask)
        {
            var number = slots[slot] - 1;
            if (number < 0)
            {
                return Add(name);
            }

            if (names[number] == name)
            {
                return number;
            }
        }
    }

    private int Add(CommandName name)
    {
        if (Count == names.Length)
        {
            Array.Resize(ref names, 2 * Count);
            slots = new int[8 * Count];
            shift = 32 - System.Numerics.BitOperations.Log2((uint)slots.Length);
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

    /// <summary>Both halves times a secret each, folded: which names meet depends on the secrets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(CommandName name)
    {
        var high = Math.BigMul(name.Low ^ secret1, secret0, out var low);
        var mixed = (high ^ low) + name.High;
        high = Math.BigMul(mixed ^ secret0, secret1, out low);
        return (int)((uint)((high ^ low) >> 32) >> shift);
    }
}
