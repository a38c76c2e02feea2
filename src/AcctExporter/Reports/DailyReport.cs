// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// What a daily report (<c>prdaily</c>) is made of; its parts are null where their files cannot be read.
/// </summary>
internal sealed class DailyReport
{
    private DailyReport(DateOnly day, ReportHead head) => (Day, Head) = (day, head);

    /// <summary>The day: the local date of its run.</summary>
    public DateOnly Day { get; }

    /// <summary>For the headings.</summary>
    public ReportHead Head { get; }

    /// <summary>From when to when, and what happened to the system, as text.</summary>
    public byte[]? Reboots { get; private init; }

    /// <summary>How much each line was used, as text.</summary>
    public byte[]? LineUse { get; private init; }

    /// <summary>Total accounting of the day.</summary>
    public UserTable<TacctSums>? Users { get; private init; }

    /// <summary>Commands of the day.</summary>
    public CommandSummary? Commands { get; private init; }

    /// <summary>Commands of the period up to the day.</summary>
    public CommandSummary? PeriodCommands { get; private init; }

    /// <summary>When everybody logged in last, as text.</summary>
    public byte[]? LastLogins { get; private init; }

    /// <summary>How the states of its run came out; nothing where that is not known.</summary>
    public IReadOnlyList<DailyState> States { get; set; } = [];

    /// <summary>Everything could be read, or what could not.</summary>
    public ReadResult Result { get; private init; }

    /// <summary>The report of the day that ran last: what is in <c>nite</c> and <c>sum</c> now.</summary>
    /// <param name="paths">The suite's files.</param>
    /// <param name="day">The day.</param>
    /// <param name="head">For the headings.</param>
    /// <param name="say">Takes what is missing or damaged, a sentence each.</param>
    public static DailyReport OfLast(SuitePaths paths, DateOnly day, ReportHead head, Action<string> say)
    {
        var files = new DailyFiles(say);
        return new(day, head)
        {
            Reboots = files.Text(Path.Combine(paths.Nite, "reboots")),
            LineUse = files.Text(Path.Combine(paths.Nite, "lineuse")),
            Users = files.Tacct(paths.DayTacct),
            Commands = files.Commands(paths.DayCms),
            PeriodCommands = files.Commands(paths.SumCms),
            LastLogins = files.Text(paths.LoginLog),
            Result = files.Result,
        };
    }

    /// <summary>
    /// The report of an earlier day of the open period. Its line use, reboots and last logins stand in
    /// <c>sum/rprtMMDD</c> alone.
    /// </summary>
    /// <param name="paths">The suite's files.</param>
    /// <param name="day">The day.</param>
    /// <param name="periodDays">The days of the period up to it, and it.</param>
    /// <param name="head">For the headings.</param>
    /// <param name="say">Takes what is missing or damaged, a sentence each.</param>
    public static DailyReport OfPast(
        SuitePaths paths, DateOnly day, IEnumerable<DateOnly> periodDays, ReportHead head, Action<string> say)
    {
        var files = new DailyFiles(say);
        return new(day, head)
        {
            Users = files.Tacct(paths.OfSum("tacct", day)),
            Commands = files.Commands(paths.OfSum("cms", day)),
            PeriodCommands = files.Commands(periodDays.Select(other => paths.OfSum("cms", other))),
            Result = files.Result,
        };
    }

    /// <summary>On pages, as <c>sum/rprtMMDD</c> keeps it. What could not be read is said in its place.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="compat">Pages and columns as the original has them.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteText(Stream output, bool compat)
    {
        var pages = new SuitePages(output, Head, compat);
        pages.Text($"DAILY REPORT FOR {Head.Host}", Reboots is null && LineUse is null ? null
            : [.. Reboots ?? [], (byte)'\n', .. LineUse ?? []]);
        pages.Users($"DAILY USAGE REPORT FOR {Head.Host}", Users);
        pages.Commands("DAILY COMMAND SUMMARY", Commands, CommandPage.WriteFirst);
        pages.Commands("MONTHLY TOTAL COMMAND SUMMARY", PeriodCommands, CommandPage.WriteFirst);
        pages.LastLogins(LastLogins);
    }
}

/// <summary>How a state of a daily run came out.</summary>
/// <param name="Name">The state, as the statefile names it.</param>
/// <param name="Outcome">A word: ok, empty, skipped, failed.</param>
/// <param name="Warnings">Messages that somebody should read.</param>
internal sealed record DailyState(string Name, string Outcome, int Warnings);
