// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <content>Who logs in, for how long, and whether that can be known.</content>
internal static partial class Catalog
{
    private const string Wtmp = "wtmp";
    private const string Btmp = "btmp";
    private const string Wtmpdb = "wtmpdb";

    /// <summary>With the default limits, and one for <c>other</c>.</summary>
    private static int UsersMax => new LoginOptions().UsersLimit + 1;

    private static int LinesMax => new LoginOptions().LinesLimit + 1;

    private static MetricFamily[] LoginFamilies() =>
    [
        Login("acct.logins", "{login}", MetricKind.Counter, "Logins, by kind of line.",
            ByClass(logins => logins.Logins)),
        Login("acct.logouts", "{logout}", MetricKind.Counter, "Logouts that ended a session, by kind of line.",
            ByClass(logins => logins.Logouts)),
        Login("acct.sessions", "{session}", MetricKind.Gauge, "Open sessions, by user and kind of line.",
            new TableRows(["user"], UsersMax, KnownUsers, "line",
                [.. Classes.Select(kind => new TableRowPoint(
                    ClassText(kind), row => Reading.Count(((LoginUserRow)row).SessionsOn(kind))))])),
        Login("acct.connect.time", "s", MetricKind.Counter,
            "Connect time of users, credited up to now while their sessions are open; each session counts by itself. "
            + "Prime time is as the table of holidays says; without one, all of it is nonprime.",
            new TableRows(["user"], UsersMax, KnownUsers, "period",
                new TableRowPoint("prime", row => Reading.Count(((LoginUserRow)row).PrimeSeconds)),
                new TableRowPoint("nonprime", row => Reading.Count(((LoginUserRow)row).NonPrimeSeconds)))),
        Login("acct.connect.time_corrections", "s", MetricKind.Counter,
            "Connect time that was credited and then proved too long: what is credited is never taken back.",
            Sessions(logins => logins.CorrectedSeconds)),
        Login("acct.failed_logins", "{login}", MetricKind.Counter,
            "Failed logins, by whether the name is a user's; unknown when the system's directory could not tell.",
            new AgentPoints(["known_user"], Failures("false", KnownUser.No), Failures("true", KnownUser.Yes),
                new AgentPoint(["unknown"], scrape => scrape.Logins is { KnowsFailures: true } logins
                    && logins.Failed[(int)KnownUser.Unknown] is > 0 and var count
                        ? Reading.Count(count) : Reading.Absent))),
        Login("acct.boots", "{boot}", MetricKind.Counter, "Starts of the system since counting began.",
            Sessions(logins => logins.Boots)),
        Login("acct.crashes", "{crash}", MetricKind.Counter, "Of these, the ones with no shutdown recorded before.",
            Sessions(logins => logins.Crashes)),
        Login("acct.shutdowns", "{shutdown}", MetricKind.Counter, "Shutdowns in order.",
            Sessions(logins => logins.Shutdowns)),
        Login("acct.clock_changes", "{change}", MetricKind.Counter,
            "Changes of the clock that were recorded in wtmp. Few programs of today record one.",
            Sessions(logins => logins.ClockChanges)),
        Login("acct.last_login_timestamp", "s", MetricKind.Gauge,
            "When a user last logged in, as far as was seen since counting began.",
            new TableRows(["user"], UsersMax, KnownUsers, null,
                new TableRowPoint("", row => Reading.Timestamp(((LoginUserRow)row).LastLoginSeconds * 1_000_000)))),
        Line("acct.line.logins", "{login}", "Logins on a line.", line => line.Logins),
        Line("acct.line.logouts", "{logout}",
            "Records of logouts on a line, and sessions on it that a shutdown or a boot ended. More than three for "
            + "each login are the sign of a bad line.", line => line.Logouts),
        Line("acct.line.connect.time", "s", "How long somebody was on a line.", line => line.Seconds),
        Login("acct.login.anomalies", "{anomaly}", MetricKind.Counter, "Oddities of sessions, by reason.",
            Each("reason", Enum.GetValues<LoginAnomaly>(), AnomalyText,
                reason => OfSessions(logins => logins.Anomalies[(int)reason]))),
        Login("acct.holidays.stale", "", MetricKind.Gauge,
            "1 when the table of prime time is to be renewed, else 0; left out without a table.",
            new AgentPoints([], new AgentPoint([], scrape => Wanted(scrape.Logins?.HolidaysStale)))),
        Login("acct.holidays.year", "", MetricKind.Gauge,
            "The year that the table of prime time is for; left out without a table.",
            new AgentPoints([], new AgentPoint([], scrape => scrape.Logins is { HolidaysYear: > 0 and var year }
                ? Reading.Count(year) : Reading.Absent))),
    ];

