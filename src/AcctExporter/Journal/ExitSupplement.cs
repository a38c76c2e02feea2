// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Records;

namespace AcctExporter.Journal;

/// <summary>
/// What taskstats corrected and added, as the extension of an exit in a block: with it and the raw record a replay
/// gives
/// the same exit, without it the record alone. Layout: docs/formats/journal.md, "The supplement of an exit".
/// </summary>
internal static class ExitSupplement
{
    /// <summary>The most bytes of one supplement: a full block of such fits (JournalBlock.MaxExtensionBytes).</summary>
    public const int MaxBytes = 1 + 5 + (Figures * Varint.MaxBytes64);

    /// <summary>Numbers that can follow the mask. New ones go to the end: older readers stop before them.</summary>
    private const int Figures = 13 + DelayFigures.Count + 2;
    private const int FirstDelay = 13;
    private const int FirstName = FirstDelay + DelayFigures.Count;

    /// <summary>Writes what is known beside the raw record of an exit.</summary>
    /// <param name="exit">The exit as it is counted.</param>
    /// <param name="figures">What taskstats added; nothing is written when that is nothing.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/> bytes.</param>
    /// <returns>Bytes written; 0 for an exit without messages.</returns>
    public static int Write(in ProcessExit exit, in TaskFigures figures, Span<byte> destination)
    {
        if (!figures.IsKnown)
        {
            return 0;
        }

        destination[0] = (byte)figures.Knowledge;
        Span<ulong> numbers = stackalloc ulong[Figures];
        numbers[0] = exit.UserMicroseconds;
        numbers[1] = exit.SystemMicroseconds;
        numbers[2] = exit.ElapsedMicroseconds;
        numbers[3] = figures.ReadBytes;
        numbers[4] = figures.WrittenBytes;
        numbers[5] = figures.StorageReadBytes;
        numbers[6] = figures.StorageWrittenBytes;
        numbers[7] = figures.StorageCancelledBytes;
        numbers[8] = figures.ResidentMebibyteMicroseconds;
        numbers[9] = figures.PeakResidentBytes;
        numbers[10] = figures.PeakVirtualBytes;
        numbers[11] = figures.ExecutableDevice;
        numbers[12] = figures.ExecutableInode;
        ((ReadOnlySpan<ulong>)figures.DelayMicroseconds).CopyTo(numbers[FirstDelay..]);
        if ((figures.Knowledge & TaskKnowledge.Renamed) != 0)
        {
            numbers[FirstName] = exit.CommandLow;
            numbers[FirstName + 1] = exit.CommandHigh;
        }

        var mask = 0u;
        for (var i = 0; i < Figures; i++)
        {
            mask |= numbers[i] != 0 ? 1u << i : 0;
        }

        var length = 1 + Varint.Write(destination[1..], mask);
        for (var i = 0; i < Figures; i++)
        {
            if (numbers[i] != 0)
            {
                length += WriteNumber(i, numbers[i], destination[length..]);
            }
        }

        return length;
    }

    /// <summary>Gives the exit of a raw record what <see cref="Write"/> wrote of it.</summary>
    /// <param name="supplement">The extension; empty for an exit without messages.</param>
    /// <param name="exit">The exit as the raw record tells it; corrected on return.</param>
    /// <param name="figures">What taskstats added.</param>
    /// <returns>False when the bytes are no supplement: then nothing is changed.</returns>
    public static bool TryApply(ReadOnlySpan<byte> supplement, ref ProcessExit exit, out TaskFigures figures)
    {
        figures = default;
        if (supplement.IsEmpty)
        {
            return true;
        }

        var knowledge = (TaskKnowledge)supplement[0];
        supplement = supplement[1..];
        if (!Varint.TryRead(ref supplement, out var mask))
        {
            return false;
        }

        Span<ulong> numbers = stackalloc ulong[Figures];
        numbers.Clear();
        for (var i = 0; i < Figures; i++)
        {
            if ((mask & (1u << i)) != 0 && !TryReadNumber(i, ref supplement, out numbers[i]))
            {
                return false;
            }
        }

        exit.UserMicroseconds = numbers[0];
        exit.SystemMicroseconds = numbers[1];
        exit.ElapsedMicroseconds = numbers[2];
        if ((knowledge & TaskKnowledge.Renamed) != 0)
        {
            exit.CommandLow = numbers[FirstName];
            exit.CommandHigh = numbers[FirstName + 1];
        }

        figures.ReadBytes = numbers[3];
        figures.WrittenBytes = numbers[4];
        figures.StorageReadBytes = numbers[5];
        figures.StorageWrittenBytes = numbers[6];
        figures.StorageCancelledBytes = numbers[7];
        figures.ResidentMebibyteMicroseconds = numbers[8];
        figures.PeakResidentBytes = numbers[9];
        figures.PeakVirtualBytes = numbers[10];
        figures.ExecutableDevice = numbers[11];
        figures.ExecutableInode = numbers[12];
        numbers.Slice(FirstDelay, DelayFigures.Count).CopyTo(figures.DelayMicroseconds);
        figures.Knowledge = knowledge | TaskKnowledge.Joined;
        return true;
    }

    /// <summary>What reports show of a supplement: the same figures as <see cref="TryApply"/>, and faster.</summary>
    /// <param name="supplement">The extension; not empty.</param>
    /// <param name="truth">The figures; CPU time and I/O are sums that do not stop at the largest number.</param>
    /// <param name="name">The exit's name, if it is not its record's.</param>
    /// <returns>False when the bytes are no supplement.</returns>
    public static bool TryReadTruth(ReadOnlySpan<byte> supplement, out ExitTruth truth, out CommandName? name)
    {
        (truth, name) = (default, null);
        var knowledge = (TaskKnowledge)supplement[0];
        supplement = supplement[1..];
        if (!Varint.TryRead(ref supplement, out var mask))
        {
            return false;
        }

        Span<ulong> numbers = stackalloc ulong[Figures];
        numbers.Clear();
        for (mask &= (1u << Figures) - 1; mask != 0; mask &= mask - 1)
        {
            var figure = System.Numerics.BitOperations.TrailingZeroCount(mask);
            if (!TryReadNumber(figure, ref supplement, out numbers[figure]))
            {
                return false;
            }
        }

        truth = new()
        {
            UserMicroseconds = numbers[0],
            SystemMicroseconds = numbers[1],
            ElapsedMicroseconds = numbers[2],
            CallBytes = unchecked(numbers[3] + numbers[4]),
            StorageBytes = unchecked(numbers[5] + numbers[6]),
            IsKnown = true,
        };
        name = (knowledge & TaskKnowledge.Renamed) != 0
            ? new(numbers[FirstName], numbers[FirstName + 1]) : null;
        return true;
    }

    /// <summary>Halves of a name are text, and longer as numbers of 7 bits a byte.</summary>
    private static int WriteNumber(int figure, ulong number, Span<byte> destination)
    {
        if (figure < FirstName)
        {
            return Varint.Write64(destination, number);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(destination, number);
        return sizeof(ulong);
    }

    private static bool TryReadNumber(int figure, ref ReadOnlySpan<byte> source, out ulong number)
    {
        if (figure < FirstName)
        {
            return Varint.TryRead64(ref source, out number);
        }

        if (!BinaryPrimitives.TryReadUInt64LittleEndian(source, out number))
        {
            return false;
        }

        source = source[sizeof(ulong)..];
        return true;
    }
}
