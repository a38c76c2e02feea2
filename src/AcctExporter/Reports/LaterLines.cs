// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// For a file that is read from its end: of each line, when the nearest later login or logout on it was. As large as
/// there are lines between two starts of the system; nothing is allocated for a record.
/// </summary>
internal sealed class LaterLines
{
    private const int FirstSlots = 512;

    private Slot[] slots = new Slot[FirstSlots];
    private int mask = FirstSlots - 1;
    private int count;

    /// <summary>Slots of other numbers are free: forgetting all lines costs nothing.</summary>
    private uint era = 1;

    /// <summary>The nearest later record of a line becomes this one; says which it was before.</summary>
    /// <param name="line">The record's field: <see cref="UtmpRecord.LineSize"/> bytes, not empty.</param>
    /// <param name="seconds">When it was.</param>
    /// <param name="isLogin">Whether it is a login.</param>
    /// <param name="laterSeconds">When the one before was.</param>
    /// <param name="laterIsLogin">Whether that was a login.</param>
    /// <returns>False when there was none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Replace(
        ReadOnlySpan<byte> line, long seconds, bool isLogin, out long laterSeconds, out bool laterIsLogin)
    {
        var key = Key(line);
        ref var slot = ref Find(key);
        var found = slot.Era == era;
        (laterSeconds, laterIsLogin) = (slot.Seconds, slot.IsLogin);
        (slot.Seconds, slot.IsLogin) = (seconds, isLogin);
        if (!found)
        {
            (slot.Key, slot.Era) = (key, era);
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

    /// <summary>The field with zeros behind the text's end, where a file may have anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Key(ReadOnlySpan<byte> field)
    {
        var key = Vector256.Create(field);
        var used = ~Vector256.Equals(key, Vector256<byte>.Zero).ExtractMostSignificantBits();
        return (used & (used + 1)) == 0 ? key : Cleaned(field);
    }

    private static Vector256<byte> Cleaned(ReadOnlySpan<byte> field)
    {
        Span<byte> clean = stackalloc byte[Vector256<byte>.Count];
        clean.Clear();
        field[..field.IndexOf((byte)0)].CopyTo(clean);
        return Vector256.Create<byte>(clean);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot Find(Vector256<byte> key)
    {
        for (var i = Hash(key) & mask; ; i = (i + 1) & mask)
        {
            ref var slot = ref slots[i];
            if (slot.Era != era || slot.Key == key)
            {
                return ref slot;
            }
        }
    }

    /// <summary>The numbers are odd and random; the products' upper halves are mixed best.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(Vector256<byte> key)
    {
        var parts = key.AsUInt64();
        var sum = (parts[0] * 0x9E3779B97F4A7C15) + (parts[1] * 0xD6E8FEB86659FD93)
            + ((parts[2] ^ (parts[3] * 0xA0761D6478BD642F)) * 0xE7037ED1A0B428DB);
        return (int)(((sum ^ (sum >> 29)) * 0x9E3779B97F4A7C15) >> 33);
    }

    private void Grow()
    {
        var old = slots;
        slots = new Slot[2 * old.Length];
        mask = slots.Length - 1;
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
        public Vector256<byte> Key;
        public long Seconds;
        public uint Era;
        public bool IsLogin;
    }
}
