// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Logins;

/// <summary>
/// Everything that is counted of logins, and who is logged in. What it holds follows from the records and the instants
/// up to which connect time was credited, in their order, and from nothing else. Not for several threads.
/// </summary>
internal sealed partial class LoginBook
{
    /// <summary>Stands between a line that several sessions may be on and what tells them apart.</summary>
    private const char Mark = '\u0001';

    /// <summary>Lines that are followed: more than any host has terminals, and few enough to be saved often.</summary>
    private const int LinesFollowed = 4096;

    private const int AnomalyCount = (int)LoginAnomaly.Forgotten + 1;
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly LabelledRows<LoginUser> users;
    private readonly LabelledRows<LoginLineUse> lines;
    private readonly ulong[] logins = new ulong[LineClasses.Count];
    private readonly ulong[] logouts = new ulong[LineClasses.Count];
    private readonly ulong[] failed = new ulong[(int)KnownUser.Yes + 1];
    private readonly ulong[] anomalies = new ulong[AnomalyCount];
    private readonly LoginNames names = new();

    private SessionBuilder sessions;
    private PrimeTime calendar;
    private Session lastEnded;
    private ClockStep step;
    private ulong changesBeforeStep;
    private bool isCounting;
    private long now;
    private ulong boots;
    private ulong crashes;
    private ulong shutdowns;
    private ulong clockChanges;
    private ulong correctedSeconds;

    /// <summary>An empty book.</summary>
    /// <param name="options">How many users and lines have rows.</param>
    /// <param name="calendar">Divides connect time.</param>
    /// <param name="sinceUnixMicroseconds">Since when it is counted.</param>
    public LoginBook(LoginOptions options, PrimeTime calendar, long sinceUnixMicroseconds)
    {
        users = new(options.UsersLimit, (label, born) => new LoginUser(label, born));
        lines = new(options.LinesLimit, (label, born) => new LoginLineUse(label, born));
        sessions = new SessionBuilder(End, LinesFollowed);
        this.calendar = calendar;
        SinceUnixMicroseconds = sinceUnixMicroseconds;
    }

    /// <summary>Since when is counted: sessions from before are credited from here on.</summary>
    public long SinceUnixMicroseconds { get; private set; }

    /// <summary>What is counted of the source of sessions while it is read.</summary>
    public LoginFileFigures Wtmp { get; } = new();

    /// <summary>The same of failed logins.</summary>
    public LoginFileFigures Btmp { get; } = new();

    /// <summary>Who is logged in.</summary>
    public IEnumerable<OpenSession> OpenSessions => sessions.OpenSessions;

    /// <summary>Somebody is logged in.</summary>
    public bool HasOpenSessions => sessions.OpenCount > 0;

    /// <summary>Another table of prime time from here on; what was credited stays as it is.</summary>
    public void Use(PrimeTime changed) => calendar = changed;

    /// <summary>The next record of a login file.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isHistory">It is from before the counting: only who is logged in matters.</param>
    /// <param name="nowUnixMicroseconds">The wall clock: the birth of new rows.</param>
    public void Apply(UtmpRecord record, bool isHistory, long nowUnixMicroseconds)
    {
        var login = LoginEvent.Of(record, names);
        if (login.Kind is LoginEventKind.Login or LoginEventKind.Logout or LoginEventKind.Getty)
        {
            login = login with { User = LabelOf(record.User), Line = LabelOf(record.Line) };
        }

        Apply(login, isHistory, nowUnixMicroseconds);
    }

    /// <summary>The next event, with label values for user and line.</summary>
    public void Apply(in LoginEvent read, bool isHistory, long nowUnixMicroseconds)
    {
        var login = step.IsAny ? read with { Seconds = step.ByNewClock(read.Seconds) } : read;
        var before = sessions.Counts;
        (isCounting, now) = (!isHistory, nowUnixMicroseconds);
        sessions.Apply(login);
        if (isCounting)
        {
            Count(before, sessions.Counts, login);
        }
    }

    /// <summary>One failed login.</summary>
    public void CountFailure(KnownUser user) => failed[(int)user]++;

    /// <summary>
    /// Everything from before is read: sessions that are open now are credited from now on.
    /// </summary>
    public void EndHistory(long nowUnixMicroseconds)
    {
        (isCounting, now) = (false, nowUnixMicroseconds);
        sessions.CutOff(nowUnixMicroseconds / MicrosecondsPerSecond);
        foreach (var session in sessions.OpenSessions)
        {
            SetLastLogin(users.Of(session.User, now), session.StartSeconds, session.Line);
        }
    }

    /// <summary>Credits what is open up to now. A clock that went back credits nothing, and takes nothing.</summary>
    public void CreditUntil(long nowUnixMicroseconds)
    {
        (isCounting, now) = (true, nowUnixMicroseconds);
        sessions.CutOff(nowUnixMicroseconds / MicrosecondsPerSecond);
    }

    /// <summary>
    /// From here on the clock is watched: what records say of its changes is counted, and moves nothing.
    /// </summary>
    public void WatchClock() => sessions.WatchesClock = true;

    /// <summary>The clock was set: who is logged in is moved by the difference.</summary>
    public void MoveClock(in ClockStep by)
    {
        step = by;
        changesBeforeStep = clockChanges;
        sessions.MoveClock(by.Seconds);
    }

    /// <summary>What was written before the clock was set is read.</summary>
    public void EndStep()
    {
        if (step.IsAny && changesBeforeStep == clockChanges)
        {
            anomalies[(int)LoginAnomaly.Clock]++;
        }

        step = default;
    }

