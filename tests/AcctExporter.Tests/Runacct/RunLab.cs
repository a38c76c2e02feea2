// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Runacct;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Logins;

namespace AcctExporter.Tests.Runacct;

/// <summary>
/// A host of its own for the runs of the suite: a journal, a wtmp, holidays, and a clock that the test sets; runs in
/// this process, or as the built program, which can be killed.
/// </summary>
internal sealed class RunLab : IDisposable
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");

    private readonly TemporaryDirectory? own;
    private readonly string root;
    private readonly JournalWriter journal;
    private readonly JournalBlock block = new();
    private readonly byte[] raw = new byte[AcctRecord.Size];
    private readonly byte[] extension = new byte[ExitSupplement.MaxBytes];
    private ulong offset;

    public RunLab(string? folder = null)
    {
        own = folder is null ? new() : null;
        root = folder ?? own!.Path;
        Directory.CreateDirectory(Of("storage"));
        journal = JournalWriter.Open(
            new() { Directory = Of("storage/journal"), FileBytes = 64 * 1024, RetentionAge = TimeSpan.FromDays(500) },
            out _);
        File.WriteAllBytes(Wtmp, []);
        File.WriteAllText(Of("holidays"), "2026 0800 1800\n1/1 New Year\n7/3 Independence Day\n12/25 Christmas\n");
        Options = new()
        {
            StoragePath = Of("storage"),
            Suite = new()
            {
                Logins = new()
                {
                    Source = LoginSource.Wtmp, WtmpFile = Wtmp, WtmpdbFile = Of("no.db"), HolidaysFile = Of("holidays"),
                },
                PageLog = Of("page_log"),
                UserExit = Of("runacct.local"),
                MinimumFreeBytes = 0,
            },
        };
    }

    public RunOptions Options { get; set; }

    public SuitePaths Paths => Options.Paths;

    public string Wtmp => Of("wtmp");

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public string Of(string name) => Path.Combine(root, name);

    /// <summary>A local time as an instant.</summary>
    public DateTimeOffset At(string local)
    {
        var time = DateTime.ParseExact(local, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return new(time, Zone.GetUtcOffset(time));
    }

    public ReportIo Io(string local, TextWriter errors, Stream? output = null) =>
        new(Stream.Null, output ?? Stream.Null, errors, new StoppedClock(At(local), Zone));

    /// <summary>runacct in this process, at a local time.</summary>
    public (RunCode Code, string Errors) Run(string local)
    {
        using var errors = new StringWriter();
        return (new DailyRun(Options, Io(local, errors)).Run(), errors.ToString());
    }

    public (RunCode Code, string Errors) Restart(string local, string day, RunState? state = null)
    {
        using var errors = new StringWriter();
        var code = new DailyRun(Options, Io(local, errors)).Restart(
            DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), state);
        return (code, errors.ToString());
    }

    public (RunCode Code, string Errors) Close(string local, string? period = null)
    {
        using var errors = new StringWriter();
        return (new PeriodClose(Options, Io(local, errors)).Run(period), errors.ToString());
    }

    public (RunCode Code, string Output, string Errors) Rebuild(string local, string day, bool replace = false)
    {
        using var errors = new StringWriter();
        using var output = new MemoryStream();
        var code = new DayRebuild(Options, Io(local, errors, output)).Run(
            DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), replace);
        return (code, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }

    /// <summary>The program as a process of its own: its exit code, 137 when it was killed.</summary>
    public (int Code, string Errors) Process(string local, string crashAt, params string[] arguments)
    {
        using var process = Start(local, crashAt, arguments);
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

    public Process Start(string local, string crashAt, params string[] arguments) =>
        Start(local, crashAt, static _ => { }, arguments);

    /// <summary>Likewise, in a shell or namespace of the test's own.</summary>
    public Process Start(string local, string crashAt, Action<ProcessStartInfo> prepare, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["TZ"] = Zone.Id == "UTC" ? "UTC" : Zone.Id,
                [ProcessClock.Variable] = At(local).ToString("O", CultureInfo.InvariantCulture),
                [CrashPoint.Variable] = crashAt,
            },
        };
        prepare(start);
        foreach (var argument in (string[])
        [
            .. arguments, $"--storage.path={Of("storage")}", "--logins.source=wtmp", $"--logins.wtmp={Wtmp}",
            $"--logins.holidays={Of("holidays")}", $"--suite.page-log={Of("page_log")}",
            $"--suite.user-exit={Of("runacct.local")}", "--suite.minimum-free=0",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        return System.Diagnostics.Process.Start(start)!;
    }

    /// <summary>An exit; it reaches the journal with <see cref="Count(string)"/>.</summary>
    public void Exit(in AcctRecord record, ulong truthMicroseconds = 0, ulong ioBytes = 0, ulong storageBytes = 0)
    {
        AcctEncoder.Write(record, raw);
        var length = 0;
        if (truthMicroseconds > 0)
        {
            var exit = new ProcessExit
            {
                UserMicroseconds = truthMicroseconds,
                SystemMicroseconds = 0,
                ElapsedMicroseconds = record.ElapsedTicks * 10_000,
            };
            var figures = new TaskFigures
            {
                Knowledge = TaskKnowledge.Joined, WrittenBytes = ioBytes, StorageWrittenBytes = storageBytes,
            };
            length = ExitSupplement.Write(exit, figures, extension);
        }

        block.Add(raw, JournalBlock.OtherPair, extension.AsSpan(0, length));
        if (block.IsFull)
        {
            Count(DateTimeOffset.FromUnixTimeSeconds(record.BeginUnixSeconds));
        }
    }

    public void Exit(uint uid, string local, ulong ticks, ulong cpuTicks, string command = "sh", ulong kib = 1000) =>
        Exit(new AcctRecord
        {
            Version = 3,
            Uid = uid,
            Gid = uid,
            Pid = 100,
            Ppid = 1,
            BeginUnixSeconds = (uint)At(local).ToUnixTimeSeconds(),
            ElapsedTicks = ticks,
            UserTicks = cpuTicks,
            MemoryKib = kib,
            TicksPerSecond = 100,
            Command = CommandName.From(Encoding.ASCII.GetBytes(command)),
        });

    /// <summary>A block with what ended.</summary>
    public void Count(DateTimeOffset at)
    {
        offset += (ulong)block.Count * AcctRecord.Size;
        block.UnixMicroseconds = at.ToUnixTimeMilliseconds() * 1000;
        block.Position = new SourcePosition(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 1, 77, offset);
        journal.Append(block);
        block.Clear();
    }

    public void Count(string local) => Count(At(local));

    public void Logged(byte[] record)
    {
        using var file = new FileStream(Wtmp, FileMode.Append);
        file.Write(record);
    }

    /// <summary>A day with something of everything: two users, a session, a fee.</summary>
    public void SomeDay(string day)
    {
        Exit(1, $"{day} 10:00:00", 50, 4, "ls");
        Exit(2, $"{day} 17:59:50", 2000, 400, "cc1");
        Exit(1, $"{day} 12:00:00", 10, 3, "true");
        Count($"{day} 18:30:00");
        Logged(LoginLab.Login("daemon", "pts/1", At($"{day} 17:00:00").ToUnixTimeSeconds()));
        Logged(LoginLab.Logout("pts/1", At($"{day} 19:30:00").ToUnixTimeSeconds()));
        FeeFile.Append(Paths, 1, "daemon"u8, 12_500, compat: false);
    }

    public string Text(string path) => File.Exists(path) ? File.ReadAllText(path) : "(not there)";

    public string Nite(string name) => Path.Combine(Paths.Nite, name);

    public string Sum(string name) => Path.Combine(Paths.Sum, name);

    public string Fiscal(string name) => Path.Combine(Paths.Fiscal, name);

    /// <summary>The sums of a file, by user number and name.</summary>
    public static Dictionary<(uint Uid, string Name), TacctSums> Tacct(string path)
    {
        var table = new UserTable<TacctSums>();
        using var file = File.OpenRead(path);
        Assert.Equal(default, TacctFile.Read(file, table));
        return table.Sorted().ToDictionary(row => (row.Uid, Encoding.UTF8.GetString(row.Name)), row => row.Sums);
    }

    /// <summary>Every file below the suite's folder that a run leaves for good, with its bytes.</summary>
    public Dictionary<string, string> Kept() => new[] { Paths.Sum, Paths.Fiscal }
        .SelectMany(Directory.EnumerateFiles)
        .Concat([Paths.StateFile, Paths.LastDate, Paths.DayTacct, Nite("daycms"), Nite("cms"), Nite("taken")])
        .Where(File.Exists)
        .ToDictionary(
            path => Path.GetRelativePath(Paths.Root, path), path => Convert.ToHexString(File.ReadAllBytes(path)));

    public void Dispose()
    {
        journal.Dispose();
        own?.Dispose();
    }
}
