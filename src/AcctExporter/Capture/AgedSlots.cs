// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>
/// Up to a limit of values in one array, each at a place that does not change, and known by age: the oldest is the one
/// that was taken or renewed least recently. Allocates only while it grows. Not for several threads.
/// </summary>
internal sealed class AgedSlots<T>(int limit)
    where T : struct
{
    /// <summary>No slot.</summary>
    public const int None = -1;

    private T[] values = new T[Math.Min(limit, 64)];
    private Neighbours[] links = new Neighbours[Math.Min(limit, 64)];
    private int used;
    private int free = None;
    private int newest = None;

    /// <summary>How many slots are taken.</summary>
    public int Count { get; private set; }

    /// <summary>The next one to take has no place: the oldest must go first.</summary>
    public bool IsFull => Count == limit;

    /// <summary>The slot taken or renewed least recently, or <see cref="None"/>.</summary>
    public int Oldest { get; private set; } = None;

    /// <summary>The value of a slot. The reference is good until the next <see cref="Take"/>.</summary>
    public ref T this[int slot] => ref values[slot];

    /// <summary>A cleared slot, the newest from now on.</summary>
    public int Take()
    {
        if (IsFull)
        {
            throw new InvalidOperationException("No slot is free.");
        }

        var slot = free;
        if (slot != None)
        {
            free = links[slot].Newer;
            values[slot] = default;
        }
        else
        {
            if (used == values.Length)
            {
                var length = Math.Min(limit, used * 2);
                Array.Resize(ref values, length);
                Array.Resize(ref links, length);
            }

            slot = used++;
        }

        Count++;
        Append(slot);
        return slot;
    }

    /// <summary>Makes the slot the newest.</summary>
    public void Renew(int slot)
    {
        if (slot != newest)
        {
            Unlink(slot);
            Append(slot);
        }
    }

    /// <summary>Gives the slot back.</summary>
    public void Release(int slot)
    {
        Unlink(slot);
        links[slot].Newer = free;
        free = slot;
        Count--;
    }

    private void Append(int slot)
    {
        links[slot] = new(newest, None);
        if (newest != None)
        {
            links[newest].Newer = slot;
        }
        else
        {
            Oldest = slot;
        }

        newest = slot;
    }

    private void Unlink(int slot)
    {
        var (older, newer) = (links[slot].Older, links[slot].Newer);
        if (older != None)
        {
            links[older].Newer = newer;
        }
        else
        {
            Oldest = newer;
        }

        if (newer != None)
        {
            links[newer].Older = older;
        }
        else
        {
            newest = older;
        }
    }

    private struct Neighbours(int older, int newer)
    {
        public int Older = older;
        public int Newer = newer;
    }
}
