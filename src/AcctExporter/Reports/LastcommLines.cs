// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Exits as <c>lastcomm</c> prints them: <c>cc S     root     pts/0      0.05 secs Sun Nov 22 09:05</c>.
/// </summary>
internal sealed class LastcommLines : ExitLines
{
    private const int UserColumns = 1024;

    private readonly LastcommOptions options;
    private readonly TerminalNames terminals;
    private readonly OwnerNames owners = new();
    private readonly TimeText times;
    private readonly bool showsAll;
    private readonly uint[] columnUids = new uint[UserColumns];
    private readonly ulong[] columns = new ulong[UserColumns];

    /// <summary>Those of one worker.</summary>
    /// <param name="options">Which exits, and what of them.</param>
    /// <param name="terminals">Names of terminals.</param>
    /// <param name="zone">The zone of the times.</param>
    public LastcommLines(LastcommOptions options, TerminalNames terminals, TimeZoneInfo zone)
    {
        this.options = options;
        this.terminals = terminals;
        times = new(zone);
        showsAll = options.Words.Count + options.Users.Count + options.Terminals.Count + options.Commands.Count == 0;
    }

    /// <inheritdoc/>
    public override bool Shows(in AcctEntry entry)
    {
        if (!options.Selection.IsAll && !options.Selection.Matches(entry))
        {
            return false;
        }

        if (showsAll)
        {
            return true;
        }

        var user = owners.User(entry.Record.Uid);
        var terminal = terminals.Of(entry.Record.Tty);
        Span<byte> name = stackalloc byte[CommandName.Size];
        var command = name[..entry.Command.CopyTo(name)];
        return options.Strict ? IsAll(user, terminal, command) : IsAny(user, terminal, command);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override int Write(in AcctEntry entry, Span<byte> line)
    {
        ref readonly var record = ref entry.Record;
        line = line[..LongestBytes];
        CommandField.Write(record, options.PrintControls, line);
        line[16] = (byte)' ';
        CommandField.WriteFlags(record.Flags, line[17..]);
        line[22] = (byte)' ';
        int at;
        if (options.ShowPaging)
        {
            at = 23;
            at += FixedText.Write(entry.MinorFaults, 6, 0, line[at..]);
            at += Put("min "u8, line[at..]);
            at += FixedText.Write(entry.MajorFaults, 6, 0, line[at..]);
            at += Put("maj "u8, line[at..]);
            at += FixedText.Write(entry.Swaps, 4, 0, line[at..]);
            at += Put("swp "u8, line[at..]);
        }
        else
        {
            MemoryMarshal.Write(line[23..], UserColumn(record.Uid));
            line[31] = (byte)' ';
            MemoryMarshal.Write(line[32..], terminals.Column(record.Tty));
            line[40] = (byte)' ';
            at = 41;
        }

        // Whole ticks of 1/100 s are hundredths: the same digits as the quotient's, without its rounding.
        at += entry is { IsTrue: false, TicksPerSecond: (ushort)AcctRecord.DefaultTicksPerSecond }
            ? FixedText.WriteHundredths(
                CompT.Decode(record.UserTicks) + CompT.Decode(record.SystemTicks), 6, line[at..])
            : FixedText.Write((entry.UserTicks + entry.SystemTicks) / entry.TicksPerSecond, 6, 2, line[at..]);
        at += Put(" secs "u8, line[at..]);
        times.WriteShort(record.BeginUnixSeconds, line[at..]);
        at += TimeText.ShortBytes;
        if (options.ShowPid && (record.Version & 0x7f) == 3)
        {
            line[at++] = (byte)' ';
            at += FixedText.WriteSigned((int)record.Pid, 0, line[at..]);
            line[at++] = (byte)' ';
            at += FixedText.WriteSigned((int)record.Ppid, 0, line[at..]);
        }

        line[at++] = (byte)'\n';
        return at;
    }

    private static int Put(ReadOnlySpan<byte> text, Span<byte> line)
    {
        text.CopyTo(line);
        return text.Length;
    }

    private ulong UserColumn(uint uid)
    {
        var slot = uid % UserColumns;
        // No text is eight zeros.
        if (columns[slot] == 0 || columnUids[slot] != uid)
        {
            (columnUids[slot], columns[slot]) = (uid, TerminalNames.AsColumn(Shown(owners.User(uid))));
        }

        return columns[slot];
    }

    /// <summary>A directory server may name somebody so that it moves the cursor; letters of any script stay.</summary>
    private byte[] Shown(byte[] user) => options.PrintControls || user.All(letter => letter is >= 0x20 and not 0x7f)
        ? user : [.. user.Select(letter => letter is < 0x20 or 0x7f ? (byte)'?' : letter)];

    private bool IsAny(ReadOnlySpan<byte> user, ReadOnlySpan<byte> terminal, ReadOnlySpan<byte> command) =>
        Has(options.Words, user) || Has(options.Words, terminal) || Has(options.Words, command)
        || Has(options.Terminals, terminal) || Has(options.Users, user) || Has(options.Commands, command);

    private bool IsAll(ReadOnlySpan<byte> user, ReadOnlySpan<byte> terminal, ReadOnlySpan<byte> command)
    {
        foreach (var word in options.Words)
        {
            var holds = options.StrictAsGnu
                ? user.SequenceEqual(word) && terminal.SequenceEqual(word) && word.AsSpan().StartsWith(command)
                : user.SequenceEqual(word) || terminal.SequenceEqual(word) || command.SequenceEqual(word);
            if (!holds)
            {
                return false;
            }
        }

        return (options.Terminals.Count == 0 || Has(options.Terminals, terminal))
            && (options.Users.Count == 0 || Has(options.Users, user))
            && (options.Commands.Count == 0 || Has(options.Commands, command));
    }

    private static bool Has(IReadOnlyList<byte[]> words, ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (value.SequenceEqual(words[i]))
            {
                return true;
            }
        }

        return false;
    }
}
