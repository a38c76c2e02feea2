// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// One of the things that <c>sa --by</c> makes rows for: user, command, day, ... A part of a key is one or two numbers
/// of 64 bits. Workers take it from the exit as it is (<see cref="Write"/>); what it means is found once for each new
/// key (<see cref="Settle"/>), when nobody else is at it.
/// </summary>
/// <param name="name">Its column's name.</param>
internal abstract class SaKeyPart(string name)
{
    /// <summary>Its column's name.</summary>
    public string Name { get; } = name;

    /// <summary>Numbers in a key: 1 or 2.</summary>
    public virtual int Words => 1;

    /// <summary>Puts the numbers of an exit into a key.</summary>
    public abstract void Write(in AcctEntry entry, Span<ulong> key);

    /// <summary>Makes numbers that mean the same the same: two uids with one name.</summary>
    public virtual void Settle(Span<ulong> key)
    {
    }

    /// <summary>The text of settled numbers as it is; null for nothing, as of a process without a terminal.</summary>
    public abstract byte[]? TextOf(ReadOnlySpan<ulong> key);

    /// <summary>Adds the value of settled numbers to a row for programs.</summary>
    public virtual void AddTo(ReportRows rows, ReadOnlySpan<ulong> key)
    {
        if (TextOf(key) is { } text)
        {
            rows.Add(text);
        }
        else
        {
            rows.AddNothing();
        }
    }

    /// <summary>Which of two settled keys stands first.</summary>
    public virtual int Compare(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right) => left[0].CompareTo(right[0]);
}

/// <summary>The user or group, by name: two uids with one name are one.</summary>
internal sealed class SaOwnerPart(string name, bool isGroup) : SaKeyPart(name)
{
    private readonly OwnerNames owners = new();
    private readonly List<byte[]> names = [];
    private readonly Dictionary<string, int> numbers = [];

    public override void Write(in AcctEntry entry, Span<ulong> key) =>
        key[0] = isGroup ? entry.Record.Gid : entry.Record.Uid;

    public override void Settle(Span<ulong> key)
    {
        var owner = isGroup ? owners.Group((uint)key[0]) : owners.User((uint)key[0]);
        var text = Encoding.Latin1.GetString(owner);
        if (!numbers.TryGetValue(text, out var number))
        {
            number = names.Count;
            names.Add(owner);
            numbers.Add(text, number);
        }

        key[0] = (ulong)number;
    }

    public override byte[] TextOf(ReadOnlySpan<ulong> key) => names[(int)key[0]];

    public override int Compare(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right) =>
        TextOf(left).AsSpan().SequenceCompareTo(TextOf(right));
}

/// <summary>The command's name.</summary>
internal sealed class SaCommandPart() : SaKeyPart("command")
{
    public override int Words => 2;

    public override void Write(in AcctEntry entry, Span<ulong> key)
    {
        var name = SaCommand.NameOf(Field(entry.Command.Low, entry.Command.High)).AsUInt64();
        (key[0], key[1]) = (name[0], name[1]);
    }

    public override byte[] TextOf(ReadOnlySpan<ulong> key)
    {
        var bytes = new byte[SaCommand.NameBytes];
        return bytes[..new SaCommand(Field(key[0], key[1]), 0).CopyTo(bytes)];
    }

    public override int Compare(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right) =>
        MemoryMarshal.AsBytes(left[..2]).SequenceCompareTo(MemoryMarshal.AsBytes(right[..2]));

    private static Vector128<byte> Field(ulong low, ulong high) => Vector128.Create(low, high).AsByte();
}

/// <summary>A number, or nothing where the exit has none.</summary>
internal sealed class SaNumberPart(string name, SaNumberPart.Reading read, Func<int, string>? text = null)
    : SaKeyPart(name)
{
    /// <summary>Less than 0 for nothing.</summary>
    public delegate long Reading(in AcctEntry entry);

    public override void Write(in AcctEntry entry, Span<ulong> key) => key[0] = (ulong)read(entry);

    public override byte[]? TextOf(ReadOnlySpan<ulong> key) => (long)key[0] < 0 ? null : Encoding.UTF8.GetBytes(
        text?.Invoke((int)key[0]) ?? key[0].ToString(CultureInfo.InvariantCulture));

    public override void AddTo(ReportRows rows, ReadOnlySpan<ulong> key)
    {
        if (text is null && (long)key[0] >= 0)
        {
            rows.Add((long)key[0]);
        }
        else
        {
            base.AddTo(rows, key);
        }
    }

    public override int Compare(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right) =>
        ((long)left[0]).CompareTo((long)right[0]);
}

/// <summary>Something that is so or not.</summary>
internal sealed class SaFlagPart(string name, AcctFlags flag) : SaKeyPart(name)
{
    public override void Write(in AcctEntry entry, Span<ulong> key) =>
        key[0] = (entry.Record.Flags & (byte)flag) != 0 ? 1UL : 0;

    public override byte[] TextOf(ReadOnlySpan<ulong> key) => [.. key[0] != 0 ? "yes"u8 : "no"u8];

    public override void AddTo(ReportRows rows, ReadOnlySpan<ulong> key) => rows.Add(key[0] != 0);
}

/// <summary>The hour, day or month in which the process ended, in a zone.</summary>
/// <param name="name">Its column's name.</param>
/// <param name="zone">The zone.</param>
/// <param name="begin">From a moment in the zone to the begin of its period.</param>
/// <param name="form">How a period is written.</param>
internal sealed class SaPeriodPart(string name, TimeZoneInfo zone, Func<DateTime, DateTime> begin, string form)
    : SaKeyPart(name)
{
    /// <summary>Clocks of all zones are a multiple of this away from each other, and change at a multiple.</summary>
    private const long QuarterSeconds = 900;

    public override void Write(in AcctEntry entry, Span<ulong> key) =>
        key[0] = (ulong)Math.Max(0, entry.EndUnixSeconds / QuarterSeconds);

    public override void Settle(Span<ulong> key)
    {
        // No later than a zone can be asked for: an elapsed time in a damaged record can be anything.
        var seconds = Math.Min((long)key[0] * QuarterSeconds, uint.MaxValue * 2L);
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(seconds), zone);
        key[0] = (ulong)begin(local.DateTime).Ticks;
    }

    public override byte[] TextOf(ReadOnlySpan<ulong> key) =>
        Encoding.ASCII.GetBytes(new DateTime((long)key[0]).ToString(form, CultureInfo.InvariantCulture));
}
