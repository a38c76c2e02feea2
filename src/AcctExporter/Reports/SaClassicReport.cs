// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Reports;

/// <summary>The classic lists of <c>sa</c>: the totals first, then a row for each command or user.</summary>
/// <param name="options">What is wanted.</param>
/// <param name="io">Where the list goes, and the answers to questions come from.</param>
internal sealed class SaClassicReport(SaOptions options, ReportIo io)
{
    private readonly ReportText text = new(io.Output);
    private readonly SaOrder order = new(options);
    private StreamReader? answers;

    /// <summary>Prints a row for each user or group.</summary>
    public void Print(SaOwnerTally tally)
    {
        var page = new SaPage(options, tally.Totals, text);
        var rows = tally.ClassicOrder();
        SaOrder.Sort(rows, (left, right) => order.Compare(tally[left], tally[right]));
        text.Add((byte)' ', NameTable.Width + 1);
        page.Add(tally.Totals);
        text.Add((byte)'\n');
        Span<byte> name = stackalloc byte[NameTable.Width];
        foreach (var row in Top(rows))
        {
            var bytes = tally.NameOf(row);
            bytes.CopyTo(name);
            page.AddName(name[..bytes.Length], NameTable.Width);
            text.Add((byte)' ');
            page.Add(tally[row]);
            text.Add((byte)'\n');
        }

        text.Flush();
    }

    /// <summary>Prints a row for each command, with those of few calls together in one.</summary>
    public void Print(SaCommandTally tally)
    {
        var lump = new Lump[] { new("***other"u8), new("**junk**"u8) };
        var rows = Lumped(tally, lump);
        if (rows.Count == 0 && (options.Compat || lump.All(one => one.Rows == 0)))
        {
            return;
        }

        // Negative numbers are the rows of lumps, which GNU sa sorts with the others and has in front of them.
        List<int> all = [.. Enumerable.Range(0, lump.Length).Where(i => lump[i].Rows > 0).Select(i => -1 - i), .. rows];
        var sorted = all.ToArray();
        SaOrder.Sort(sorted, (left, right) => order.Compare(SumsOf(left), SumsOf(right)));
        var page = new SaPage(options, tally.Totals, text);
        page.Add(tally.Totals);
        text.Add((byte)'\n');
        Span<byte> name = stackalloc byte[SaCommand.NameBytes];
        foreach (var row in Top(sorted))
        {
            page.Add(SumsOf(row));
            var command = row < 0 ? lump[-1 - row].Command : tally.CommandOf(row);
            var length = command.CopyTo(name);
            if (length > 0)
            {
                text.Add("   "u8);
                page.AddName(name[..length], 0);
                text.Add(command.Forked != 0 ? "*"u8 : ""u8);
            }

            text.Add((byte)'\n');
        }

        text.Flush();

        ref readonly SaSums SumsOf(int row)
        {
            if (row < 0)
            {
                return ref lump[-1 - row].Sums;
            }

            return ref tally[row];
        }
    }

    private Span<int> Top(int[] rows) =>
        rows.AsSpan(0, options.Top > 0 ? Math.Min(options.Top, rows.Length) : rows.Length);

    /// <summary>The rows that stand for themselves; the others are added to lumps, as GNU sa walks its table.</summary>
    private List<int> Lumped(SaCommandTally tally, Lump[] lump)
    {
        var (other, junk) = (lump[0], lump[1]);
        var rows = new List<int>();
        Span<byte> name = stackalloc byte[SaCommand.NameBytes];
        foreach (var row in tally.ClassicOrder())
        {
            var command = tally.CommandOf(row);
            var bytes = name[..command.CopyTo(name)];
            // Before it is asked about, which changes what is no letter.
            var isSafe = SafeText.IsSafe(bytes);
            if (options.AllRecords)
            {
                rows.Add(row);
            }
            else if (tally[row].Calls <= options.JunkThreshold && IsJunk(bytes))
            {
                junk.Add(command, tally[row]);
            }
            else if (tally[row].Calls == 1 || !isSafe)
            {
                other.Add(command, tally[row]);
            }
            else
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private bool IsJunk(Span<byte> name)
    {
        if (options.AlwaysYes)
        {
            return true;
        }

        text.Add("Junk `"u8);
        text.Add((byte)' ', SaCommand.NameBytes - name.Length);
        if (!options.PrintControls)
        {
            SafeText.MakeSafe(name);
        }

        text.Add(name);
        text.Add("'? "u8);
        text.Flush();
        io.Output.Flush();
        answers ??= new StreamReader(io.Input, Encoding.Latin1);
        return answers.ReadLine()?.TrimStart() is ['y' or 'Y', ..];
    }

    /// <summary>Rows that are shown as one.</summary>
    private sealed class Lump(ReadOnlySpan<byte> name)
    {
        public SaCommand Command = new(SaCommand.NameOf(System.Runtime.Intrinsics.Vector128.Create(Field(name))), 0);
        public SaSums Sums;
        public int Rows;

        public void Add(SaCommand command, in SaSums sums)
        {
            Sums.Add(sums);
            Command = Command with { Forked = (ushort)(Command.Forked | command.Forked) };
            Rows++;
        }

        private static byte[] Field(ReadOnlySpan<byte> name)
        {
            var field = new byte[SaCommand.NameBytes];
            name.CopyTo(field);
            return field;
        }
    }
}
