// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// One exit as one line of JSON (docs/events.md): stable names, base units, times in UTC (RFC 3339). A field of an exit
/// that is not known is null; what only taskstats know is left out without them. Used by one thread.
/// </summary>
/// <param name="userName">The label value of a user id.</param>
/// <param name="executablePath">
/// The path of an executable by device, inode and the second in which its process ended; null when it is not certain.
/// </param>
internal sealed class ExitEventLine(
    Func<uint, string> userName, Func<ulong, ulong, long, string?> executablePath) : IDisposable
{
    private const decimal MicrosecondsPerSecond = 1_000_000;
    private const decimal BytesPerMebibyte = 1 << 20;
    private const int LongestTime = 32;

    /// <summary>Names of <see cref="DelayReason"/>, in its order.</summary>
    private static readonly string[] Delays =
        ["cpu", "block_io", "swap_in", "reclaim", "thrashing", "compaction", "write_protect_copy", "irq"];

    // For files and log shippers, not for HTML: names stay readable. Control characters are escaped all the same.
    private readonly Utf8JsonWriter json = new(
        Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Appends the line with its line feed.</summary>
    public void Write(in ExitEvent happened, IBufferWriter<byte> output)
    {
        ref readonly var exit = ref happened.Exit;
        ref readonly var figures = ref happened.Figures;
        json.Reset(output);
        json.WriteStartObject();
        WriteTimes(exit, happened.CountedUnixMicroseconds);
        WriteIdentity(exit, figures);
        WriteEnd(exit);
        WriteSeconds("elapsed_seconds", exit.ElapsedMicroseconds);
        WriteSeconds("user_cpu_seconds", exit.UserMicroseconds);
        WriteSeconds("system_cpu_seconds", exit.SystemMicroseconds);
        json.WriteNumber("minor_faults", exit.MinorFaults);
        json.WriteNumber("major_faults", exit.MajorFaults);
        json.WriteNumber("virtual_memory_bytes", exit.VirtualMemoryBytes);
        json.WriteBoolean("enriched", figures.IsKnown);
        if (figures.IsKnown)
        {
            WriteFigures(figures);
        }

        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    public void Dispose() => json.Dispose();

    private void WriteTimes(in ProcessExit exit, long countedUnixMicroseconds)
    {
        WriteTime("time", exit.EndUnixSeconds * 1000, "yyyy-MM-dd'T'HH:mm:ss'Z'");
        WriteTime("start", exit.BeginUnixSeconds * 1000L, "yyyy-MM-dd'T'HH:mm:ss'Z'");
        WriteTime("counted", countedUnixMicroseconds / 1000, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
    }

    private void WriteIdentity(in ProcessExit exit, in TaskFigures figures)
    {
        WriteProcessId("pid", exit, exit.Pid);
        WriteProcessId("ppid", exit, exit.Ppid);
        json.WriteString("user", userName(exit.Uid));
        json.WriteNumber("uid", exit.Uid);
        json.WriteNumber("gid", exit.Gid);
        Span<byte> name = stackalloc byte[CommandName.Size];
        Span<char> command = stackalloc char[CommandName.Size * LabelText.LongestEscape];
        json.WriteString("command", command[..LabelText.Escape(name[..exit.Command.CopyTo(name)], command)]);
        json.WriteString("exe", figures.ExecutableInode == 0 ? null
            : executablePath(figures.ExecutableDevice, figures.ExecutableInode, exit.EndUnixSeconds));
        json.WriteString("tty", TtyName.Of(exit.Tty));
    }

    private void WriteEnd(in ProcessExit exit)
    {
        var status = exit.Status;
        if (status.Signal == 0)
        {
            json.WriteNumber("exit_code", status.Code);
            json.WriteNull("signal");
            json.WriteNull("signal_number");
        }
        else
        {
            json.WriteNull("exit_code");
            json.WriteString("signal", SignalName.Of(status.Signal));
            json.WriteNumber("signal_number", status.Signal);
        }

        json.WriteBoolean("core", status.DumpedCore);
        json.WriteStartArray("flags");
        if ((exit.Flags & AcctFlags.ForkedWithoutExec) != 0)
        {
            json.WriteStringValue("forked");
        }

        if ((exit.Flags & AcctFlags.UsedPrivilege) != 0)
        {
            json.WriteStringValue("privileged");
        }

        json.WriteEndArray();
    }

    private void WriteFigures(in TaskFigures figures)
    {
        json.WriteBoolean("incomplete", figures.IsIncomplete);
        json.WriteNumber("peak_rss_bytes", figures.PeakResidentBytes);
        json.WriteNumber("peak_virtual_memory_bytes", figures.PeakVirtualBytes);
        json.WriteNumber("memory_byte_seconds",
            figures.ResidentMebibyteMicroseconds * (BytesPerMebibyte / MicrosecondsPerSecond));
        json.WriteNumber("io_read_bytes", figures.ReadBytes);
        json.WriteNumber("io_write_bytes", figures.WrittenBytes);
        json.WriteNumber("storage_read_bytes", figures.StorageReadBytes);
        json.WriteNumber("storage_write_bytes", figures.StorageWrittenBytes);
        json.WriteNumber("storage_cancelled_bytes", figures.StorageCancelledBytes);
        if (figures.HasDelays)
        {
            json.WriteStartObject("delay_seconds");
            for (var reason = 0; reason < DelayFigures.Count; reason++)
            {
                if (figures.Knows((DelayReason)reason))
                {
                    WriteSeconds(Delays[reason], figures.DelayMicroseconds[reason]);
                }
            }

            json.WriteEndObject();
        }
    }

    /// <summary>A decimal number: 0.000001 is written so, and not with an exponent or a long tail of nines.</summary>
    private void WriteSeconds(string name, ulong microseconds) =>
        json.WriteNumber(name, microseconds / MicrosecondsPerSecond);

    /// <summary>Records before v3 have no process ids.</summary>
    private void WriteProcessId(string name, in ProcessExit exit, uint pid)
    {
        if (exit.Version < 3)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, pid);
        }
    }

    private void WriteTime(string name, long unixMilliseconds, string form)
    {
        Span<char> text = stackalloc char[LongestTime];
        // A record's begin and length are numbers of strangers: together they may lie behind the last year of a date.
        var time = DateTimeOffset.FromUnixTimeMilliseconds(
            Math.Min(unixMilliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
        time.TryFormat(text, out var length, form, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