    /// <summary>The host started then, and a session that seems to be older began before the clock was set.</summary>
    public void BeginNotBefore(long bootUnixMicroseconds) => anomalies[(int)LoginAnomaly.Clock] += (ulong)
        sessions.BeginNotBefore((bootUnixMicroseconds / MicrosecondsPerSecond) - LoginClock.SlackSeconds);

    /// <summary>The process of a session is gone, and there was no logout.</summary>
    public void EndGone(string line, long seconds, long nowUnixMicroseconds) =>
        TryEnd(line, seconds, SessionEnd.Gone, nowUnixMicroseconds);

    /// <summary>Ends a session, if it is open, for a reason that no record tells.</summary>
    public void TryEnd(string line, long seconds, SessionEnd by, long nowUnixMicroseconds)
    {
        (isCounting, now) = (true, nowUnixMicroseconds);
        if (sessions.TryEnd(line, seconds, by) && by == SessionEnd.Gone)
        {
            anomalies[(int)LoginAnomaly.Gone]++;
        }
    }

    /// <summary>Forgets who is logged in: another source will tell.</summary>
    public void DropSessions() =>
        sessions = new SessionBuilder(End, LinesFollowed) { WatchesClock = sessions.WatchesClock };

    /// <summary>
    /// Ends the session with a mark (<see cref="LineOf"/>) where it was credited to: nothing later will ever be known.
    /// </summary>
    public void EndCredited(string mark, long nowUnixMicroseconds)
    {
        var end = Mark + mark;
        foreach (var session in sessions.OpenSessions)
        {
            if (session.Line.EndsWith(end, StringComparison.Ordinal))
            {
                TryEnd(session.Line, session.ChargedUntilSeconds, SessionEnd.Gone, nowUnixMicroseconds);
                return;
            }
        }
    }

    /// <summary>A line's name for a session on a line that others may be on as well.</summary>
    /// <param name="label">The line's label value.</param>
    /// <param name="mark">Tells the session from the others.</param>
    public static string LineOf(string label, string mark) => $"{label}{Mark}{mark}";

    /// <summary>The label value of a name; empty for none.</summary>
    public static string LabelOf(ReadOnlySpan<byte> name) => name.IsEmpty ? "" : LabelText.Escape(name);

    private static string WithoutMark(string line)
    {
        var end = line.IndexOf(Mark, StringComparison.Ordinal);
        return end < 0 ? line : line[..end];
    }

    private static void SetLastLogin(LoginUser user, long seconds, string line)
    {
        user.LastLoginSeconds = Math.Max(user.LastLoginSeconds, seconds);
        user.Classes |= (byte)(1 << (int)LineClasses.Of(line));
    }

    private void Count(in SessionCounts before, in SessionCounts after, in LoginEvent login)
    {
        boots += (ulong)(after.Boots - before.Boots);
        crashes += (ulong)(after.Crashes - before.Crashes);
        shutdowns += (ulong)(after.Shutdowns - before.Shutdowns);
        clockChanges += (ulong)(after.ClockChanges - before.ClockChanges);
        Add(LoginAnomaly.MissingLogout, after.MissingLogouts - before.MissingLogouts);
        Add(LoginAnomaly.UnmatchedLogout, after.UnmatchedLogouts - before.UnmatchedLogouts);
        Add(LoginAnomaly.Clock, after.ClockAnomalies - before.ClockAnomalies);
        Add(LoginAnomaly.WithoutLine, after.WithoutLine - before.WithoutLine);
        Add(LoginAnomaly.Forgotten, after.ForgottenSessions - before.ForgottenSessions);
        var hasEnded = after.Logouts > before.Logouts;
        if (hasEnded)
        {
            logouts[(int)LineClasses.Of(WithoutMark(lastEnded.Line))]++;
        }

        if (after.Logins > before.Logins)
        {
            var line = WithoutMark(login.Line);
            logins[(int)LineClasses.Of(line)]++;
            SetLastLogin(users.Of(login.User, now), login.Seconds, line);
            lines.Of(line, now).Logins++;
        }
        else if (hasEnded || after.UnmatchedLogouts > before.UnmatchedLogouts)
        {
            lines.Of(WithoutMark(hasEnded ? lastEnded.Line : login.Line), now).Logouts++;
        }
    }

    private void Add(LoginAnomaly anomaly, long count) => anomalies[(int)anomaly] += (ulong)count;

    /// <summary>A session has ended, or a part of one is to be credited.</summary>
    private void End(Session session)
    {
        lastEnded = session;
        if (!isCounting)
        {
            return;
        }

        var row = lines.Of(WithoutMark(session.Line), now);
        if (session.EndedBy is SessionEnd.Shutdown or SessionEnd.Crash)
        {
            row.Logouts++;
        }

        if (session.ChargedSeconds < 0)
        {
            Correct(session);
            return;
        }

        var split = calendar.Split(session.ChargedFromSeconds, session.EndSeconds);
        var user = users.Of(session.User, now);
        user.PrimeSeconds += (ulong)split.PrimeSeconds;
        user.NonPrimeSeconds += (ulong)split.NonPrimeSeconds;
        row.Seconds += (ulong)session.ChargedSeconds;
    }

    /// <summary>
    /// What was credited is never taken back. Of a session from before the counting, less was credited.
    /// </summary>
    private void Correct(in Session session)
    {
        var since = SinceUnixMicroseconds / MicrosecondsPerSecond;
        var end = session.StartSeconds < since ? Math.Max(session.EndSeconds, since) : session.EndSeconds;
        correctedSeconds += (ulong)Math.Max(0, session.ChargedFromSeconds - end);
    }
}
