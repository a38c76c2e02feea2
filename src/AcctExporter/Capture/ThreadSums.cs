// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// The processes of which threads have ended, but not the last: for a server this lasts months. Over the limit the one
/// that was quiet longest goes.
/// </summary>
internal sealed class ThreadSums(int limit)
{
    private readonly AgedSlots<ProcessSum> slots = new(limit);
    private readonly Dictionary<uint, int> byProcess = [];

    /// <summary>The next one to open has no place: <see cref="DropOldest"/> first.</summary>
    public bool IsFull => slots.IsFull;

    /// <summary>How many processes there are.</summary>
    public int Count => slots.Count;

    public ref ProcessSum this[int slot] => ref slots[slot];

    /// <summary>The slot of a process, or <see cref="AgedSlots{T}.None"/>.</summary>
    public int Find(uint tgid) =>
        slots.Count != 0 && byProcess.TryGetValue(tgid, out var slot) ? slot : AgedSlots<ProcessSum>.None;

    /// <summary>A new, empty sum of a process that has none.</summary>
    public int Open(uint tgid)
    {
        var slot = slots.Take();
        slots[slot].Pid = tgid;
        byProcess.Add(tgid, slot);
        return slot;
    }

    /// <summary>Adds a thread.</summary>
    public void Add(int slot, in ThreadExit thread)
    {
        slots[slot].Add(in thread);
        slots.Renew(slot);
    }

    /// <summary>Forgets a sum; returns how many threads were in it.</summary>
    public int Close(int slot)
    {
        byProcess.Remove(slots[slot].Pid);
        slots.Release(slot);
        return slots[slot].Threads;
    }

    /// <summary>
    /// Forgets the one that was quiet longest; returns how many threads were in it, 0 when there is none.
    /// </summary>
    public int DropOldest() => slots.Count == 0 ? 0 : Close(slots.Oldest);
}
