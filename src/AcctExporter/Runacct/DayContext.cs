// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>What the states of a day work on. All time in it stands still at the day's cut-off.</summary>
/// <param name="options">The settings.</param>
/// <param name="day">The day.</param>
/// <param name="log">Where it tells.</param>
/// <param name="io">The caller's: for its clock.</param>
internal sealed class DayContext(RunOptions options, DateOnly day, RunLog log, ReportIo io)
{
    /// <summary>The settings.</summary>
    public RunOptions Options => options;

    /// <summary>Where the files are.</summary>
    public SuitePaths Paths { get; } = options.Paths;

    /// <summary>The day.</summary>
    public DateOnly Day => day;

    /// <summary>Where it tells.</summary>
    public RunLog Log => log;

    /// <summary>What the day is made of; null before SETUP.</summary>
    public DayRecord? Record { get; set; }

    /// <summary>The clock of the caller.</summary>
    public TimeProvider Now => io.Clock;

    /// <summary>The clock of the day: its cut-off, in the local zone.</summary>
    public TimeProvider Clock => new StoppedClock(Taken.CutOff, io.Clock.LocalTimeZone);

    /// <summary>What reports read and write: messages go to the run's log.</summary>
    public ReportIo Io => io with { Input = Stream.Null, Errors = log.Writer, Clock = Clock, Terminal = null };

    /// <summary>What SETUP wrote.</summary>
    /// <exception cref="RunFault">It did not.</exception>
    public DayRecord Taken => Record ?? throw new RunFault(
        $"{RecordPath} is not there: nothing was taken for this day; begin with `runacct {Mmdd} SETUP`");

    /// <summary>The day as files are named by it.</summary>
    public string Mmdd { get; } = SuitePaths.MonthAndDay(day);

    /// <summary>Where the record is while the day runs.</summary>
    public string RecordPath => Paths.OfNite("day", day);

    /// <summary>A file of the day in nite.</summary>
    public string Nite(string name) => Paths.OfNite(name, day);

    /// <summary>A file of the day in sum.</summary>
    public string Sum(string name) => Paths.OfSum(name, day);
}
