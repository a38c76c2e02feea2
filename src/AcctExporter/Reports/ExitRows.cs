// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Exits as rows of JSON or CSV, the same for every report that lists them one by one. What a record does not say is
/// left out: I/O in a kernel's record, the process ids before v3, the memory of System V records.
/// </summary>
/// <param name="text">Where they go.</param>
/// <param name="format">JSON or CSV.</param>
/// <param name="owners">Names of users and groups.</param>
/// <param name="terminals">Names of terminals.</param>
internal sealed class ExitRows(ReportText text, ReportFormat format, OwnerNames owners, TerminalNames terminals)
{
    private static readonly byte[][] Signals =
        [.. Enumerable.Range(0, SignalName.Count).Select(signal => Encoding.ASCII.GetBytes(SignalName.Of(signal)))];

    private readonly ReportRows rows = new(
        text, format, "command", "user", "uid", "group", "gid", "tty", "pid", "ppid", "begin", "end",
        "elapsed_seconds", "user_cpu_seconds", "system_cpu_seconds", "memory_bytes", "minor_faults", "major_faults",
        "io_bytes", "storage_bytes", "exit_code", "signal", "core_dumped", "forked_without_exec", "used_privilege");

    /// <summary>One exit.</summary>
    /// <param name="entry">The exit.</param>
    /// <param name="isSystemV">True for a record of System V (<see cref="ExitBatch.IsSystemV"/>).</param>
    public void Add(in AcctEntry entry, bool isSystemV = false)
    {
        ref readonly var record = ref entry.Record;
        rows.Row();
        Span<byte> name = stackalloc byte[CommandName.Size];
        rows.Add(name[..entry.Command.CopyTo(name)]);
        rows.Add(owners.User(record.Uid));
        rows.Add((long)record.Uid);
        rows.Add(owners.Group(record.Gid));
        rows.Add((long)record.Gid);
        AddOr(record.Tty != 0, record.Tty == 0 ? [] : terminals.Of(record.Tty));
        var hasPid = !isSystemV && (record.Version & 0x7f) == 3;
        AddOr(hasPid, record.Pid);
        AddOr(hasPid, record.Ppid);
        rows.AddInstant(record.BeginUnixSeconds);
        rows.AddInstant(entry.EndUnixSeconds);
        rows.Add(Seconds(entry.ElapsedTicks, entry.TicksPerSecond));
        rows.Add(Seconds(entry.UserTicks, entry.TicksPerSecond));
        rows.Add(Seconds(entry.SystemTicks, entry.TicksPerSecond));
        AddOr(!isSystemV, (long)entry.Memory << 10);
        AddOr(!isSystemV, (long)entry.MinorFaults);
        AddOr(!isSystemV, (long)entry.MajorFaults);
        AddOr(isSystemV || entry.HasIo, (long)entry.Characters);
        AddOr(isSystemV || entry.HasIo, (long)entry.Blocks * AcctEntry.BlockBytes);
        var status = entry.Status;
        AddOr(status.Signal == 0, status.Code);
        AddOr(status.Signal != 0, Signals[status.Signal]);
        rows.Add(status.DumpedCore);
        rows.Add((record.Flags & (byte)AcctFlags.ForkedWithoutExec) != 0);
        rows.Add((record.Flags & (byte)AcctFlags.UsedPrivilege) != 0);
    }

    /// <summary>Everything so far to the output, the last row whole.</summary>
    public void Flush() => rows.Flush();

    /// <summary>Ends the output; call it once, also without rows.</summary>
    public void End() => rows.End();

    /// <summary>To the microsecond, which is as much as is ever known.</summary>
    private static double Seconds(double ticks, ushort ticksPerSecond) =>
        Math.Round(ticks * 1_000_000 / ticksPerSecond) / 1_000_000;

    private void AddOr(bool isKnown, long value)
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

    private void AddOr(bool isKnown, ReadOnlySpan<byte> value)
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
}
