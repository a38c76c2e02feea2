// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Capture;

/// <content>
/// Where the entries stand: in one array, each in the list of its pid, oldest first, or of free places.
/// </content>
internal sealed partial class CgroupTable
{
    private readonly Dictionary<uint, int> oldest = [];
    private Entry[] entries = new Entry[1024];
    private int entryCount;
    private int freeEntry = None;
    private int alive;

    private void Clear()
    {
        oldest.Clear();
        entryCount = 0;
        alive = 0;
        freeEntry = None;
    }

    private int Newest(uint pid)
    {
        var at = oldest.GetValueOrDefault(pid, None);
        while (at != None && entries[at].Next != None)
        {
            at = entries[at].Next;
        }

        return at;
    }

    private int First(uint pid, Func<Entry, bool> which)
    {
        var at = oldest.GetValueOrDefault(pid, None);
        while (at != None && !which(entries[at]))
        {
            at = entries[at].Next;
        }

        return at;
    }

    private int Add(uint pid, int scope)
    {
        if (alive >= most)
        {
            return None;
        }

        var at = freeEntry;
        if (at == None)
        {
            if (entryCount == entries.Length)
            {
                Array.Resize(ref entries, entries.Length * 2);
            }

            at = entryCount++;
        }
        else
        {
            freeEntry = entries[at].Next;
        }

        entries[at] = new Entry { Pid = pid, Scope = scope, Next = None, Used = true, LookedNanoseconds = now };
        var before = Newest(pid);
        if (before == None)
        {
            oldest.Add(pid, at);
        }
        else
        {
            entries[before].Next = at;
        }

        alive++;
        return at;
    }

    private void Remove(int gone)
    {
        var next = entries[gone].Next;
        ref var link = ref CollectionsMarshal.GetValueRefOrNullRef(oldest, entries[gone].Pid);
        if (link != gone)
        {
            var at = link;
            while (entries[at].Next != gone)
            {
                at = entries[at].Next;
            }

            entries[at].Next = next;
        }
        else if (next == None)
        {
            oldest.Remove(entries[gone].Pid);
        }
        else
        {
            link = next;
        }

        entries[gone] = new Entry { Next = freeEntry };
        freeEntry = gone;
        alive--;
    }

    /// <summary>One process; in the list of its pid, or in that of free places.</summary>
    private struct Entry
    {
        public long LookedNanoseconds;
        public long ExitNanoseconds;
        public uint Pid;
        public int Scope;
        public int Next;
        public bool Used;
        public bool ExitSeen;
        public bool RecordTaken;

        /// <summary>Found by the scan: its fork event is to come at most from before.</summary>
        public bool Scanned;
    }
}
