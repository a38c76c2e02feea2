// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// Processes as the lines that <c>acctprc1</c> writes (ptmp): the user's number and name, ticks of CPU time in prime
/// and in non-prime time, and the pages in use meanwhile; between tabs. Where CPU time is known better than in ticks,
/// and memory better than in pages, they have digits behind a point. AIX's lines have I/O before memory, in units of 1024
/// bytes and in blocks, and memory in KiB.
/// </summary>
internal static class PtmpText
{
    private const int TickMicroseconds = (int)(ProcessCost.Second / AcctRecord.DefaultTicksPerSecond);
    private const int CharacterUnit = 1024;

    /// <summary>CPU time and memory beyond these are damage; sums of them have room for all that we write.</summary>
    private const double MostTicks = 1e14;

    private const double MostPages = 1e12;

    /// <summary>Writes a line.</summary>
    /// <param name="text">Where it goes.</param>
    /// <param name="uid">The user's number.</param>
    /// <param name="name">The user's name.</param>
    /// <param name="charge">What he is charged with.</param>
    /// <param name="isAix">With I/O.</param>
    public static void Write(ReportText text, uint uid, ReadOnlySpan<byte> name, in ProcessCharge charge, bool isAix)
    {
        Begin(text, uid, name);
        Ticks(text, charge.PrimeMicroseconds);
        text.Add((byte)'\t');
        Ticks(text, charge.NonPrimeMicroseconds);
        text.Add((byte)'\t');
        if (isAix)
        {
            Io(text, charge.HasIo, (double)charge.Characters / CharacterUnit);
            Io(text, charge.HasIo, (double)charge.StorageBytes / AcctEntry.BlockBytes);
        }

        var cpu = charge.CpuMicroseconds;
        var kib = cpu == 0 ? 0 : (double)charge.KibMicroseconds / cpu;
        Number(text, isAix ? kib : kib / ProcessCost.PageKib);
        text.Add((byte)'\n');
    }

    /// <summary>Writes a line in whole numbers, with a name of eight letters.</summary>
    /// <inheritdoc cref="Write(ReportText, uint, ReadOnlySpan{byte}, in ProcessCharge, bool)"/>
    /// <param name="entry">For its I/O.</param>
    public static void Write(
        ReportText text, uint uid, ReadOnlySpan<byte> name, in ClassicCharge charge, in AcctEntry entry, bool isAix)
    {
        Begin(text, uid, name[..Math.Min(name.Length, TacctText.CompatNameLength)]);
        Whole(text, charge.PrimeTicks);
        text.Add((byte)'\t');
        Whole(text, charge.NonPrimeTicks);
        text.Add((byte)'\t');
        if (isAix)
        {
            Whole(text, (ulong)entry.Characters / CharacterUnit);
            text.Add((byte)'\t');
            Whole(text, (ulong)entry.Blocks);
            text.Add((byte)'\t');
        }

        text.Add(isAix ? charge.MeanPages * (long)ProcessCost.PageKib : charge.MeanPages);
        text.Add((byte)'\n');
    }

    /// <summary>Reads a line, of either form; <paramref name="name"/> is good as long as the line is.</summary>
    /// <returns>False when it is none.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> line, out uint uid, out ReadOnlySpan<byte> name, out ProcessCharge charge)
    {
        (uid, charge) = (0, default);
        name = default;
        line = line.Trim(" \t\r"u8);
        var isTabbed = line.Contains((byte)'\t');
        var user = Field(ref line, isTabbed);
        name = Field(ref line, isTabbed);
        Span<double> numbers = stackalloc double[5];
        numbers.Clear();
        var count = 0;
        var isIoKnown = true;
        for (; !line.IsEmpty && count < numbers.Length; count++)
        {
            var field = Field(ref line, isTabbed);
            if (field.SequenceEqual("-"u8) && count is 2 or 3)
            {
                isIoKnown = false;
            }
            else if (!TryNumber(field, out numbers[count]))
            {
                return false;
            }
        }

        if (!line.IsEmpty || count is not (3 or 5) || name.IsEmpty || !TryUid(user, out uid))
        {
            return false;
        }

        var (characters, blocks) = count == 5 ? (numbers[2], numbers[3]) : (0, 0);
        var kib = count == 5 ? numbers[4] : numbers[2] * ProcessCost.PageKib;
        if (numbers[0] > MostTicks || numbers[1] > MostTicks || kib > MostPages
            || characters > MostPages || blocks > MostPages)
        {
            return false;
        }

        var prime = (ulong)Math.Round(numbers[0] * TickMicroseconds);
        var nonPrime = (ulong)Math.Round(numbers[1] * TickMicroseconds);
        charge = new(
            prime, nonPrime, Memory(kib, prime + nonPrime), (ulong)Math.Round(characters * CharacterUnit),
            (ulong)Math.Round(blocks * AcctEntry.BlockBytes), count == 5 && isIoKnown);
        return true;
    }

