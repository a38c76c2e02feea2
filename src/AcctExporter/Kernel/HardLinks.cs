// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace AcctExporter.Kernel;

/// <summary>
/// Which files of several names were met already, by device and inode: at most 22 bytes each. Only those need a place
/// here, as one with a single name is not met twice. Any thread may ask.
/// </summary>
internal sealed class HardLinks
{
    private const int Shards = 16;

    private readonly ConcurrentDictionary<ulong, Shard[]> devices = [];

    /// <summary>True when it is met for the first time.</summary>
    public bool Add(ulong device, ulong inode)
    {
        var shards = devices.GetOrAdd(device, static _ => [.. Enumerable.Range(0, Shards).Select(_ => new Shard())]);
        var hash = inode * 0x9E37_79B9_7F4A_7C15;
        return shards[hash >> 60].Add(inode, hash << 4);
    }

    /// <summary>A table with open places, never fuller than three quarters.</summary>
    private sealed class Shard
    {
        private readonly Lock gate = new();
        private ulong[] places = new ulong[16];
        private int used;

        public bool Add(ulong inode, ulong hash)
        {
            // No file system has the last number for a file: 0 is a free place.
            var value = unchecked(inode + 1);
            lock (gate)
            {
                var place = Find(places, value, hash);
                if (places[place] == value)
                {
                    return false;
                }

                places[place] = value;
                used++;
                if (4L * used > 3L * places.Length)
                {
                    Grow();
                }

                return true;
            }
        }

        private static int Find(ulong[] places, ulong value, ulong hash)
        {
            var mask = places.Length - 1;
            var place = (int)(hash >> 32) & mask;
            while (places[place] != 0 && places[place] != value)
            {
                place = (place + 1) & mask;
            }

            return place;
        }

        private void Grow()
        {
            var larger = new ulong[2 * places.Length];
            foreach (var value in places)
            {
                if (value != 0)
                {
                    larger[Find(larger, value, ((value - 1) * 0x9E37_79B9_7F4A_7C15) << 4)] = value;
                }
            }

            places = larger;
        }
    }
}
