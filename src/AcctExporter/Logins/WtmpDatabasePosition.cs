// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace AcctExporter.Logins;

/// <summary>
/// How far a database of wtmpdb was read, for carrying on after a restart. The numbers of rows are given again after a
/// rotation, so each goes with the time of its row.
/// </summary>
/// <param name="LastId">The number of the last row that was read; 0 before the first.</param>
/// <param name="LastLogin">When that row began, in microseconds since 1970.</param>
/// <param name="NewestLogin">The newest beginning of any row so far, in microseconds since 1970.</param>
/// <param name="Open">Number and beginning of each row whose end is not known yet.</param>
internal sealed record WtmpDatabasePosition(
    long LastId, long LastLogin, long NewestLogin, IReadOnlyList<(long Id, long Login)> Open)
{
    private const int HeadBytes = 24;
    private const int OpenBytes = 16;

    /// <summary>Before the first row.</summary>
    public static readonly WtmpDatabasePosition Beginning = new(0, 0, 0, []);

    /// <summary>As bytes: little-endian numbers of 64 bits, the last of them in pairs.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeadBytes + (Open.Count * OpenBytes)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, LastId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), LastLogin);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), NewestLogin);
        for (var i = 0; i < Open.Count; i++)
        {
            var pair = bytes.AsSpan(HeadBytes + (i * OpenBytes));
            BinaryPrimitives.WriteInt64LittleEndian(pair, Open[i].Id);
            BinaryPrimitives.WriteInt64LittleEndian(pair[8..], Open[i].Login);
        }

        return bytes;
    }

    /// <summary>From the bytes of <see cref="ToBytes"/>; nothing when they are none.</summary>
    public static WtmpDatabasePosition? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes || (bytes.Length - HeadBytes) % OpenBytes != 0)
        {
            return null;
        }

        var open = new (long, long)[(bytes.Length - HeadBytes) / OpenBytes];
        for (var i = 0; i < open.Length; i++)
        {
            var pair = bytes[(HeadBytes + (i * OpenBytes))..];
            open[i] = (BinaryPrimitives.ReadInt64LittleEndian(pair), BinaryPrimitives.ReadInt64LittleEndian(pair[8..]));
        }

        return new WtmpDatabasePosition(
            BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), open);
    }
}
