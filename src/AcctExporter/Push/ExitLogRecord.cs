// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Push;

/// <summary>
/// One exit as a log record (docs/otlp.md): attributes by OpenTelemetry's names where it has them, and by those of the
/// file of events behind <c>acct.</c> where it has none. What is not known is left out.
/// </summary>
internal sealed class ExitLogRecord : List<KeyValuePair<string, object?>>
{
    private const double MicrosecondsPerSecond = 1e6;
    private const double BytesPerMebibyte = 1 << 20;
    private const int UsualAttributes = 32;

    /// <summary>Nanoseconds since 1970 end with the protocol's time in 2262: a damaged record may claim more.</summary>
    private static readonly DateTimeOffset LatestTime = new(2262, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Delays =
    [
        "acct.delay_seconds.cpu", "acct.delay_seconds.block_io", "acct.delay_seconds.swap_in",
        "acct.delay_seconds.reclaim", "acct.delay_seconds.thrashing", "acct.delay_seconds.compaction",
        "acct.delay_seconds.write_protect_copy", "acct.delay_seconds.irq",
    ];

    private readonly string command;
    private readonly string user;

    /// <summary>Makes it; asks for names, and so may take its time.</summary>
    public ExitLogRecord(in ExitEvent happened, ExitEventNames names)
        : base(UsualAttributes)
    {
        ref readonly var exit = ref happened.Exit;
        ref readonly var figures = ref happened.Figures;
        command = NameOf(exit);
        user = names.UserOf(exit.Uid);
        End = TimeOf(exit.EndUnixSeconds, 0);
        Counted = TimeOf(
            happened.CountedUnixMicroseconds / TimeSpan.MicrosecondsPerSecond,
            happened.CountedUnixMicroseconds % TimeSpan.MicrosecondsPerSecond);
        Level = exit.Status.DumpedCore ? LogLevel.Error
            : exit.Status.Signal != 0 || exit.Status.Failed ? LogLevel.Warning : LogLevel.Information;
        Body = Sentence(exit);
        AddIdentity(exit, figures, names);
        AddEnd(exit);
        AddCost(exit);
        Put("acct.enriched", figures.IsKnown);
        if (figures.IsKnown)
        {
            AddFigures(figures);
        }
    }

    /// <summary>The second in which the process ended.</summary>
    public DateTime End { get; }

    /// <summary>When it was counted.</summary>
    public DateTime Counted { get; }

    /// <summary>Information for a success, a warning for a failure or a death by signal, an error for a core.</summary>
    public LogLevel Level { get; }

    /// <summary>What a person reads.</summary>
    public string Body { get; }

    private static string NameOf(in ProcessExit exit)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        Span<char> label = stackalloc char[CommandName.Size * LabelText.LongestEscape];
        return new string(label[..LabelText.Escape(name[..exit.Command.CopyTo(name)], label)]);
    }

    private string Sentence(in ProcessExit exit)
    {
        var status = exit.Status;
        var process = exit.Version < 3 ? "" : string.Create(CultureInfo.InvariantCulture, $" (pid {exit.Pid})");
        var end = status.Signal == 0
            ? status.Code == 0 ? "ended" : string.Create(CultureInfo.InvariantCulture, $"failed with {status.Code}")
            : $"died by {SignalName.Of(status.Signal)}{(status.DumpedCore ? " and left a core" : "")}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{command}{process} of {user} {end} after {exit.ElapsedMicroseconds / MicrosecondsPerSecond:0.###} s");
    }

    private void AddIdentity(in ProcessExit exit, in TaskFigures figures, ExitEventNames names)
    {
        // Records before v3 have no process ids.
        if (exit.Version >= 3)
        {
            Put("process.pid", exit.Pid);
            Put("process.parent_pid", exit.Ppid);
        }

        Put("process.executable.name", command);
        if (figures.ExecutableInode != 0
            && names.PathOf(figures.ExecutableDevice, figures.ExecutableInode, exit.EndUnixSeconds) is { } path)
        {
            Put("process.executable.path", path);
        }

        Put("process.real_user.id", exit.Uid);
        Put("process.real_user.name", user);
        Put("process.creation.time", TimeOf(exit.BeginUnixSeconds, 0)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Put("acct.gid", exit.Gid);
        if (TtyName.Of(exit.Tty) is { } tty)
        {
            Put("acct.tty", tty);
        }
    }

    private void AddEnd(in ProcessExit exit)
    {
        var status = exit.Status;
        if (status.Signal == 0)
        {
            Put("process.exit.code", status.Code);
        }
        else
        {
            Put("acct.signal", SignalName.Of(status.Signal));
            Put("acct.signal_number", status.Signal);
        }

        Put("acct.core", status.DumpedCore);
        Put("acct.forked", (exit.Flags & AcctFlags.ForkedWithoutExec) != 0);
        Put("acct.privileged", (exit.Flags & AcctFlags.UsedPrivilege) != 0);
    }

    private void AddCost(in ProcessExit exit)
    {
        PutSeconds("acct.elapsed_seconds", exit.ElapsedMicroseconds);
        PutSeconds("acct.user_cpu_seconds", exit.UserMicroseconds);
        PutSeconds("acct.system_cpu_seconds", exit.SystemMicroseconds);
        PutCount("acct.minor_faults", exit.MinorFaults);
        PutCount("acct.major_faults", exit.MajorFaults);
        PutCount("acct.virtual_memory_bytes", exit.VirtualMemoryBytes);
    }

    private void AddFigures(in TaskFigures figures)
    {
        Put("acct.incomplete", figures.IsIncomplete);
        PutCount("acct.peak_rss_bytes", figures.PeakResidentBytes);
        PutCount("acct.peak_virtual_memory_bytes", figures.PeakVirtualBytes);
        Put("acct.memory_byte_seconds",
            figures.ResidentMebibyteMicroseconds * (BytesPerMebibyte / MicrosecondsPerSecond));
        PutCount("acct.io_read_bytes", figures.ReadBytes);
        PutCount("acct.io_write_bytes", figures.WrittenBytes);
        PutCount("acct.storage_read_bytes", figures.StorageReadBytes);
        PutCount("acct.storage_write_bytes", figures.StorageWrittenBytes);
        PutCount("acct.storage_cancelled_bytes", figures.StorageCancelledBytes);
        for (var reason = 0; figures.HasDelays && reason < DelayFigures.Count; reason++)
        {
            if (figures.Knows((DelayReason)reason))
            {
                PutSeconds(Delays[reason], figures.DelayMicroseconds[reason]);
            }
        }
    }

    private void PutSeconds(string key, ulong microseconds) => Put(key, microseconds / MicrosecondsPerSecond);

    /// <summary>The protocol's whole numbers are signed; no figure of a living kernel comes near their end.</summary>
    private void PutCount(string key, ulong count) => Put(key, (long)Math.Min(count, long.MaxValue));

    private void Put(string key, object value) => Add(new(key, value));

    private static DateTime TimeOf(long unixSeconds, long microseconds) => DateTimeOffset
        .FromUnixTimeSeconds(Math.Clamp(unixSeconds, 0, LatestTime.ToUnixTimeSeconds())).UtcDateTime
        .AddMicroseconds(microseconds);
}
