// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using AcctExporter.Records;

namespace AcctExporter.Journal;

/// <summary>
/// Exits as what differs from the last exit of the same program and user: 64 bytes become about 14. Layout:
/// docs/formats/journal.md, "Exits".
/// </summary>
/// <remarks>
/// Which earlier exit a record is compared with is written down (its slot), so a reader needs no rule for the choice
/// and a writer may choose as it likes.
/// </remarks>
internal sealed class ExitPacker
{
    /// <summary>The most bytes that one exit takes: slot, pair, word mask, eight words each with its mask.</summary>
    public const int MaxBytesPerExit = 1 + Varint.MaxBytes + 1 + (Words * 9);

    private const int Words = AcctRecord.Size / sizeof(ulong);
    private const int Slots = 128;
    private const byte PairFollows = 0x80;

    /// <summary>Version byte of v3 in little endian: its pid, ppid and start time are written as differences.</summary>
    private const byte V3 = 3;

    private static readonly ulong[] Nothing = new ulong[Words];

    /// <summary>For each mask of bytes the bits that they have in a word.</summary>
    private static readonly ulong[] BytesOf = AllBytesOf();

    private readonly ulong[] last = new ulong[Slots * Words];
    private readonly int[] lastPair = new int[Slots];
    private readonly bool[] used = new bool[Slots];
    private readonly ulong[] current = new ulong[Words];
    private int previousSlot;
    private uint pid;
    private uint ppid;
    private uint begin;

    /// <summary>Forgets all exits: each block stands for itself.</summary>
    public void Reset()
    {
        Array.Clear(used);
        previousSlot = -1;
        pid = ppid = begin = 0;
    }

    /// <summary>Writes one exit and returns how many bytes it took.</summary>
    public int Pack(ReadOnlySpan<byte> record, int pair, Span<byte> destination)
    {
        Load(record);
        var slot = SlotOf(record);
        var words = Predecessor(slot, out var predictedPair);
        var length = 0;
        destination[length++] = (byte)slot;
        if (pair != predictedPair)
        {
            destination[0] |= PairFollows;
            length += Varint.Write(destination[length..], Varint.ZigZag(unchecked(pair - predictedPair)));
        }

        var isV3 = record[1] == V3;
        var wordMaskAt = length++;
        var wordMask = 0;
        for (var i = 0; i < Words; i++)
        {
            var word = current[i] ^ words[i];
            if (isV3 && i is 2 or 3)
            {
                word = i == 2 ? PackIds(current[i]) : PackBegin(current[i], word);
            }

            if (word != 0)
            {
                wordMask |= 1 << i;
                length += PackWord(word, destination[length..]);
            }
        }

        destination[wordMaskAt] = (byte)wordMask;
        Remember(slot, pair);
        return length;
    }

    /// <summary>
    /// Reads one exit into <paramref name="record"/> (64 bytes) and moves <paramref name="source"/> behind it.
    /// </summary>
    public bool TryUnpack(ref ReadOnlySpan<byte> source, scoped Span<byte> record, out int size, out int pair)
    {
        size = pair = 0;
        if (source.Length >= MaxBytesPerExit && Bmi2.X64.IsSupported)
        {
            size = AcctRecord.Size;
            var isExit = UnpackWhole(ref source, record, out pair);
            size = AcctRecord.SizeOf(record[1]);
            return isExit;
        }

        if (source.Length < 2)
        {
            return false;
        }

        var slot = source[0] & (Slots - 1);
        var pairFollows = (source[0] & PairFollows) != 0;
        source = source[1..];
        var words = Predecessor(slot, out var predictedPair);
        uint pairDelta = 0;
        if ((pairFollows && !Varint.TryRead(ref source, out pairDelta)) || source.IsEmpty)
        {
            return false;
        }

        pair = unchecked(predictedPair + Varint.UnZigZag(pairDelta));
        var wordMask = source[0];
        source = source[1..];
        for (var i = 0; i < Words; i++)
        {
            ulong word = 0;
            if ((wordMask & (1 << i)) != 0 && !TryUnpackWord(ref source, out word))
            {
                return false;
            }

            // The version byte stands in word 0, so it is known before the words that depend on it.
            current[i] = (byte)(current[0] >> 8) == V3 && i is 2 or 3
                ? i == 2 ? UnpackIds(word) : UnpackBegin(word, words[i])
                : word ^ words[i];
        }

        for (var i = 0; i < Words; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(record[(i * sizeof(ulong))..], current[i]);
        }

        size = AcctRecord.SizeOf(record[1]);
        Remember(slot, pair);
        return pair >= JournalBlock.DroppedPair;
    }

