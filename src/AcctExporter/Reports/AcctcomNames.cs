// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The first columns of a row of <c>acctcom</c>: who ran what on which terminal. Names stand whole: one that is longer
/// than its column takes from the blanks behind it, so that the columns after it stay in their places.
/// </summary>
/// <param name="compat">Names are cut off, as the classic command does.</param>
/// <param name="longNames">Not even then.</param>
/// <param name="owners">Names of users.</param>
internal sealed class AcctcomNames(bool compat, bool longNames, OwnerNames owners)
{
    /// <summary>The command, for messages.</summary>
    public const string Applet = "acctcom";

    /// <summary>What a command's name has in a record of System V.</summary>
    public const int ClassicBytes = 8;

    private const int NameWidth = ClassicBytes + 1;
    private const int UserAt = NameWidth + 2;
    private const int TerminalAt = UserAt + NameWidth + 1;
    private const int TerminalWidth = 12;
    private const int TimesAt = TerminalAt + TerminalWidth;

    private readonly Dictionary<uint, byte[]> users = [];
    private readonly Dictionary<ushort, byte[]> terminals = [];
    private readonly bool cut = compat && !longNames;

    /// <summary>Writes them, up to the column of times.</summary>
    public void Write(in RawV3 record, ReportText text)
    {
        Span<byte> name = stackalloc byte[CommandName.Size + 1];
        name[0] = (byte)'#';
        var mark = (record.Flags & (byte)AcctFlags.UsedPrivilege) != 0 ? 1 : 0;
        var length = new CommandName(record.CommandLow, record.CommandHigh).CopyTo(name[mark..]);
        name = name[..(mark + (compat ? Math.Min(length, longNames ? length : ClassicBytes) : length))];
        SafeText.MakeSafe(name);
        var user = User(record.Uid);
        var terminal = Terminal(record.Tty);
        if (cut)
        {
            text.AddLeft(name, NameWidth, NameWidth);
            text.Add("  "u8);
            text.AddLeft(user, NameWidth);
            text.Add((byte)' ');
            text.AddLeft(terminal, TerminalWidth, TerminalWidth);
            return;
        }

        var at = Add(text, name, 0, UserAt);
        at = Add(text, user, at, TerminalAt);
        text.AddLeft(terminal, TimesAt - at);
    }

    /// <summary>A name and the blanks behind it, at least one, up to the next column; where that begins then.</summary>
    private static int Add(ReportText text, ReadOnlySpan<byte> name, int at, int next)
    {
        next = Math.Max(next, at + name.Length + 1);
        text.AddLeft(name, next - at);
        return next;
    }

    private byte[] User(uint uid)
    {
        if (!users.TryGetValue(uid, out var name))
        {
            // A number is not cut: the classic command prints it another way.
            name = owners.HasUser(uid)
                ? SafeText.Of(owners.User(uid)) is var whole && cut && whole.Length > NameWidth
                    ? whole[..NameWidth] : whole
                : Encoding.ASCII.GetBytes(cut
                    ? ((int)uid).ToString(CultureInfo.InvariantCulture) : uid.ToString(CultureInfo.InvariantCulture));
            users.Add(uid, name);
        }

        return name;
    }

    private byte[] Terminal(ushort device)
    {
        if (!terminals.TryGetValue(device, out var name))
        {
            name = Encoding.ASCII.GetBytes(TtyName.Of(device) ?? "?");
            terminals.Add(device, name);
        }

        return name;
    }
}
