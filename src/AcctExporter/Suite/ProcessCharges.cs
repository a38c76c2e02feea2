// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AcctExporter.Journal;
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>
/// What exits of the journal cost by user, by command and, where asked, by group: exact sums, so that no order and no
/// division into parts shows. Taskstats count where they were joined with an exit, its record where they were not.
/// </summary>
/// <param name="split">Divides the lives of processes.</param>
/// <param name="byGroup">Sums by group are wanted.</param>
internal sealed class ProcessCharges(LifeSplit split, bool byGroup)
{
    private readonly byte[] scratch = new byte[AcctRecord.Size];
    private UserSums others;

    /// <summary>Nothing by command: for who needs little memory.</summary>
    public bool OnlyUsers { get; init; }

    /// <summary>Users that are kept apart; all who come later are <see cref="Others"/>.</summary>
    public int MostUsers { get; init; } = int.MaxValue;

    /// <summary>Sums of the users who are not kept apart.</summary>
    public ref readonly UserSums Others => ref others;

    /// <summary>By number of the user.</summary>
    public UserTable<UserSums> Users { get; } = new();

    /// <summary>By number of the group that each process ran as; empty unless asked for.</summary>
    public UserTable<UserSums> Groups { get; } = new();

    /// <summary>By command.</summary>
    public CommandSummary Commands { get; } = new(split);

    /// <summary>Exits.</summary>
    public ulong Exits { get; private set; }

    /// <summary>Of them those of which the record is all that is known.</summary>
    public ulong Unjoined { get; private set; }

    /// <summary>Of those the ones with something beside the record that cannot be read.</summary>
    public ulong BadSupplements { get; private set; }

    /// <summary>One that adds up alike, for another thread.</summary>
    public ProcessCharges Again() => new(split.Again(), byGroup)
    {
        OnlyUsers = OnlyUsers,
        MostUsers = MostUsers,
    };

    /// <summary>Adds the exits of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(JournalBlock block)
    {
        for (var i = 0; i < block.Count; i++)
        {
            var record = block.RecordOf(i);
            var supplement = block.ExtensionOf(i);
            var ticks = (ushort)AcctRecord.DefaultTicksPerSecond;
            if (record[1] != RawV3.VersionNumber || !BitConverter.IsLittleEndian)
            {
                ticks = HostRecord.Write(record, scratch, ticks);
                record = scratch;
            }

            Add(in MemoryMarshal.AsRef<RawV3>(record), ticks, supplement);
        }

        Exits += (ulong)block.Count;
    }

    /// <summary>Adds all of others.</summary>
    public void Add(ProcessCharges other)
    {
        Add(Users, other.Users);
        Add(Groups, other.Groups);
        Commands.Add(other.Commands);
        others.Add(other.others);
        Exits += other.Exits;
        Unjoined += other.Unjoined;
        BadSupplements += other.BadSupplements;
    }

    /// <summary>Adds all sums by number of others.</summary>
    public static void Add(UserTable<UserSums> into, UserTable<UserSums> other)
    {
        foreach (var (number, _, sums) in other.Sorted())
        {
            into.Of(number).Add(sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(in RawV3 record, ushort ticks, ReadOnlySpan<byte> supplement)
    {
        var name = new CommandName(record.CommandLow, record.CommandHigh);
        ProcessCost cost;
        if (!supplement.IsEmpty && TryTruth(supplement, ref name, out var truth))
        {
            cost = new(CompT.Decode(record.MemoryKib), truth);
        }
        else
        {
            Unjoined++;
            cost = new(record, ticks);
        }

        var parts = split.Parts(record.BeginUnixSeconds, cost.LifeSeconds);
        UserOf(record.Uid).Add(cost, parts);
        if (!OnlyUsers)
        {
            Commands.Add(name, cost, parts);
        }

        if (byGroup)
        {
            Groups.Of(record.Gid).Add(cost, parts);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref UserSums UserOf(uint uid)
    {
        if (Users.Count < MostUsers || Users.Contains(uid))
        {
            return ref Users.Of(uid);
        }

        return ref others;
    }

    private bool TryTruth(ReadOnlySpan<byte> supplement, ref CommandName name, out ExitTruth truth)
    {
        if (!ExitSupplement.TryReadTruth(supplement, out truth, out var better))
        {
            BadSupplements++;
            return false;
        }

        name = better ?? name;
        return true;
    }
}
