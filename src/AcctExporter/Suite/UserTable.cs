// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>
/// Sums of users, by number or by number and name. Nothing is allocated for a user who is known; the table that finds
/// names changes its hash when many of them meet.
/// </summary>
/// <typeparam name="TSums">What is summed up.</typeparam>
internal sealed class UserTable<TSums>
    where TSums : struct
{
    private const int LongestName = 256;

    private readonly Dictionary<uint, int> numbers = [];
    private readonly Dictionary<string, int> named = [];
    private readonly List<(uint Uid, byte[] Name)> keys = [];
    private TSums[] sums = new TSums[64];
    private uint lastUid;
    private int last = -1;

    /// <summary>Users in it.</summary>
    public int Count => keys.Count;

    /// <summary>True when it has a number.</summary>
    public bool Contains(uint uid) => numbers.ContainsKey(uid);

    /// <summary>The sums of a number, whatever the name.</summary>
    public ref TSums Of(uint uid)
    {
        if (last < 0 || uid != lastUid)
        {
            if (!numbers.TryGetValue(uid, out last))
            {
                last = Add(uid, []);
                numbers.Add(uid, last);
            }

            lastUid = uid;
        }

        return ref sums[last];
    }

    /// <summary>The sums of a number and a name, of which 256 bytes count.</summary>
    public ref TSums Of(uint uid, ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, LongestName)];
        Span<char> key = stackalloc char[2 + LongestName];
        (key[0], key[1]) = ((char)(uid >> 16), (char)(uid & 0xffff));
        for (var i = 0; i < name.Length; i++)
        {
            key[2 + i] = (char)name[i];
        }

        key = key[..(2 + name.Length)];
        var known = named.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(key, out var number))
        {
            number = Add(uid, name.ToArray());
            known[key] = number;
        }

        return ref sums[number];
    }

    /// <summary>Users and their sums, by number, then by the bytes of the name.</summary>
    public IEnumerable<(uint Uid, byte[] Name, TSums Sums)> Sorted()
    {
        var order = Enumerable.Range(0, Count).ToArray();
        Array.Sort(order, (left, right) =>
        {
            var uids = keys[left].Uid.CompareTo(keys[right].Uid);
            return uids != 0 ? uids : keys[left].Name.AsSpan().SequenceCompareTo(keys[right].Name);
        });
        return order.Select(number => (keys[number].Uid, keys[number].Name, sums[number]));
    }

    private int Add(uint uid, byte[] name)
    {
        if (keys.Count == sums.Length)
        {
            Array.Resize(ref sums, 2 * sums.Length);
        }

        keys.Add((uid, name));
        return keys.Count - 1;
    }
}
