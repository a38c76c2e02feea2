// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// Disk usage as lines: user number, name and blocks of 512 bytes, with tabs between. Shares of files may leave a part
/// of a block, which is told in thousandths.
/// </summary>
internal static class DiskLines
{
    /// <summary>A line.</summary>
    public static void Write(ReportText text, uint uid, ReadOnlySpan<byte> name, long milliBlocks)
    {
        text.Add(uid);
        text.Add((byte)'\t');
        text.Add(UserNames.Safe(name));
        text.Add((byte)'\t');
        var (blocks, part) = Math.DivRem(milliBlocks, DiskCharge.Parts);
        text.Add(blocks);
        if (part > 0)
        {
            text.Add((byte)'.');
            text.Add((byte)('0' + (part / 100)));
            text.Add((byte)('0' + (part / 10 % 10)));
            text.Add((byte)('0' + (part % 10)));
        }

        text.Add((byte)'\n');
    }

    /// <summary>A file that nobody is charged with, as acctdusg lists it: owner, blocks, path.</summary>
    public static void WriteUncharged(ReportText text, uint uid, long blocks, ReadOnlySpan<byte> path)
    {
        text.Add(uid, 9);
        text.Add((byte)'\t');
        text.Add(blocks, 7);
        text.Add((byte)'\t');
        text.Add(UserNames.Safe(path));
        text.Add((byte)'\n');
    }

    /// <summary>The same as diskusg lists it: what is mounted, inode, owner.</summary>
    public static void WriteUncharged(ReportText text, ReadOnlySpan<byte> special, ulong inode, uint uid)
    {
        text.Add(UserNames.Safe(special));
        text.Add((byte)' ');
        text.Add((long)inode);
        text.Add((byte)' ');
        text.Add(uid);
        text.Add((byte)'\n');
    }

    /// <summary>Takes a line apart, of blanks or tabs between its three words.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="uid">The user's number.</param>
    /// <param name="name">The user's name.</param>
    /// <param name="milliBlocks">Thousandths of the blocks, to the nearest one.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> line, out uint uid, out ReadOnlySpan<byte> name, out long milliBlocks)
    {
        name = default;
        milliBlocks = 0;
        line = line.Trim(" \t\r"u8);
        if (!Utf8Parser.TryParse(line, out uid, out var length) || !IsBlank(line, length))
        {
            return false;
        }

        line = line[length..].TrimStart(" \t"u8);
        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        if (end < 0)
        {
            return false;
        }

        name = line[..end];
        line = line[end..].TrimStart(" \t"u8);
        const decimal most = long.MaxValue / DiskCharge.Parts;
        if (!Utf8Parser.TryParse(line, out decimal blocks, out length) || length < line.Length
            || blocks is < 0 or > most)
        {
            return false;
        }

        milliBlocks = (long)Math.Round(blocks * DiskCharge.Parts, MidpointRounding.AwayFromZero);
        return true;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line, int at) =>
        at < line.Length && line[at] is (byte)' ' or (byte)'\t';
}
