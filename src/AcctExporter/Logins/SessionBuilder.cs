// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>
/// Makes sessions of login records, in the order of the file. A session ends with its logout, with the next login or
/// getty on its line, with the shutdown; and after a crash with the last record before the boot, for nobody knows more.
/// A recorded change of the clock moves what is open, once. Not for several threads.
/// </summary>
/// <remarks>
/// What it keeps is limited: of more than <c>linesLimit</c> lines, those longest without a record are forgotten, idle
/// ones first; a session on one of them ends with the last record. All of that is counted.
/// </remarks>
/// <param name="ended">Takes each session that ended, and each part of one at a cut-off, in order.</param>
/// <param name="linesLimit">Lines followed, at most.</param>
internal sealed partial class SessionBuilder(Action<Session> ended, int linesLimit = SessionBuilder.LinesMax)
{
    /// <summary>Lines followed, unless told otherwise: a host has a few hundred pseudo-terminals at most.</summary>
    public const int LinesMax = 16_384;

    private readonly LineTable lines = new(linesLimit);
    private SessionCounts counts;
    private LineUse forgotten;
    private long? oldTime;
    private long? lastSeen;
    private bool isDown;

    /// <summary>What was met so far.</summary>
    public SessionCounts Counts => counts;

    /// <summary>The time of the last record, or of a later cut-off; null before the first.</summary>
    public long? LastSeenSeconds => lastSeen;

    /// <summary>How many are logged in.</summary>
    public int OpenCount => lines.Open.Count;

    /// <summary>Who is logged in, in the order of the logins.</summary>
    public IEnumerable<OpenSession> OpenSessions => lines.Open.Select(line => line.Session);

    /// <summary>How much each line was used, those with somebody on last; by parts that were charged.</summary>
    public IEnumerable<LineUse> Lines => lines.Idle.Concat(lines.Open).Select(line => line.Use);

    /// <summary>How much the lines were used that are forgotten.</summary>
    public LineUse ForgottenUse => forgotten with { Line = "" };

    /// <summary>The next record.</summary>
    public void Apply(in LoginEvent login)
    {
        if (login.Kind == LoginEventKind.Nothing)
        {
            return;
        }

        var seconds = OpenSession.Kept(login.Seconds);
        if (oldTime is not null && login.Kind != LoginEventKind.NewTime)
        {
            // Only the two halves side by side say by how much the clock was set.
            oldTime = null;
            counts.ClockAnomalies++;
        }

        switch (login.Kind)
        {
            case LoginEventKind.Login when login.User.Length > 0:
                Login(login, seconds);
                break;
            case LoginEventKind.Login or LoginEventKind.Logout:
                // Old programs wrote a logout as a login of nobody; last and ac read it so too.
                Logout(login, seconds);
                break;
            case LoginEventKind.Getty when login.Line.Length > 0:
                Getty(login.Line, seconds);
                break;
            case LoginEventKind.Boot:
                Boot();
                break;
            case LoginEventKind.Shutdown:
            case LoginEventKind.RunLevel when login.RunLevel is '0' or '6':
                Shutdown(seconds);
                break;
            case LoginEventKind.OldTime:
                oldTime = seconds;
                break;
            case LoginEventKind.NewTime:
                SetClock(seconds);
                break;
        }

        lastSeen = seconds;
    }

    /// <summary>
    /// Charges what is open up to an instant, and carries it on: its later parts begin there. The host is known to have
    /// been up then.
    /// </summary>
    public void CutOff(long seconds)
    {
        seconds = OpenSession.Kept(seconds);
        lastSeen = Math.Max(lastSeen ?? seconds, seconds);
        foreach (var line in lines.Open)
        {
            if (seconds > line.Session.ChargedUntilSeconds)
            {
                var part = line.Session.End(seconds, SessionEnd.CutOff);
                line.Seconds += part.ChargedSeconds;
                line.Session = line.Session with { ChargedUntilSeconds = seconds };
                ended(part);
            }
        }
    }

    /// <summary>
    /// Recorded changes of the clock move nothing: who reads them as they happen has seen the clock itself.
    /// </summary>
    public bool WatchesClock { get; set; }

    /// <summary>The clock was set: what is open is moved by the difference.</summary>
    public void MoveClock(long seconds)
    {
        lastSeen = lastSeen is { } seen ? OpenSession.Kept(seen + seconds) : null;
        foreach (var line in lines.Open)
        {
            line.Session = line.Session.Moved(seconds);
        }
    }

