// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>
/// What the processes of each command cost (<c>acctcms</c>): exact sums of whole numbers by the whole name. The same
/// processes give the same summary in any order, and in any number of parts that are put together later.
/// </summary>
/// <param name="split">Divides the lives of processes.</param>
internal sealed class CommandSummary(LifeSplit split) : ICommandSummary
{
    private CommandNumbers names = new();
    private CommandSums[] sums = new CommandSums[64];

    /// <summary>Commands in it.</summary>
    public int Count => names.Count;

    /// <summary>The name of one of them.</summary>
    public CommandName Name(int number) => names[number];

    /// <summary>What its processes cost.</summary>
    public ref readonly CommandSums Sums(int number) => ref sums[number];

    /// <inheritdoc/>
    public void Add(in AcctEntry entry, bool isSystemV)
    {
        var cost = new ProcessCost(entry, isSystemV);
        var name = entry.Command;
        Of(CommandName.IsPadded(name.Low, name.High) ? name : Padded(name))
            .Add(cost, split.Parts(entry.Record.BeginUnixSeconds, cost.LifeSeconds));
    }

    /// <summary>Adds the processes of records that say everything (<c>ExitBatch.IsPlain</c>): faster.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<RawV3> records)
    {
        foreach (ref readonly var record in records)
        {
            var cost = new ProcessCost(record);
            var name = new CommandName(record.CommandLow, record.CommandHigh);
            Of(CommandName.IsPadded(name.Low, name.High) ? name : Padded(name))
                .Add(cost, split.Parts(record.BeginUnixSeconds, cost.LifeSeconds));
        }
    }

    /// <summary>Adds what a process cost, divided as its life is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(CommandName name, in ProcessCost cost, PrimeSplit parts) =>
        Of(CommandName.IsPadded(name.Low, name.High) ? name : Padded(name)).Add(cost, parts);

    /// <summary>Adds all of another summary.</summary>
    public void Add(CommandSummary other)
    {
        for (var number = 0; number < other.Count; number++)
        {
            Add(other.Name(number), other.Sums(number));
        }
    }

    /// <inheritdoc/>
    public void Add(CommandName name, in CommandSums more) => Of(name).Add(more);

    /// <inheritdoc/>
    public bool TryAdd(in ClassicCms cms, bool isTotal)
    {
        if (!cms.TrySums(isTotal, out var more))
        {
            return false;
        }

        Add(cms.Name, more);
        return true;
    }

    /// <inheritdoc/>
    public void PutSinglesTogether()
    {
        var (oldNames, old) = (names, sums);
        (names, sums) = (new(), new CommandSums[64]);
        for (var number = 0; number < oldNames.Count; number++)
        {
            Add(old[number].Total.Processes <= 1 ? ClassicCms.Other : oldNames[number], old[number]);
        }
    }

    /// <inheritdoc/>
    public CommandFigures[] Figures(CommandView view) => [.. Enumerable.Range(0, Count)
        .Select(number => CommandFigures.Of(number, names[number], sums[number], view))];

    /// <inheritdoc/>
    public CommandFigures Total(CommandView view, IReadOnlyList<CommandFigures> rows)
    {
        var total = default(CommandSums);
        foreach (var row in rows)
        {
            total.Add(sums[row.Row]);
        }

        return CommandFigures.Of(-1, default, total, view);
    }

    /// <summary>The numbers of the commands in the order of their names' bytes.</summary>
    public int[] ByName()
    {
        var order = Enumerable.Range(0, Count).ToArray();
        Array.Sort(order, (left, right) => Compare(names[left], names[right]));
        return order;
    }

    /// <summary>Which of two names comes first: that with the smaller byte where they begin to differ.</summary>
    public static int Compare(CommandName left, CommandName right)
    {
        var first = BinaryPrimitives.ReverseEndianness(left.Low)
            .CompareTo(BinaryPrimitives.ReverseEndianness(right.Low));
        return first != 0 ? first : BinaryPrimitives.ReverseEndianness(left.High)
            .CompareTo(BinaryPrimitives.ReverseEndianness(right.High));
    }

    private static CommandName Padded(CommandName name)
    {
        Span<byte> bytes = stackalloc byte[CommandName.Size];
        return CommandName.From(bytes[..name.CopyTo(bytes)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref CommandSums Of(CommandName name)
    {
        var number = names.FindOrAdd(name);
        if (number >= sums.Length)
        {
            Array.Resize(ref sums, Math.Max(2 * sums.Length, number + 1));
        }

        return ref sums[number];
    }
}
