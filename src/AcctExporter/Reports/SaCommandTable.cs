// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>What <c>sa</c> has a row for: a command's name, and whether it was forked and never called exec.</summary>
/// <param name="Name">Up to 16 bytes, and zeros behind them.</param>
/// <param name="Forked">0, or <c>AFORK</c>, which is 1; from a summary file any number of 16 bits.</param>
internal readonly record struct SaCommand(Vector128<byte> Name, ushort Forked)
{
    /// <summary>Bytes of a name.</summary>
    public const int NameBytes = 16;

    /// <summary>A field of 16 bytes with zeros behind its first zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NameOf(Vector128<byte> field)
    {
        var zeros = Vector128.Equals(field, Vector128<byte>.Zero).ExtractMostSignificantBits();
        // 16 or more without a zero: every place is below it.
        var length = Vector128.Create((byte)BitOperations.TrailingZeroCount(zeros));
        return field & Vector128.LessThan(Vector128<byte>.Indices, length);
    }

    /// <summary>Writes the name without its padding and returns its length, 0 to 16.</summary>
    public int CopyTo(Span<byte> destination)
    {
        Span<byte> field = stackalloc byte[NameBytes];
        Name.CopyTo(field);
        var end = field.IndexOf((byte)0);
        field = end < 0 ? field : field[..end];
        field.CopyTo(destination);
        return field.Length;
    }
}

/// <summary>
/// Numbers for commands, 0 for the first that came. Nothing is allocated for one that is known; one is found in about
/// the same time whoever chose the names, for the hash has a secret.
/// </summary>
internal sealed class SaCommandTable
{
    private const int SmallestIndex = 1024;

    private readonly ulong secret0 = HashSecret.Next();
    private readonly ulong secret1 = HashSecret.Next();
    private readonly ulong secret2 = HashSecret.Next();
    private SaCommand[] commands = new SaCommand[SmallestIndex / 4];
    private int[] slots = new int[SmallestIndex];
    private int shift = 64 - BitOperations.Log2(SmallestIndex);

    /// <summary>Commands in it.</summary>
    public int Count { get; private set; }

    /// <summary>The command with some number.</summary>
    public ref readonly SaCommand this[int number] => ref commands[number];

    /// <summary>The number of a command, which it gets if it has none.</summary>
    /// <param name="name">Its name, with zeros behind its first zero.</param>
    /// <param name="forked">See <see cref="SaCommand.Forked"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindOrAdd(Vector128<byte> name, ushort forked)
    {
        var slots = this.slots;
        var commands = this.commands;
        var mask = slots.Length - 1;
        for (var slot = Slot(name, forked); ; slot = (slot + 1) & mask)
        {
            var number = slots[slot & mask] - 1;
            if ((uint)number >= (uint)commands.Length)
            {
                return Add(new(name, forked));
            }

            ref var command = ref commands[number];
            if (command.Name == name && command.Forked == forked)
            {
                return number;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Add(SaCommand command)
    {
        if (Count == commands.Length)
        {
            Array.Resize(ref commands, 2 * Count);
            slots = new int[8 * Count];
            shift = 64 - BitOperations.Log2((uint)slots.Length);
            for (var number = 0; number < Count; number++)
            {
                Place(number);
            }
        }

        commands[Count] = command;
        Place(Count);
        return Count++;
    }

    private void Place(int number)
    {
        var slot = Slot(commands[number].Name, commands[number].Forked);
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        slots[slot] = number + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(Vector128<byte> name, ushort forked)
    {
        var words = name.AsUInt64();
        var sum = (words[0] * secret0) + (words[1] * secret1) + (forked * secret2);
        return (int)((sum ^ (sum >> 32)) * secret0 >> shift);
    }
}
