// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// The processes that wait for their records: for each pid first in, first out, so that only the first of a pid, or the
/// first few, ever leave.
/// </summary>
internal sealed class EndedProcesses(int limit)
{
    private readonly AgedSlots<Waiting> slots = new(limit);
    private readonly Dictionary<uint, Queue> queues = [];

    /// <summary>The next one has no place: <see cref="DropOldest"/> first.</summary>
    public bool IsFull => slots.IsFull;

    /// <summary>How many wait.</summary>
    public int Count => slots.Count;

    /// <summary>The one that waits longest, or <see cref="AgedSlots{T}.None"/>.</summary>
    public int Oldest => slots.Oldest;

    public ref ProcessSum this[int slot] => ref slots[slot].Process;

    /// <summary>A new, empty process, the last of its pid's queue.</summary>
    public int Append(uint pid)
    {
        var slot = slots.Take();
        slots[slot].Next = AgedSlots<Waiting>.None;
        slots[slot].Process.Pid = pid;
        ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(queues, pid, out var exists);
        if (exists)
        {
            slots[queue.Last].Next = slot;
        }
        else
        {
            queue.First = slot;
        }

        queue.Last = slot;
        return slot;
    }

    /// <summary>The last of the pid's queue, or <see cref="AgedSlots{T}.None"/>.</summary>
    public int NewestOf(uint pid) => queues.TryGetValue(pid, out var queue) ? queue.Last : AgedSlots<Waiting>.None;

    /// <summary>The oldest one that the record is certainly of, or <see cref="AgedSlots{T}.None"/>.</summary>
    public int Find(in ProcessExit exit)
    {
        if (!queues.TryGetValue(exit.Pid, out var queue))
        {
            return AgedSlots<Waiting>.None;
        }

        var found = AgedSlots<Waiting>.None;
        for (var slot = queue.First; slot != AgedSlots<Waiting>.None; slot = slots[slot].Next)
        {
            ref readonly var process = ref slots[slot].Process;
            if (!process.AgreesButForName(in exit))
            {
                continue;
            }

            if (process.KnowsProcess)
            {
                if (process.HasNameOf(in exit))
                {
                    return slot;
                }

                continue;
            }

            // Before version 12 a thread's message looks like a process's, and nothing tells how the thread was called
            // that ended last: only the page faults do not lie. Of several that may be it, none is certain.
            if (!process.HasMoreFaultsThan(in exit) && (process.HasNameOf(in exit) || process.LacksFaultsOf(in exit)))
            {
                if (found != AgedSlots<Waiting>.None)
                {
                    Doubt(queue.First, in exit);
                    return AgedSlots<Waiting>.None;
                }

                found = slot;
            }
        }

        return found;
    }

    /// <summary>
    /// The record may be of this one, which is uncertain, or of any that agrees behind it: so those are uncertain too.
    /// </summary>
    public void Doubt(int slot, in ProcessExit exit)
    {
        for (; slot != AgedSlots<Waiting>.None; slot = slots[slot].Next)
        {
            slots[slot].Process.IsUncertain |= slots[slot].Process.AgreesButForName(in exit);
        }
    }

    /// <summary>
    /// Removes this one, and those of its pid before it, which have no record; returns how many those were (without
    /// those set aside, and threads of before version 12, which have none ever).
    /// </summary>
    public int RemoveThrough(int slot)
    {
        var dropped = 0;
        var first = queues[slots[slot].Process.Pid].First;
        while (first != slot)
        {
            var next = slots[first].Next;
            dropped += RemoveFirst(first);
            first = next;
        }

        RemoveFirst(slot);
        return dropped;
    }

    /// <summary>Removes the one that waits longest; returns what it counts for, as above: 0 or 1.</summary>
    public int DropOldest() => RemoveFirst(slots.Oldest);

    private int RemoveFirst(int slot)
    {
        ref readonly var waiting = ref slots[slot];
        if (waiting.Next == AgedSlots<Waiting>.None)
        {
            queues.Remove(waiting.Process.Pid);
        }
        else
        {
            CollectionsMarshal.GetValueRefOrNullRef(queues, waiting.Process.Pid).First = waiting.Next;
        }

        slots.Release(slot);
        return waiting.Process.KnowsProcess && !waiting.Process.IsUncertain ? 1 : 0;
    }

    private struct Waiting
    {
        public ProcessSum Process;
        public int Next;
    }

    private struct Queue
    {
        public int First;
        public int Last;
    }
}
