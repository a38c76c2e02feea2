// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Runs a command and says how long it took, as System V's <c>timex</c> does: on standard error, for standard output is
/// the command's. On request the exits of the command and its descendants, by their true parents.
/// </summary>
internal sealed class TimexReport
{
    private const string Applet = "timex";

    /// <summary>Shells add the signal's number to this.</summary>
    private const int ShellSignals = 128;

    private const int HundredthMicroseconds = 10_000;
    private const int RowsAtOnce = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly TimexOptions options;
    private readonly ReportIo io;
    private readonly MemoryStream buffer;
    private readonly ReportText text;

    private TimexReport(TimexOptions options, ReportIo io, MemoryStream buffer)
    {
        this.options = options;
        this.io = io;
        this.buffer = buffer;
        text = new ReportText(buffer);
    }

    /// <summary>Runs it.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="io">Where the report goes: to the errors.</param>
    /// <param name="errno">0, or why the command could not be run; ECHILD: nothing is known of it.</param>
    /// <returns>The command's exit code, or 128 and the signal that ended it.</returns>
    public static int Run(TimexOptions options, ReportIo io, out int errno)
    {
        using var buffer = new MemoryStream();
        var report = new TimexReport(options, io, buffer);
        var since = io.Clock.GetUtcNow().ToUnixTimeSeconds();
        errno = TimedChild.Run(options.Program, options.Words, options.Exits || options.Totals, out var usage);
        if (errno != 0)
        {
            return 0;
        }

        report.Write(usage, since);
        var status = new ExitStatus(usage.Status);
        return status.Signal > 0 ? ShellSignals + status.Signal : status.Code;
    }

