// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Exits as <c>dump-acct</c> prints them: every field of the record between bars, times in ticks, memory in KiB.
/// </summary>
/// <param name="options">Which exits, and what of them.</param>
/// <param name="terminals">Names of terminals.</param>
/// <param name="zone">The zone of the times.</param>
internal sealed class DumpAcctLines(DumpAcctOptions options, TerminalNames terminals, TimeZoneInfo zone) : ExitLines
{
    private const byte Bar = (byte)'|';

    private readonly TimeText times = new(zone);

    /// <inheritdoc/>
    public override bool Shows(in AcctEntry entry) => options.Selection.IsAll || options.Selection.Matches(entry);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override int Write(in AcctEntry entry, Span<byte> line)
    {
        ref readonly var record = ref entry.Record;
        line = line[..LongestBytes];
        CommandField.Write(record, options.PrintControls, line);
        "|v0|"u8.CopyTo(line[16..]);
        var at = 18;
        at += FixedText.WriteNumber(record.Version & 0x7fu, 0, line[at..]);
        line[at++] = Bar;
        if (entry.IsTrue)
        {
            at += Put(entry.UserTicks, line[at..]);
            at += Put(entry.SystemTicks, line[at..]);
            at += Put(entry.ElapsedTicks, line[at..]);
        }
        else
        {
            at += Put(CompT.Decode(record.UserTicks), line[at..]);
            at += Put(CompT.Decode(record.SystemTicks), line[at..]);
            var elapsed = record.ElapsedTicks;
            // Nearly all are whole. What is less than 0, too large or no number is not.
            at += elapsed is >= 0 and < int.MaxValue && (int)elapsed == elapsed && !float.IsNegative(elapsed)
                ? Put((ulong)(int)elapsed, line[at..])
                : Put((double)elapsed, line[at..]);
        }

        at += Column(record.Uid, line[at..]);
        at += Column(record.Gid, line[at..]);
        at += Put(CompT.Decode(record.MemoryKib), line[at..]);
        at += entry.IsTrue ? Put(entry.Characters, line[at..]) : Put(CompT.Decode(record.IoCharacters), line[at..]);
        at += Column((int)record.Pid, line[at..]);
        at += Column((int)record.Ppid, line[at..]);
        CommandField.WriteFlags(record.Flags, line[at..]);
        line[at + 5] = Bar;
        at += 6;
        at += Column((int)(record.ExitCode >> 8), line[at..]);
        System.Runtime.InteropServices.MemoryMarshal.Write(line[at..], terminals.Column(record.Tty));
        line[at + 8] = Bar;
        at += 9;
        times.WriteCtime(record.BeginUnixSeconds, line[at..]);
        at += TimeText.CtimeBytes;
        line[at++] = (byte)'\n';
        return at;
    }

    private static int Put(double value, Span<byte> line) => Ended(FixedText.Write(value, 9, 2, line), line);

    private static int Put(ulong value, Span<byte> line) => Ended(FixedText.WriteWhole(value, 9, line), line);

    private static int Column(uint value, Span<byte> line) => Ended(FixedText.WriteNumber(value, 6, line), line);

    private static int Column(int value, Span<byte> line) => Ended(FixedText.WriteSigned(value, 8, line), line);

    private static int Ended(int length, Span<byte> line)
    {
        line[length] = Bar;
        return length + 1;
    }
}
