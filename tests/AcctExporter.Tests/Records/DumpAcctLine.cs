// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>
/// One record as GNU dump-acct prints it, with <c>LC_ALL=C TZ=UTC</c>. The exit column is the code shifted by 8, so
/// signal and core are lost; times are ticks; pids are signed.
/// </summary>
/// <param name="Command">16 bytes, padded with spaces, one char for each byte.</param>
internal sealed partial record DumpAcctLine(
    string Command, byte Version, decimal User, decimal System, decimal Elapsed, uint Uid, uint Gid, decimal Memory,
    decimal Io, int Pid, int Ppid, string Flags, int Exit, string Tty, string Begin)
{
    /// <summary>The line that dump-acct owes us for <paramref name="record"/>.</summary>
    public static DumpAcctLine Of(in AcctRecord record)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        var length = record.Command.CopyTo(name);
        var begin = DateTimeOffset.FromUnixTimeSeconds(record.BeginUnixSeconds);
        return new(
            Encoding.Latin1.GetString(name[..length]).PadRight(CommandName.Size), record.Version, record.UserTicks,
            record.SystemTicks, record.ElapsedTicks, record.Uid, record.Gid, record.MemoryKib, record.IoCharacters,
            (int)record.Pid, (int)record.Ppid, FlagsOf(record.Flags), (int)(record.ExitCode >> 8), TtyOf(record.Tty),
            string.Create(CultureInfo.InvariantCulture, $"{begin:ddd MMM} {begin.Day,2} {begin:HH:mm:ss yyyy}"));
    }

    /// <summary>
    /// All lines of an output. A name may hold newlines and bars, so its width of 16 decides, not they.
    /// </summary>
    public static List<DumpAcctLine> Parse(byte[] output)
    {
        var text = Encoding.Latin1.GetString(output);
        var lines = new List<DumpAcctLine>();
        var end = 0;
        foreach (Match match in Line().Matches(text))
        {
            Assert.Equal(end, match.Index);
            end = match.Index + match.Length;
            lines.Add(new(
                match.Groups[1].Value, byte.Parse(match.Groups[2].Value), Number(match, 3), Number(match, 4),
                Number(match, 5), (uint)Number(match, 6), (uint)Number(match, 7), Number(match, 8), Number(match, 9),
                (int)Number(match, 10), (int)Number(match, 11), match.Groups[12].Value, (int)Number(match, 13),
                match.Groups[14].Value.TrimEnd(), match.Groups[15].Value));
        }

        Assert.Equal(text.Length, end);
        return lines;
    }

    // The error, printed to stderr, stands before the lines in a captured file.
    [GeneratedRegex(@"\G(?:ERROR: unknown acct file format\n)?(.{16})\|v(\d)\|([ \d.]+)\|([ \d.]+)\|([ \d.]+)\|([ \d]+)"
        + @"\|([ \d]+)\|([ \d.]+)\|([ \d.]+)\|([- \d]+)\|([- \d]+)\|([SFCDX ]{5})\|([- \d]+)\|([^|]{8})"
        + @"\|([^|\n]{24})\n",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    private static decimal Number(Match match, int group) =>
        decimal.Parse(match.Groups[group].Value, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string FlagsOf(AcctFlags flags) => string.Concat(
        flags.HasFlag(AcctFlags.UsedPrivilege) ? 'S' : ' ', flags.HasFlag(AcctFlags.ForkedWithoutExec) ? 'F' : ' ',
        flags.HasFlag(AcctFlags.Compatibility) ? 'C' : ' ', flags.HasFlag(AcctFlags.DumpedCore) ? 'D' : ' ',
        flags.HasFlag(AcctFlags.KilledBySignal) ? "X" : " ");

    private static string TtyOf(ushort tty) => tty switch
    {
        0 => "__",
        0x0401 => "tty1",
        _ => $"pts/{tty & 0x7ff}",
    };
}