    /// <summary>Nobody is logged in since before the host started: what seems to be begins there.</summary>
    /// <returns>How many were.</returns>
    public int BeginNotBefore(long seconds)
    {
        var count = 0;
        foreach (var line in lines.Open)
        {
            if (line.Session.ChargedUntilSeconds < seconds)
            {
                count++;
                line.Session = line.Session.Moved(seconds - line.Session.ChargedUntilSeconds);
            }
        }

        return count;
    }

    /// <summary>Begins to count anew: what is open stays, and lines that nobody is on are forgotten.</summary>
    public void BeginPeriod()
    {
        (counts, forgotten) = (default, default);
        while (lines.Idle.First is { } first)
        {
            lines.Remove(first.Value);
        }

        foreach (var line in lines.Open)
        {
            (line.Sessions, line.Logins, line.Logouts, line.Seconds) = (0, 0, 0, 0);
        }
    }

    /// <summary>Ends the session on a line for a reason that no record tells.</summary>
    /// <returns>False when nobody is on.</returns>
    public bool TryEnd(string name, long seconds, SessionEnd by)
    {
        if (lines.Find(name) is not { IsOpen: true } line)
        {
            return false;
        }

        End(line, OpenSession.Kept(seconds), by);
        return true;
    }

    private void Login(in LoginEvent login, long seconds)
    {
        if (login.Line.Length == 0)
        {
            counts.WithoutLine++;
            return;
        }

        var line = Met(login.Line);
        line.Sessions++;
        counts.Logins++;
        if (line.IsOpen)
        {
            counts.MissingLogouts++;
            End(line, seconds, SessionEnd.NextLogin);
        }
        else
        {
            line.Logins++;
        }

        lines.Begin(line, new(login.Line, login.User, login.Id, login.Pid, login.Host, seconds, seconds));
    }

    private void Logout(in LoginEvent login, long seconds)
    {
        var line = login.Line.Length > 0 ? Met(login.Line) : lines.FindOpen(login.Id, login.Pid);
        if (line is null)
        {
            counts.WithoutLine++;
            return;
        }

        line.Logouts++;
        if (line.IsOpen)
        {
            counts.Logouts++;
            End(line, seconds, SessionEnd.Logout);
        }
        else
        {
            counts.UnmatchedLogouts++;
        }
    }

    private void Getty(string name, long seconds)
    {
        var line = Met(name);
        if (line.IsOpen)
        {
            line.Logouts++;
            counts.Logouts++;
            End(line, seconds, SessionEnd.Logout);
        }
    }

    private void Boot()
    {
        counts.Boots++;
        if (lastSeen is { } seconds)
        {
            // Who logged in behind the record of a shutdown was on until the last record, too.
            counts.Crashes += isDown ? 0 : 1;
            EndAll(seconds, isDown ? SessionEnd.Shutdown : SessionEnd.Crash);
        }

        isDown = false;
    }

    private void Shutdown(long seconds)
    {
        // A change to run level 0 or 6 and the record of the shutdown are one shutdown.
        if (!isDown)
        {
            counts.Shutdowns++;
        }

        EndAll(seconds, SessionEnd.Shutdown);
        isDown = true;
    }

    private void EndAll(long seconds, SessionEnd by)
    {
        while (lines.Open.First is { } first)
        {
            first.Value.Logouts++;
            End(first.Value, seconds, by);
        }
    }

    private void SetClock(long newTime)
    {
        if (oldTime is not { } before)
        {
            counts.ClockAnomalies++;
            return;
        }

        counts.ClockChanges++;
        oldTime = null;
        if (!WatchesClock)
        {
            foreach (var line in lines.Open)
            {
                line.Session = line.Session.Moved(newTime - before);
            }
        }
    }

    private void End(LoginLine line, long seconds, SessionEnd by)
    {
        if (seconds < line.Session.StartSeconds)
        {
            counts.ClockAnomalies++;
            by = SessionEnd.ClockAnomaly;
        }

        var session = line.Session.End(seconds, by);
        line.Seconds += session.ChargedSeconds;
        lines.End(line);
        ended(session);
    }

    private LoginLine Met(string name)
    {
        if (lines.Find(name) is { } line)
        {
            lines.Touch(line);
            return line;
        }

        if (lines.IsFull)
        {
            Forget();
        }

        return lines.Add(name);
    }

    private void Forget()
    {
        if (lines.Idle.First is null)
        {
            counts.ForgottenSessions++;
            End(lines.Open.First!.Value, lastSeen ?? 0, SessionEnd.Gone);
        }

        var line = lines.Idle.First!.Value;
        counts.ForgottenLines++;
        forgotten = new(
            "", forgotten.Sessions + line.Sessions, forgotten.Logins + line.Logins,
            forgotten.Logouts + line.Logouts, forgotten.Seconds + line.Seconds);
        lines.Remove(line);
    }
}
