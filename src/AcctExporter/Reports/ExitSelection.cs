// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Which exits a process report shows: the same options for every report. Each that is given must hold; of several
/// values of one option, one. Nothing is allocated for an exit.
/// </summary>
internal sealed class ExitSelection
{
    /// <summary>Every exit.</summary>
    public static readonly ExitSelection All = new();

    /// <summary>Sums of CPU time have fractions of ticks: a tenth of a microsecond is no difference.</summary>
    private const double TicksOfNoMatter = 1e-5;

    private uint[]? users;
    private uint[]? groups;
    private ushort[]? terminals;
    private CommandPattern[]? commands;
    private bool[]? signals;
    private bool[]? exitCodes;

    /// <summary>Ended by a process of one of these users; null: of any.</summary>
    public IReadOnlyCollection<uint>? Users { init => users = Sorted(value); }

    /// <summary>Likewise, of these groups.</summary>
    public IReadOnlyCollection<uint>? Groups { init => groups = Sorted(value); }

    /// <summary>On one of these terminals, by device number (<see cref="TtyName"/>); 0 is none.</summary>
    public IReadOnlyCollection<ushort>? Terminals { init => terminals = Sorted(value); }

    /// <summary>With a name that one of these means.</summary>
    public IReadOnlyCollection<CommandPattern>? Commands { init => commands = value?.ToArray(); }

    /// <summary>Ended by one of these signals, 1 to 127.</summary>
    public IReadOnlyCollection<int>? Signals { init => signals = Marked(value, SignalName.Count); }

    /// <summary>Ended by itself, with one of these codes, 0 to 255.</summary>
    public IReadOnlyCollection<int>? ExitCodes { init => exitCodes = Marked(value, 256); }

    /// <summary>The kernel says that a core was written.</summary>
    public bool Core { get; init; }

    /// <summary>Ended in this second of Unix time or later.</summary>
    public long? SinceSeconds { get; init; }

    /// <summary>Ended in this second of Unix time or earlier.</summary>
    public long? UntilSeconds { get; init; }

    /// <summary>The least CPU time, of user and system together.</summary>
    public double MinCpuSeconds { get; init; }

    /// <summary>The least time from start to end.</summary>
    public double MinElapsedSeconds { get; init; }

    /// <summary>True when nothing is left out: what a fast path asks.</summary>
    public bool IsAll => users is null && groups is null && terminals is null && commands is null && signals is null
        && exitCodes is null && !Core && SinceSeconds is null && UntilSeconds is null && MinCpuSeconds <= 0
        && MinElapsedSeconds <= 0;

    /// <summary>True when the exit is to be shown.</summary>
    public bool Matches(in AcctEntry entry)
    {
        // The cheap ones, and those that leave out most, before those that decode.
        ref readonly var record = ref entry.Record;
        return (users is null || Contains(users, record.Uid))
            && (groups is null || Contains(groups, record.Gid))
            && (terminals is null || Contains(terminals, record.Tty))
            && (!Core || entry.Status.DumpedCore)
            && (signals is null || signals[entry.Status.Signal])
            && (exitCodes is null || (entry.Status.Signal == 0 && exitCodes[entry.Status.Code]))
            && (commands is null || IsMeant(entry.Command))
            && (MinCpuSeconds <= 0 || Reaches(entry.UserTicks + entry.SystemTicks, MinCpuSeconds, entry))
            && (MinElapsedSeconds <= 0 || Reaches(entry.ElapsedTicks, MinElapsedSeconds, entry))
            && ((SinceSeconds is null && UntilSeconds is null) || IsInTime(entry.EndUnixSeconds));
    }

    private static bool Reaches(double ticks, double seconds, in AcctEntry entry) =>
        ticks >= (seconds * entry.TicksPerSecond) - TicksOfNoMatter;

    private bool IsInTime(long end) => !(end < SinceSeconds) && !(end > UntilSeconds);

    private bool IsMeant(CommandName name)
    {
        foreach (var command in commands!)
        {
            if (command.Matches(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Mostly it is one.</summary>
    private static bool Contains<T>(T[] sorted, T value)
        where T : struct, IComparable<T>, IEquatable<T> =>
        sorted.Length == 1 ? sorted[0].Equals(value) : Array.BinarySearch(sorted, value) >= 0;

    private static T[]? Sorted<T>(IReadOnlyCollection<T>? values) => values is null ? null : [.. values.Order()];

    private static bool[]? Marked(IReadOnlyCollection<int>? values, int length)
    {
        if (values is null)
        {
            return null;
        }

        var marks = new bool[length];
        foreach (var value in values)
        {
            marks[value] = true;
        }

        return marks;
    }
}
