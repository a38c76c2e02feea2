// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Reports;

/// <summary>A row for each command, and another for its forks that never called exec.</summary>
internal sealed class SaCommandTally : SaTally
{
    private readonly SaCommandTable commands = new();

    public override int Count => commands.Count;

    /// <summary>The command of a row.</summary>
    public SaCommand CommandOf(int row) => commands[row];

    /// <summary>The row of a command, which it gets if it has none.</summary>
    public int RowOf(SaCommand command) => commands.FindOrAdd(command.Name, command.Forked);

    public override SaFinder NewFinder() => new SaCommandFinder();

    public override int RowOf(SaFinder finder, int number) => RowOf(((SaCommandFinder)finder)[number]);

    /// <summary>The rows as GNU sa's table has them.</summary>
    public int[] ClassicOrder()
    {
        var hashes = new ulong[Count];
        Span<byte> key = stackalloc byte[SaCommand.NameBytes + sizeof(ushort)];
        for (var row = 0; row < Count; row++)
        {
            MemoryMarshal.Write(key, commands[row].Name);
            // As the machine has it in memory.
            MemoryMarshal.Write(key[SaCommand.NameBytes..], commands[row].Forked);
            hashes[row] = ClassicTableOrder.Hash(key);
        }

        return ClassicTableOrder.Of(hashes);
    }
}

/// <summary>A row for each name of a user or group: two uids with one name are one row, as in GNU sa.</summary>
internal sealed class SaOwnerTally(bool groups) : SaTally
{
    private readonly NameTable names = new();
    private readonly OwnerNames owners = new();

    public override int Count => names.Count;

    /// <summary>The name of a row: up to 32 bytes.</summary>
    public ReadOnlySpan<byte> NameOf(int row) => names[row];

    /// <summary>The row of a name, of which 32 bytes count; it gets one if it has none.</summary>
    public int RowOf(ReadOnlySpan<byte> name)
    {
        Span<byte> field = stackalloc byte[NameTable.Width];
        field.Clear();
        name[..Math.Min(name.Length, NameTable.Width)].CopyTo(field);
        return names.FindOrAdd(NameTable.NameOf(field));
    }

    public override SaFinder NewFinder() => new SaOwnerFinder(groups);

    public override int RowOf(SaFinder finder, int number)
    {
        var id = ((SaOwnerFinder)finder)[number];
        return RowOf(groups ? owners.Group(id) : owners.User(id));
    }

    /// <summary>The rows as GNU sa's table has them.</summary>
    public int[] ClassicOrder()
    {
        var hashes = new ulong[Count];
        for (var row = 0; row < Count; row++)
        {
            hashes[row] = ClassicTableOrder.Hash(names[row]);
        }

        return ClassicTableOrder.Of(hashes);
    }
}

/// <summary>A row for each combination of what <c>--by</c> names.</summary>
internal sealed class SaGroupTally(SaKeyPart[] parts) : SaTally
{
    private readonly SaWordFinder keys = new(parts);

    public override int Count => keys.Count;

    /// <summary>The settled key of a row.</summary>
    public ReadOnlySpan<ulong> KeyOf(int row) => keys[row];

    public override SaFinder NewFinder() => new SaWordFinder(parts);

    public override int RowOf(SaFinder finder, int number)
    {
        var met = ((SaWordFinder)finder)[number];
        Span<ulong> key = stackalloc ulong[met.Length];
        met.CopyTo(key);
        var at = 0;
        foreach (var part in parts)
        {
            part.Settle(key[at..]);
            at += part.Words;
        }

        return keys.FindOrAdd(key);
    }
}
