// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace AcctExporter.Records;

/// <summary>
/// The values of a login record that is to be written; <see cref="UtmpRecord"/> reads what this writes.
/// </summary>
internal readonly ref struct UtmpFields
{
    /// <summary>What it says.</summary>
    public UtmpType Type { get; init; }

    /// <summary>The process.</summary>
    public int Pid { get; init; }

    /// <summary>The line; cut at <see cref="UtmpRecord.LineSize"/>, as every text at its size.</summary>
    public ReadOnlySpan<byte> Line { get; init; }

    /// <summary>The id of init's table.</summary>
    public ReadOnlySpan<byte> Id { get; init; }

    /// <summary>The user.</summary>
    public ReadOnlySpan<byte> User { get; init; }

    /// <summary>The remote host.</summary>
    public ReadOnlySpan<byte> Host { get; init; }

    /// <summary>The signal that ended the process.</summary>
    public short Termination { get; init; }

    /// <summary>The exit status.</summary>
    public short Exit { get; init; }

    /// <summary>The session id.</summary>
    public long Session { get; init; }

    /// <summary>When, in seconds since 1970.</summary>
    public long Seconds { get; init; }

    /// <summary>The part of a second.</summary>
    public long Microseconds { get; init; }

    /// <summary>The remote address, up to 16 bytes.</summary>
    public ReadOnlySpan<byte> Address { get; init; }

    /// <summary>The same values as a record's.</summary>
    public static UtmpFields Of(UtmpRecord record) =>
        Of(record, record.Type, record.User, record.Seconds, record.Microseconds);

    /// <summary>The same values as a record's, but for some.</summary>
    public static UtmpFields Of(
        UtmpRecord record, UtmpType type, ReadOnlySpan<byte> user, long seconds, long microseconds) => new()
    {
        Type = type,
        Pid = record.Pid,
        Line = record.Line,
        Id = record.Id,
        User = user,
        Host = record.Host,
        Termination = record.Termination,
        Exit = record.Exit,
        Session = record.Session,
        Seconds = seconds,
        Microseconds = microseconds,
        Address = record.Address,
    };

    /// <summary>Writes the record; what it has no field for is 0.</summary>
    /// <param name="destination">At least <see cref="UtmpLayout.Size"/> bytes.</param>
    /// <param name="layout">How it shall lie. The narrow form keeps the low 32 bits of times.</param>
    public void Write(Span<byte> destination, UtmpLayout layout)
    {
        var record = destination[..layout.Size];
        record.Clear();
        Number(record, 2, (short)Type, layout);
        Number(record[4..], 4, Pid, layout);
        Text(record.Slice(8, UtmpRecord.LineSize), Line);
        Text(record.Slice(40, UtmpRecord.IdSize), Id);
        Text(record.Slice(44, UtmpRecord.UserSize), User);
        Text(record.Slice(76, UtmpRecord.HostSize), Host);
        Number(record[332..], 2, Termination, layout);
        Number(record[334..], 2, Exit, layout);
        var wide = layout.IsWide ? 8 : 4;
        Number(record[336..], wide, Session, layout);
        Number(record[(layout.IsWide ? 344 : 340)..], wide, Seconds, layout);
        Number(record[(layout.IsWide ? 352 : 344)..], wide, Microseconds, layout);
        Text(record.Slice(layout.IsWide ? 360 : 348, UtmpRecord.AddressSize), Address);
    }

    private static void Text(Span<byte> field, ReadOnlySpan<byte> text) =>
        text[..Math.Min(text.Length, field.Length)].CopyTo(field);

    private static void Number(Span<byte> field, int size, long value, UtmpLayout layout)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (layout.IsBigEndian)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            bytes[(8 - size)..].CopyTo(field);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            bytes[..size].CopyTo(field);
        }
    }
}
