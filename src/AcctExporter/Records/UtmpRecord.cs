// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace AcctExporter.Records;

/// <summary>
/// One login record over the bytes of a file (<c>struct utmp</c>, utmp(5); glibc's bits/utmp.h). Texts are bytes up to
/// the first NUL, and need have none; anybody who may write the file chose them.
/// </summary>
/// <param name="bytes">Exactly one record.</param>
/// <param name="layout">How it lies.</param>
internal readonly ref struct UtmpRecord(ReadOnlySpan<byte> bytes, UtmpLayout layout)
{
    /// <summary>Bytes of the line's name.</summary>
    public const int LineSize = 32;

    /// <summary>Bytes of the id.</summary>
    public const int IdSize = 4;

    /// <summary>Bytes of the user's name.</summary>
    public const int UserSize = 32;

    /// <summary>Bytes of the host's name.</summary>
    public const int HostSize = 256;

    /// <summary>Bytes of the address.</summary>
    public const int AddressSize = 16;

    /// <summary>
    /// Before it (7 April 1970) no wtmp was written; an empty field or a process id read as a time lies there.
    /// </summary>
    private const long EarliestSeconds = 1 << 23;

    private const int PidAt = 4;
    private const int LineAt = 8;
    private const int IdAt = 40;
    private const int UserAt = 44;
    private const int HostAt = 76;
    private const int TerminationAt = 332;
    private const int ExitAt = 334;
    private const int SessionAt = 336;

    /// <summary>The whole record.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>How it lies.</summary>
    public UtmpLayout Layout { get; } = layout;

    /// <summary>What it says: any number, though <see cref="UtmpType"/> names ten.</summary>
    public UtmpType Type => (UtmpType)Int16(0);

    /// <summary>
    /// The process of the login; for a run level, the level's character and 256 times the one before.
    /// </summary>
    public int Pid => Int32(PidAt);

    /// <summary>The line: the terminal below /dev, or <c>~</c>.</summary>
    public ReadOnlySpan<byte> Line => UpToNul(LineAt, LineSize);

    /// <summary>The line with everything behind its end.</summary>
    public ReadOnlySpan<byte> LineField => Bytes.Slice(LineAt, LineSize);

    /// <summary>The id of init's table.</summary>
    public ReadOnlySpan<byte> Id => UpToNul(IdAt, IdSize);

    /// <summary>The user.</summary>
    public ReadOnlySpan<byte> User => UpToNul(UserAt, UserSize);

    /// <summary>The user with everything behind its end.</summary>
    public ReadOnlySpan<byte> UserField => Bytes.Slice(UserAt, UserSize);

    /// <summary>The remote host, or the kernel's release.</summary>
    public ReadOnlySpan<byte> Host => UpToNul(HostAt, HostSize);

    /// <summary>The signal that ended the process, of a logout.</summary>
    public short Termination => Int16(TerminationAt);

    /// <summary>The exit status of the process, of a logout.</summary>
    public short Exit => Int16(ExitAt);

    /// <summary>The session id.</summary>
    public long Session => Layout.IsWide ? Int64(SessionAt) : Int32(SessionAt);

    /// <summary>
    /// When, in seconds since 1970. The narrow form is read as unsigned (glibc 2.40): up to 2106.
    /// </summary>
    public long Seconds => Layout.IsWide ? Int64(344) : (uint)Int32(340);

    /// <summary>The part of a second, in microseconds; 0 to 999,999 in an undamaged record.</summary>
    public long Microseconds => Layout.IsWide ? Int64(352) : Int32(344);

    /// <summary>The remote address in network order: IPv4 in the first four bytes with zeros after them.</summary>
    public ReadOnlySpan<byte> Address => Bytes.Slice(AddressAt, AddressSize);

    /// <summary>What speaks against its being a record; the tools of other people look at none of it.</summary>
    public UtmpFlaw Flaw
    {
        get
        {
            if ((ushort)Type > (ushort)UtmpType.Accounting)
            {
                return UtmpFlaw.Type;
            }

            if ((ulong)Microseconds >= 1_000_000 || (ulong)Seconds > uint.MaxValue)
            {
                return UtmpFlaw.Time;
            }

            return IsText(UserAt, UserSize) && IsText(LineAt, LineSize) ? UtmpFlaw.None : UtmpFlaw.Text;
        }
    }

    /// <summary>
    /// It has no flaw and nothing unusual: it says something, at a time that can be, its texts have nothing behind
    /// their ends and no control characters, and there are zeros where nothing belongs. Bytes read from the wrong place
    /// or in the wrong layout are hardly ever so.
    /// </summary>
    public bool IsPlain => (ushort)((ushort)Type - 1) < (ushort)UtmpType.Accounting && Int16(2) == 0
        && Seconds >= EarliestSeconds && Flaw == UtmpFlaw.None && IsText(HostAt, HostSize)
        && !Bytes[(AddressAt + AddressSize)..].ContainsAnyExcept((byte)0);

    private int AddressAt => Layout.IsWide ? 360 : 348;

    private ReadOnlySpan<byte> UpToNul(int offset, int size)
    {
        var field = Bytes.Slice(offset, size);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    private bool IsText(int offset, int size)
    {
        var field = Bytes.Slice(offset, size);
        var text = UpToNul(offset, size);
        return !text.ContainsAnyInRange((byte)0, (byte)0x1f) && text.IndexOf((byte)0x7f) < 0
            && !field[text.Length..].ContainsAnyExcept((byte)0);
    }

    private short Int16(int offset) => Layout.IsBigEndian
        ? BinaryPrimitives.ReadInt16BigEndian(Bytes[offset..])
        : BinaryPrimitives.ReadInt16LittleEndian(Bytes[offset..]);

    private int Int32(int offset) => Layout.IsBigEndian
        ? BinaryPrimitives.ReadInt32BigEndian(Bytes[offset..])
        : BinaryPrimitives.ReadInt32LittleEndian(Bytes[offset..]);

    private long Int64(int offset) => Layout.IsBigEndian
        ? BinaryPrimitives.ReadInt64BigEndian(Bytes[offset..])
        : BinaryPrimitives.ReadInt64LittleEndian(Bytes[offset..]);
}
