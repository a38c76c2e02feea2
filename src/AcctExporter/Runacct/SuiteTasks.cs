// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>The suite's runs as the agent does them: the same code as the commands', in its own process.</summary>
/// <param name="options">The settings.</param>
/// <param name="clock">The wall clock and its zone.</param>
internal sealed class SuiteTasks(RunOptions options, TimeProvider clock) : ISuiteTasks
{
    private readonly SuitePaths paths = options.Paths;

    private DateOnly Today => DateOnly.FromDateTime(clock.GetLocalNow().DateTime);

    /// <inheritdoc/>
    public SuiteProgress Look()
    {
        var marks = RunMarks.Read(paths, Today);
        var (first, last) = OpenDays();
        return new()
        {
            LastDay = marks.LastDate,
            IsPending = marks.State != RunState.Complete,
            FirstOpenDay = first,
            LastOpenDay = last,
            JournalFile = NewestJournalFile(),
            LastDisk = LastDisk(),
        };
    }

    /// <inheritdoc/>
    public RunCode RunDay(TextWriter messages) => new DailyRun(options, Io(messages)).Run() switch
    {
        // Whoever ran it: it is done.
        RunCode.AlreadyRun => RunCode.Done,
        var code => code,
    };

    /// <inheritdoc/>
    public RunCode Close(string period, TextWriter messages)
    {
        // Somebody closed a part of it by hand: the rest has a name of its own.
        var name = period;
        for (var part = 2; File.Exists(paths.OfFiscal("tacct", name)); part++)
        {
            name = $"{period}.{part}";
        }

        return new PeriodClose(options, Io(messages)).Run(name);
    }

    /// <inheritdoc/>
    public RunCode Charge(TextWriter messages) => new AccountingCheck(options, Io(messages)).Run(limitBytes: 0);

    /// <inheritdoc/>
    public RunCode WalkDisks(TextWriter messages)
    {
        try
        {
            return new DiskRun(options, new DiskRunOptions(), clock, messages.WriteLine).Run(CancellationToken.None)
                switch
                {
                    DiskRunResult.Done => RunCode.Done,
                    DiskRunResult.WithFaults => RunCode.WithWarnings,
                    DiskRunResult.Locked => RunCode.Locked,
                    _ => RunCode.Failed,
                };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            messages.WriteLine(FileFault.Tell(error));
            return RunCode.Failed;
        }
    }

    private ReportIo Io(TextWriter messages) => new(Stream.Null, Stream.Null, messages, clock);

    private (DateOnly? First, DateOnly? Last) OpenDays()
    {
        if (!Directory.Exists(paths.Sum))
        {
            return (null, null);
        }

        var days = new PeriodSums(paths).Days("day")
            .Select(mmdd => DayRecord.Load(Path.Combine(paths.Sum, "day" + mmdd))?.Day).OfType<DateOnly>().ToArray();
        return days.Length == 0 ? (null, null) : (days.Min(), days.Max());
    }

    private ulong NewestJournalFile() =>
        JournalFiles.List(Path.Combine(options.StoragePath, JournalExits.FolderName)) is [.., var newest]
            ? newest.FirstSequence : 0;

    /// <summary>What the last look left is there until the next one, whether or not a daily run has taken it.</summary>
    private DateTimeOffset? LastDisk() =>
        File.Exists(paths.DiskSample) ? File.GetLastWriteTimeUtc(paths.DiskSample) : null;
}