    /// <summary>A time as the classic command has it: <c>0.04</c>, <c>22:26.30</c>, <c>6:08:53.68</c>.</summary>
    internal static string Time(long microseconds)
    {
        var (seconds, hundredths) = Math.DivRem(
            (microseconds + (HundredthMicroseconds / 2)) / HundredthMicroseconds, 100);
        var (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        return hours > 0 ? FormattableString.Invariant($"{hours}:{minutes:00}:{seconds % 60:00}.{hundredths:00}")
            : minutes > 0 ? FormattableString.Invariant($"{minutes}:{seconds % 60:00}.{hundredths:00}")
            : FormattableString.Invariant($"{seconds}.{hundredths:00}");
    }

    private void Write(in ChildUsage usage, long since)
    {
        var isText = options.Format == ReportFormat.Text;
        if (isText)
        {
            var abnormally = new ExitStatus(usage.Status).Signal > 0 ? "Command terminated abnormally.\n" : "";
            text.Add(Encoding.ASCII.GetBytes(
                $"{abnormally}\nreal{Time(usage.RealMicroseconds),12}\nuser{Time(usage.UserMicroseconds),12}\n"
                + $"sys {Time(usage.SystemMicroseconds),12}\n\n"));
            Emit();
        }

        var exits = options.Exits || options.Totals ? Exits(usage, since) : [];
        if (!isText)
        {
            WriteRows(usage, exits);
        }
        else if (exits.Count > 0)
        {
            WriteList(exits);
        }
        else if (options.Totals)
        {
            text.Add("\nNo process records found!\n"u8);
        }

        Emit();
    }

    /// <summary>The exits, once the command's own is among them.</summary>
    private List<TimexFamily.Member> Exits(in ChildUsage usage, long since)
    {
        var ancestor = (uint)Environment.ProcessId;
        var pid = (uint)usage.Pid;
        var quiet = io with { Errors = TextWriter.Null };
        var end = io.Clock.GetUtcNow().ToUnixTimeSeconds();
        var start = io.Clock.GetTimestamp();
        // Only what ended in the last seconds is read again and again.
        while (!TimexFamily.Find(options.Input, quiet, Applet, ancestor, end, out var read).Exists(IsCommand)
            && read != ReadResult.NotRead && io.Clock.GetElapsedTime(start) < options.Patience)
        {
            Thread.Sleep(Pause);
        }

        var exits = TimexFamily.Find(options.Input, io, Applet, ancestor, since, out var result);
        if (!exits.Exists(IsCommand) && result != ReadResult.NotRead)
        {
            io.Errors.WriteLine(
                $"{Applet}: there is no exit of pid {pid}: acct-exporter serve must be running on this host, or name "
                + "the file that the kernel writes with --file; in a container, the pids are not the host's");
        }

        exits.RemoveAll(exit => !options.Selection.Matches(Entry(exit)));
        return exits;

        bool IsCommand(TimexFamily.Member exit) => exit.Record.Pid == pid;
    }

    private static AcctEntry Entry(in TimexFamily.Member exit) => TimexFamily.Member.Entry(exit);

    private void WriteList(List<TimexFamily.Member> exits)
    {
        var list = new AcctcomOptions
        {
            Input = options.Input,
            Columns = options.Columns,
            Flags = options.Flags,
            Compat = options.Compat,
        };
        var page = new AcctcomPage(list, text, io.Clock.LocalTimeZone, new OwnerNames());
        var (characters, blocks, isKnown, rows) = (0.0, 0.0, false, 0);
        foreach (ref readonly var exit in CollectionsMarshal.AsSpan(exits))
        {
            var figures = new AcctcomFigures(Entry(exit), isSystemV: false, options.Compat);
            isKnown |= figures.HasIo || options.Compat;
            characters += figures.Characters;
            blocks += figures.Blocks;
            if (options.Exits)
            {
                page.Row(Entry(exit), figures);
                if (++rows % RowsAtOnce == 0)
                {
                    Emit();
                }
            }
        }

        if (options.Totals)
        {
            text.Add(Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"\nCHARS TRNSFD = {(isKnown ? $"{characters:0}" : "-")}\n"
                + $"BLOCKS READ  = {(isKnown ? $"{blocks:0}" : "-")}\n")));
        }
    }

    /// <summary>One row of the command's times, or with <c>-p</c> one for each exit.</summary>
    private void WriteRows(in ChildUsage usage, List<TimexFamily.Member> exits)
    {
        if (options.Exits)
        {
            var list = new ExitRows(text, options.Format, new OwnerNames(), new TerminalNames());
            foreach (ref readonly var exit in CollectionsMarshal.AsSpan(exits))
            {
                list.Add(Entry(exit));
            }

            list.End();
            return;
        }

        const double microseconds = 1_000_000;
        var rows = new ReportRows(
            text, options.Format, "command", "pid", "real_seconds", "user_cpu_seconds", "system_cpu_seconds",
            "exit_code", "signal", "core_dumped", "exits", "io_bytes", "storage_bytes");
        var status = new ExitStatus(usage.Status);
        var known = exits.FindAll(exit => Entry(exit).HasIo);
        rows.Row();
        rows.Add(options.Words[0]);
        rows.Add((long)usage.Pid);
        rows.Add(usage.RealMicroseconds / microseconds);
        rows.Add(usage.UserMicroseconds / microseconds);
        rows.Add(usage.SystemMicroseconds / microseconds);
        AddOr(rows, status.Signal == 0, status.Code);
        if (status.Signal > 0)
        {
            rows.Add(SignalName.Of(status.Signal));
        }
        else
        {
            rows.AddNothing();
        }

        rows.Add(status.DumpedCore);
        AddOr(rows, options.Totals, exits.Count);
        AddOr(rows, known.Count > 0, (long)known.Sum(exit => Entry(exit).Characters));
        AddOr(rows, known.Count > 0, (long)known.Sum(exit => Entry(exit).Blocks * AcctEntry.BlockBytes));
        rows.End();
    }

    private static void AddOr(ReportRows rows, bool isKnown, long value)
    {
        if (isKnown)
        {
            rows.Add(value);
        }
        else
        {
            rows.AddNothing();
        }
    }

    private void Emit()
    {
        text.Flush();
        io.Errors.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        buffer.SetLength(0);
    }
}
