// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// For a file that is read from its end: of each line, when the nearest later login or logout on it was. As large as
/// there are lines between two starts of the system; nothing is allocated for a record.
/// </summary>
internal sealed class LaterLines
{
    private Slot[] slots = new Slot[256];
    private int count;

    /// <summary>Slots of other numbers are free: forgetting all lines costs nothing.</summary>
    private uint era = 1;

    /// <summary>The nearest later record of a line becomes this one; says which it was before.</summary>
    /// <param name="line">Not empty, at most <see cref="UtmpRecord.LineSize"/> bytes.</param>
    /// <param name="seconds">When it was.</param>
    /// <param name="isLogin">Whether it is a login.</param>
    /// <param name="laterSeconds">When the one before was.</param>
    /// <param name="laterIsLogin">Whether that was a login.</param>
    /// <returns>False when there was none.</returns>
    public bool Replace(
        ReadOnlySpan<byte> line, long seconds, bool isLogin, out long laterSeconds, out bool laterIsLogin)
    {
        ref var slot = ref Find(Key(line));
        var found = slot.Era == era;
        (laterSeconds, laterIsLogin) = (slot.Seconds, slot.IsLogin);
        (slot.Seconds, slot.IsLogin) = (seconds, isLogin);
        if (!found)
        {
            (slot.Key, slot.Era) = (Key(line), era);
            if (++count > slots.Length / 2)
            {
                Grow();
            }
        }

        return found;
    }

    /// <summary>Forgets all lines: the system started, or went down.</summary>
    public void Clear()
    {
        count = 0;
        if (++era == 0)
        {
            Array.Clear(slots);
            era = 1;
        }
    }

    private static Vector256<ulong> Key(ReadOnlySpan<byte> line)
    {
        Span<byte> key = stackalloc byte[UtmpRecord.LineSize];
        key.Clear();
        line.CopyTo(key);
        return MemoryMarshal.Read<Vector256<ulong>>(key);
    }

    private ref Slot Find(Vector256<ulong> key)
    {
        var mask = slots.Length - 1;
        for (var i = Hash(key) & mask; ; i = (i + 1) & mask)
        {
            ref var slot = ref slots[i];
            if (slot.Era != era || slot.Key == key)
            {
                if (slot.Era != era)
                {
                    (slot.Seconds, slot.IsLogin) = (0, false);
                }

                return ref slot;
            }
        }
    }

    private static int Hash(Vector256<ulong> key)
    {
        var low = Math.BigMul(key[0] ^ 0x9E3779B97F4A7C15, key[1] ^ 0xD6E8FEB86659FD93, out var first);
        var high = Math.BigMul(key[2] ^ 0xA0761D6478BD642F, key[3] ^ 0xE7037ED1A0B428DB, out var second);
        return (int)((low ^ (ulong)first ^ BitOperations.RotateLeft(high ^ (ulong)second, 32)) >> 16);
    }

    private void Grow()
    {
        var old = slots;
        slots = new Slot[2 * old.Length];
        foreach (ref var slot in old.AsSpan())
        {
            if (slot.Era == era)
            {
                Find(slot.Key) = slot;
            }
        }
    }

    private struct Slot
    {
        public Vector256<ulong> Key;
        public long Seconds;
        public uint Era;
        public bool IsLogin;
    }
}
