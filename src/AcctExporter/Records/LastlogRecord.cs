// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace AcctExporter.Records;

/// <summary>
/// One entry of /var/log/lastlog (<c>struct lastlog</c>, glibc's bits/utmp.h), which lies at the place of its uid: 292
/// bytes with a time of 32 bits, or 296 with one of 64. The time 0 says never.
/// </summary>
/// <param name="bytes">At least <see cref="Size"/> bytes.</param>
/// <param name="layout">How it lies: as the login records of the same system do.</param>
internal readonly ref struct LastlogRecord(ReadOnlySpan<byte> bytes, UtmpLayout layout)
{
    private readonly ReadOnlySpan<byte> bytes = bytes[..Size(layout)];

    /// <summary>When, in seconds since 1970. The narrow form is read as unsigned, as glibc does now.</summary>
    public long Seconds => layout switch
    {
        { IsWide: true, IsBigEndian: true } => BinaryPrimitives.ReadInt64BigEndian(bytes),
        { IsWide: true } => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        { IsBigEndian: true } => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
    };

    /// <summary>The line.</summary>
    public ReadOnlySpan<byte> Line =>
        UpToNul(bytes[^(UtmpRecord.LineSize + UtmpRecord.HostSize)..^UtmpRecord.HostSize]);

    /// <summary>The remote host.</summary>
    public ReadOnlySpan<byte> Host => UpToNul(bytes[^UtmpRecord.HostSize..]);

    /// <summary>There is nothing in it.</summary>
    public bool IsNever => !bytes.ContainsAnyExcept((byte)0);

    /// <summary>It could be what login(1) wrote: a time and no control characters in the line.</summary>
    public bool IsPlausible => Seconds is > 0 and <= uint.MaxValue && !Line.ContainsAnyInRange((byte)0, (byte)0x1f)
        && (Line.Length > 0 || Host.Length > 0);

    /// <summary>Bytes of one entry.</summary>
    public static int Size(UtmpLayout layout) => (layout.IsWide ? 8 : 4) + UtmpRecord.LineSize + UtmpRecord.HostSize;

    private static ReadOnlySpan<byte> UpToNul(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
