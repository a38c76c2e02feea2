// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>
/// The threaded processes that ended a moment ago: by them a message of a thread that was overtaken by its last sibling
/// is told from one of the next process with that pid.
/// </summary>
internal sealed class LastEnds(int limit)
{
    private readonly AgedSlots<LastEnd> slots = new(limit);
    private readonly Dictionary<uint, int> byProcess = [];

    /// <summary>How many there are.</summary>
    public int Count => slots.Count;

    public ref LastEnd this[int slot] => ref slots[slot];

    /// <summary>The slot of the last process with this id, or <see cref="AgedSlots{T}.None"/>.</summary>
    public int Find(uint tgid) =>
        slots.Count != 0 && byProcess.TryGetValue(tgid, out var slot) ? slot : AgedSlots<LastEnd>.None;

    /// <summary>
    /// Remembers an end, in the place of an earlier one of the same id. Over the limit the oldest goes.
    /// </summary>
    public void Remember(in LastEnd end)
    {
        Forget(end.Tgid);
        if (slots.IsFull)
        {
            Forget(slots[slots.Oldest].Tgid);
        }

        var slot = slots.Take();
        slots[slot] = end;
        byProcess.Add(end.Tgid, slot);
    }

    /// <summary>Another process has had the id since: no sibling can come any more.</summary>
    public void Forget(uint tgid)
    {
        if (slots.Count != 0 && byProcess.Remove(tgid, out var slot))
        {
            slots.Release(slot);
        }
    }

    /// <summary>Forgets what ended before the time.</summary>
    public void Expire(long before)
    {
        while (slots.Count != 0 && slots[slots.Oldest].EndedMicroseconds < before)
        {
            Forget(slots[slots.Oldest].Tgid);
        }
    }
}

/// <summary>One threaded process that ended.</summary>
/// <param name="Tgid">Its id.</param>
/// <param name="Serial">Its <see cref="ProcessSum.Serial"/>.</param>
/// <param name="Start">When it began.</param>
/// <param name="EarliestEndMicroseconds">
/// It did not end before this: the next process with this id began later.
/// </param>
/// <param name="EndedMicroseconds">When the message of its last thread was received.</param>
internal record struct LastEnd(
    uint Tgid, long Serial, StartWindow Start, long EarliestEndMicroseconds, long EndedMicroseconds)
{
    /// <summary>
    /// When a thread came last of which nobody knows whether it is this process's or the next one's; 0 for none did.
    /// </summary>
    public long DoubtMicroseconds { get; set; }
}
