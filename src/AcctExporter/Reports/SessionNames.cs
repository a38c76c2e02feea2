// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// Names of the users of processes where several have one number: that of the session on the process's terminal, as
/// acctcon1 lists them.
/// </summary>
/// <param name="accounts">Names by numbers, for processes of no session.</param>
/// <param name="compat">Sessions must be sorted by number, as the classic command wants them.</param>
internal sealed class SessionNames(UserNames accounts, bool compat)
{
    private readonly Dictionary<(uint Uid, ushort Tty), List<Spell>> sessions = [];
    private uint lastUid;
    private uint highestBefore;
    private int order;

    /// <summary>Reads sessions.</summary>
    /// <param name="input">Lines of acctcon1.</param>
    /// <param name="complain">Told of a line that is no session, by its number.</param>
    /// <returns>How many lines were left out.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ulong Read(Stream input, Action<long> complain)
    {
        ulong bad = 0;
        var lines = new TextLines(input);
        while (lines.TryRead(out var line))
        {
            if (CtmpText.TryRead(line, out var device, out var uid, out var name, out var split, out var start))
            {
                Add(device, uid, name, start, start + split.PrimeSeconds + split.NonPrimeSeconds);
            }
            else if (!line.Trim(" \t\r"u8).IsEmpty)
            {
                bad++;
                complain(lines.Number);
            }
        }

        foreach (var spells in sessions.Values)
        {
            Sort(spells);
        }

        return bad;
    }

    /// <summary>
    /// The name for a process: of the sessions of its user's number on its terminal that had begun when it did, the one
    /// that ended last. That is the one in which it began, if it began in one.
    /// </summary>
    /// <param name="uid">The user's number.</param>
    /// <param name="tty">The terminal's, as it is in the record; 0 for none.</param>
    /// <param name="begin">When it began.</param>
    public byte[] Of(uint uid, ushort tty, long begin)
    {
        if (sessions.Count == 0 || tty == 0 || !sessions.TryGetValue((uid, tty), out var spells))
        {
            return accounts.Of(uid);
        }

        var (low, high) = (0, spells.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = spells[middle].Start <= begin ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? accounts.Of(uid) : spells[spells[low - 1].LastToEnd].Name;
    }

    private void Add(uint device, uint uid, ReadOnlySpan<byte> name, long start, long end)
    {
        highestBefore = order == 0 ? 0 : Math.Max(highestBefore, lastUid);
        (lastUid, order) = (uid, order + 1);
        if (device == LoginAccounts.None || (compat && uid < highestBefore))
        {
            // The classic command stops to look at the first number that is above the one it wants.
            return;
        }

        var key = (uid, Terminal(device));
        if (!sessions.TryGetValue(key, out var spells))
        {
            spells = [];
            sessions.Add(key, spells);
        }

        spells.Add(new(start, end, order, UserNames.Safe(name), 0));
    }

    /// <summary>A device's number as records have it, from the 32 bits that acctcon1 writes.</summary>
    private static ushort Terminal(uint device)
    {
        var major = (device >> 8) & 0xfff;
        var minor = (device & 0xff) | ((device >> 12) & 0xfff00);
        return (ushort)((major << 8) | minor);
    }

    /// <summary>By their starts; each knows which of those up to it was the last to end.</summary>
    private static void Sort(List<Spell> spells)
    {
        spells.Sort((left, right) => left.Start != right.Start ? left.Start.CompareTo(right.Start)
            : left.Order.CompareTo(right.Order));
        var last = 0;
        for (var i = 0; i < spells.Count; i++)
        {
            last = spells[i].End > spells[last].End ? i : last;
            spells[i] = spells[i] with { LastToEnd = last };
        }
    }

    private readonly record struct Spell(long Start, long End, int Order, byte[] Name, int LastToEnd);
}