    /// <summary>A line's numbers as the classic acctprc2 takes them.</summary>
    public static ClassicCharge Classic(in ProcessCharge charge)
    {
        var cpu = charge.CpuMicroseconds;
        var pages = cpu == 0 ? 0 : Math.Ceiling((double)charge.KibMicroseconds / cpu / ProcessCost.PageKib);
        return new(
            charge.PrimeMicroseconds / TickMicroseconds, charge.NonPrimeMicroseconds / TickMicroseconds, (uint)pages);
    }

    /// <summary>
    /// KiB times microseconds, as they were before the mean was written: whole KiB, or pages summed over ticks.
    /// </summary>
    private static UInt128 Memory(double kib, ulong cpu) => double.IsInteger(kib)
        ? new UInt128(0, (ulong)kib) * cpu
        : (UInt128)Math.Round(kib / ProcessCost.PageKib * (cpu / (double)TickMicroseconds))
            * (ProcessCost.PageKib * TickMicroseconds);

    private static void Begin(ReportText text, uint uid, ReadOnlySpan<byte> name)
    {
        text.Add(uid);
        text.Add((byte)'\t');
        text.Add(name);
        text.Add((byte)'\t');
    }

    private static void Ticks(ReportText text, ulong microseconds)
    {
        var (ticks, rest) = Math.DivRem(microseconds, (ulong)TickMicroseconds);
        Whole(text, ticks);
        if (rest == 0)
        {
            return;
        }

        Span<byte> digits = [(byte)'.', Digit(rest / 1000), Digit(rest / 100), Digit(rest / 10), Digit(rest)];
        text.Add(digits.TrimEnd((byte)'0'));
    }

    private static byte Digit(ulong number) => (byte)('0' + (number % 10));

    private static void Io(ReportText text, bool isKnown, double value)
    {
        if (isKnown)
        {
            Number(text, value);
        }
        else
        {
            text.Add((byte)'-');
        }

        text.Add((byte)'\t');
    }

    private static void Number(ReportText text, double value)
    {
        if (double.IsInteger(value) && value < ulong.MaxValue)
        {
            Whole(text, (ulong)value);
            return;
        }

        Utf8Formatter.TryFormat(value, text.Room(32), out var written);
        text.Advance(written);
    }

    private static void Whole(ReportText text, ulong value)
    {
        Utf8Formatter.TryFormat(value, text.Room(20), out var written);
        text.Advance(written);
    }

    private static ReadOnlySpan<byte> Field(scoped ref ReadOnlySpan<byte> line, bool isTabbed)
    {
        var end = isTabbed ? line.IndexOf((byte)'\t') : line.IndexOf((byte)' ');
        var field = end < 0 ? line : line[..end];
        line = end < 0 ? default : isTabbed ? line[(end + 1)..] : line[end..].TrimStart((byte)' ');
        return field.Trim((byte)' ');
    }

    private static bool TryNumber(ReadOnlySpan<byte> field, out double value) =>
        Utf8Parser.TryParse(field, out value, out var used) && used == field.Length && value >= 0
        && double.IsFinite(value);

    private static bool TryUid(ReadOnlySpan<byte> field, out uint uid)
    {
        var isNumber = Utf8Parser.TryParse(field, out long value, out var used) && used == field.Length
            && value is >= -1 and <= uint.MaxValue;
        uid = unchecked((uint)value);
        return isNumber;
    }
}