    private static MetricFamily[] LoginReadingFamilies() =>
    [
        Agent("acct.exporter.login_records_read", "{record}", MetricKind.Counter,
            "Records read of login files, or changes of rows of wtmpdb, since counting began.",
            new AgentPoints(["source"],
                new AgentPoint(["sessions"], OfSessions(logins => logins.SessionRecords)),
                new AgentPoint(["failures"], OfFailures(logins => logins.FailureRecords)))),
        Agent("acct.exporter.login_records_rejected", "{record}", MetricKind.Counter,
            "Slots of login files that hold no record that could be counted, by reason.",
            Each("reason", Enum.GetValues<UtmpFlaw>().Where(flaw => flaw != UtmpFlaw.None), FlawText,
                flaw => OfLogins(logins => logins.Flaws[(int)flaw]))),
        Agent("acct.exporter.login_gaps", "{gap}", MetricKind.Counter,
            "Times when an unknown number of login records may be missing.",
            new AgentPoints(["source"],
                new AgentPoint(["sessions"], OfSessions(logins => logins.SessionGaps)),
                new AgentPoint(["failures"], OfFailures(logins => logins.FailureGaps)))),
        Agent("acct.exporter.login_rotations", "{rotation}", MetricKind.Counter,
            "Times when a login file was rotated or truncated.", OfLogins(logins => logins.Rotations))
            with { SinceStart = true },
        Agent("acct.exporter.login_source_failures", "{failure}", MetricKind.Counter,
            "Times when a source of logins was missing or could not be read.", OfLogins(logins => logins.ReadFailures))
            with { SinceStart = true },
        Agent("acct.exporter.login_save_failures", "{failure}", MetricKind.Counter,
            "Failed attempts to save the state of logins. What is shown of them stands still meanwhile.",
            OfLogins(logins => logins.SaveFailures)) with { SinceStart = true },
        Agent("acct.exporter.login_lookup_timeouts", "{lookup}", MetricKind.Counter,
            "Names of failed logins that the system's directory did not know or deny in time.",
            OfLogins(logins => logins.LookupTimeouts)) with { SinceStart = true },
        Agent("acct.exporter.holiday_failures", "{failure}", MetricKind.Counter,
            "Times when the table of prime time could not be used.", OfLogins(logins => logins.HolidayFailures))
            with { SinceStart = true },
    ];

    private static LoginUserRow[] KnownUsers(ScrapeData scrape) =>
        scrape.Logins is { KnowsSessions: true } logins ? logins.Users : [];

    private static LineClass[] Classes => Enum.GetValues<LineClass>();

    private static MetricFamily Login(
        string name, string unit, MetricKind kind, string help, MetricSource source) =>
        new(name, unit, kind, MetricScope.Logins, source, help);

    private static MetricFamily Line(string name, string unit, string help, Func<LoginLineRow, ulong> value) =>
        Login(name, unit, MetricKind.Counter, help,
            new TableRows(
                ["tty"], LinesMax, scrape => scrape.Logins is { KnowsSessions: true } logins ? logins.Lines : [], null,
                new TableRowPoint("", row => Reading.Count(value((LoginLineRow)row)))));

    private static AgentPoints ByClass(Func<LoginSnapshot, ulong[]> values) =>
        Each("line", Classes, ClassText, kind => OfSessions(logins => values(logins)[(int)kind]));

    private static AgentPoints Sessions(Func<LoginSnapshot, ulong> value) =>
        new([], new AgentPoint([], OfSessions(value)));

    private static AgentPoint Failures(string text, KnownUser user) =>
        new([text], OfFailures(logins => logins.Failed[(int)user]));

    private static AgentValue OfSessions(Func<LoginSnapshot, ulong> value) =>
        scrape => scrape.Logins is { KnowsSessions: true } logins ? Reading.Count(value(logins)) : Reading.Absent;

    private static AgentValue OfFailures(Func<LoginSnapshot, ulong> value) =>
        scrape => scrape.Logins is { KnowsFailures: true } logins ? Reading.Count(value(logins)) : Reading.Absent;

    private static AgentValue OfLogins(Func<LoginSnapshot, ulong> value) =>
        scrape => scrape.Logins is { } logins ? Reading.Count(value(logins)) : Reading.Absent;

    private static string ClassText(LineClass kind) => kind.ToString().ToLowerInvariant();

    private static string FlawText(UtmpFlaw flaw) => flaw.ToString().ToLowerInvariant();

    private static string AnomalyText(LoginAnomaly anomaly) => anomaly switch
    {
        LoginAnomaly.MissingLogout => "missing_logout",
        LoginAnomaly.UnmatchedLogout => "unmatched_logout",
        LoginAnomaly.Clock => "clock",
        LoginAnomaly.WithoutLine => "without_line",
        LoginAnomaly.Gone => "gone",
        _ => "forgotten",
    };
}
