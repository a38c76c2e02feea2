// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>
/// Makes sessions of login records as <c>acctcon</c> and <c>acctcon1</c> of System V do (illumos), with what is odd
/// about them: a boot ends sessions at its own time, a getty's record moves their start (acctcon), a record that is
/// earlier than the one before it on its line does nothing but that, and what is open at the end is not charged.
/// </summary>
/// <param name="twoSteps">As <c>acctcon1</c>, where a getty's record is a logout.</param>
/// <param name="ended">Takes each session, in the order of the ends.</param>
/// <param name="badTimes">Told of the line's time and of the record's earlier one.</param>
internal sealed class CompatSessionBuilder(bool twoSteps, Action<Session> ended, Action<long, long> badTimes)
{
    /// <summary>Lines followed; the classic programs have no limit.</summary>
    public const int LinesMax = 1 << 20;

    private readonly Dictionary<string, Line> byName = new(StringComparer.Ordinal);
    private readonly List<Line> lines = [];
    private long oldTime;

    /// <summary>How often a record was earlier than the one before it on its line.</summary>
    public long BadTimes { get; private set; }

    /// <summary>Records of lines beyond <see cref="LinesMax"/>, which are left out.</summary>
    public long LeftOut { get; private set; }

    /// <summary>What the report of reboots tells.</summary>
    public LoginReasons Reasons { get; } = new();

    /// <summary>How much each line was used, in the order of their first record.</summary>
    public IReadOnlyList<LineUse> Lines =>
        [.. lines.Select(line => new LineUse(line.Name, line.Sessions, line.Logins, line.Logouts, line.Seconds))];

    /// <summary>The next record.</summary>
    public void Apply(in LoginEvent login)
    {
        if (login.Line.Length == 0)
        {
            return;
        }

        switch (login.Kind)
        {
            case LoginEventKind.OldTime:
                oldTime = login.Seconds;
                break;
            case LoginEventKind.NewTime when oldTime != 0:
                SetClock(login.Seconds - oldTime);
                break;
            case LoginEventKind.Boot:
                EndAll(login.Seconds);
                Count(login);
                break;
            case LoginEventKind.Accounting or LoginEventKind.RunLevel:
                Count(login);
                break;
            case LoginEventKind.Login or LoginEventKind.Logout or LoginEventKind.Getty:
                Met(login);
                break;
        }
    }

    private void SetClock(long bySeconds)
    {
        Reasons.ClockChanges++;
        oldTime = 0;
        foreach (var line in lines)
        {
            line.Time = OpenSession.Kept(line.Time + bySeconds);
        }
    }

    private void Count(in LoginEvent login)
    {
        Reasons.ToSeconds = login.Seconds;
        Reasons.Add(login.Reason);
    }

    private void EndAll(long seconds)
    {
        foreach (var line in lines)
        {
            if (TryMove(line, seconds, out var before))
            {
                line.Logouts++;
                End(line, before, SessionEnd.Crash);
            }
        }
    }

    private void Met(in LoginEvent login)
    {
        if (!byName.TryGetValue(login.Line, out var line))
        {
            if (lines.Count >= LinesMax)
            {
                LeftOut++;
                return;
            }

            line = new() { Name = login.Line };
            byName.Add(login.Line, line);
            lines.Add(line);
        }

        if (!TryMove(line, login.Seconds, out var before))
        {
            return;
        }

        if (login.Kind == LoginEventKind.Login)
        {
            line.Sessions++;
            line.Logins += line.User.Length == 0 ? 1 : 0;
            End(line, before, SessionEnd.NextLogin);
            (line.User, line.Pid, line.Host) = (login.User, login.Pid, login.Host);
        }
        else if (login.Kind == LoginEventKind.Logout || twoSteps)
        {
            line.Logouts++;
            End(line, before, SessionEnd.Logout);
        }
    }

    /// <summary>Moves a line's time, and says whether the record counts.</summary>
    private bool TryMove(Line line, long seconds, out long before)
    {
        before = line.Time;
        line.Time = OpenSession.Kept(seconds);
        if (before <= line.Time)
        {
            return true;
        }

        BadTimes++;
        badTimes(before, line.Time);
        return false;
    }

    private void End(Line line, long start, SessionEnd by)
    {
        if (line.User.Length > 0)
        {
            var session = new Session(line.Name, line.User, line.Pid, line.Host, start, line.Time, by, start);
            line.Seconds += session.Seconds;
            line.User = "";
            ended(session);
        }
    }

    private sealed class Line
    {
        public required string Name { get; init; }

        public string User { get; set; } = "";

        public int Pid { get; set; }

        public string Host { get; set; } = "";

        public long Time { get; set; }

        public long Sessions { get; set; }

        public long Logins { get; set; }

        public long Logouts { get; set; }

        public long Seconds { get; set; }
    }
}