    /// <summary>The same, where no exit can reach beyond the end: without a look at each byte.</summary>
    private bool UnpackWhole(ref ReadOnlySpan<byte> source, scoped Span<byte> record, out int pair)
    {
        ref var bytes = ref MemoryMarshal.GetReference(source);
        var slot = bytes & (Slots - 1);
        var pairFollows = (bytes & PairFollows) != 0;
        var before = used[slot] ? slot : previousSlot;
        var words = last.AsSpan(slot * Words, Words);
        if (before != slot)
        {
            (before < 0 ? Nothing : last.AsSpan(before * Words, Words)).CopyTo(words);
        }

        pair = before < 0 ? 0 : lastPair[before];
        source = source[1..];
        if (pairFollows)
        {
            if (!Varint.TryRead(ref source, out var pairDelta))
            {
                return false;
            }

            pair = unchecked(pair + Varint.UnZigZag(pairDelta));
        }

        bytes = ref MemoryMarshal.GetReference(source);
        var at = 1;
        var differences = default(WordRow);
        for (int mask = bytes; mask != 0; mask &= mask - 1)
        {
            var which = Unsafe.Add(ref bytes, at);
            differences[BitOperations.TrailingZeroCount(mask)] = Bmi2.X64.ParallelBitDeposit(
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, at + 1)), BytesOf[which]);
            at += 1 + BitOperations.PopCount(which);
        }

        source = source[at..];
        var first = words[0] ^ differences[0];
        var isV3 = (byte)(first >> 8) == V3;
        words[0] = first;
        words[1] ^= differences[1];
        words[2] = isV3 ? UnpackIds(differences[2]) : words[2] ^ differences[2];
        words[3] = isV3 ? UnpackBegin(differences[3], words[3]) : words[3] ^ differences[3];
        words[4] ^= differences[4];
        words[5] ^= differences[5];
        words[6] ^= differences[6];
        words[7] ^= differences[7];
        // Only where little endian is the machine's order are there these instructions.
        MemoryMarshal.AsBytes(words).CopyTo(record);
        lastPair[slot] = pair;
        used[slot] = true;
        previousSlot = slot;
        return pair >= JournalBlock.DroppedPair;
    }

    private static ulong[] AllBytesOf()
    {
        var all = new ulong[256];
        for (var mask = 0; mask < all.Length; mask++)
        {
            for (var bit = 0; bit < sizeof(ulong); bit++)
            {
                all[mask] |= (mask & (1 << bit)) != 0 ? 0xffUL << (8 * bit) : 0;
            }
        }

        return all;
    }

    private static int SlotOf(ReadOnlySpan<byte> record)
    {
        // Where command and user stand in v3; in older versions this is the end of the name, which serves as well.
        var low = BinaryPrimitives.ReadUInt64LittleEndian(record[(record[1] == V3 ? 48 : 34)..]);
        var high = BinaryPrimitives.ReadUInt64LittleEndian(record[(record[1] == V3 ? 56 : 42)..]);
        var uid = BinaryPrimitives.ReadUInt32LittleEndian(record[(record[1] == V3 ? 8 : 2)..]);
        var hash = (low * 0x9e3779b97f4a7c15) ^ (BitOperations.RotateLeft(high, 32) * 0xc2b2ae3d27d4eb4f);
        return (int)(((hash ^ uid) * 0x9e3779b97f4a7c15) >> 57);
    }

    private static int PackWord(ulong word, Span<byte> destination)
    {
        var length = 1;
        var mask = 0;
        for (var bit = 1; word != 0; bit <<= 1, word >>= 8)
        {
            if ((byte)word != 0)
            {
                mask |= bit;
                destination[length++] = (byte)word;
            }
        }

        destination[0] = (byte)mask;
        return length;
    }

    private static bool TryUnpackWord(ref ReadOnlySpan<byte> source, out ulong word)
    {
        word = 0;
        if (source.IsEmpty || source.Length <= BitOperations.PopCount(source[0]))
        {
            return false;
        }

        var length = 1;
        for (var mask = source[0]; mask != 0; mask &= (byte)(mask - 1))
        {
            word |= (ulong)source[length++] << (8 * BitOperations.TrailingZeroCount(mask));
        }

        source = source[length..];
        return true;
    }

    private void Load(ReadOnlySpan<byte> record)
    {
        // A v1 record is two bytes short of eight words: they count as zero.
        Span<byte> whole = stackalloc byte[AcctRecord.Size];
        whole[^2..].Clear();
        record.CopyTo(whole);
        for (var i = 0; i < Words; i++)
        {
            current[i] = BinaryPrimitives.ReadUInt64LittleEndian(whole[(i * sizeof(ulong))..]);
        }
    }

    /// <summary>The exit to compare with: the slot's last, or else the one before, or else nothing but zeros.</summary>
    private ReadOnlySpan<ulong> Predecessor(int slot, out int pair)
    {
        slot = used[slot] ? slot : previousSlot;
        pair = slot < 0 ? 0 : lastPair[slot];
        return slot < 0 ? Nothing : last.AsSpan(slot * Words, Words);
    }

    private void Remember(int slot, int pair)
    {
        current.CopyTo(last, slot * Words);
        lastPair[slot] = pair;
        used[slot] = true;
        previousSlot = slot;
    }

    private ulong PackIds(ulong word)
    {
        var (newPid, newPpid) = ((uint)word, (uint)(word >> 32));
        var packed = Varint.ZigZag((int)(newPid - pid)) | ((ulong)Varint.ZigZag((int)(newPpid - ppid)) << 32);
        (pid, ppid) = (newPid, newPpid);
        return packed;
    }

    private ulong UnpackIds(ulong packed)
    {
        pid += (uint)Varint.UnZigZag((uint)packed);
        ppid += (uint)Varint.UnZigZag((uint)(packed >> 32));
        return pid | ((ulong)ppid << 32);
    }

    private ulong PackBegin(ulong word, ulong difference)
    {
        var packed = Varint.ZigZag((int)((uint)word - begin)) | (difference & 0xffffffff00000000);
        begin = (uint)word;
        return packed;
    }

    private ulong UnpackBegin(ulong packed, ulong predecessor)
    {
        begin += (uint)Varint.UnZigZag((uint)packed);
        return begin | ((packed ^ predecessor) & 0xffffffff00000000);
    }

    [InlineArray(Words)]
    private struct WordRow
    {
        private ulong first;
    }
}
