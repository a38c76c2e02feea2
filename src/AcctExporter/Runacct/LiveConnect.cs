// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>What a user's sessions of the running day come to so far.</summary>
/// <param name="User">The name, as in the login records.</param>
/// <param name="PrimeSeconds">Logged in, in prime time.</param>
/// <param name="NonPrimeSeconds">Logged in, in non-prime time.</param>
/// <param name="Sessions">Sessions that began.</param>
internal readonly record struct LiveSessions(string User, long PrimeSeconds, long NonPrimeSeconds, long Sessions);

/// <summary>
/// The connect time of the running day by user, live: reads on where the last daily run stopped (<c>nite/logins</c>),
/// with the same sessions and the same prime time, so that it shows what the next run will charge. One thread.
/// </summary>
/// <param name="options">Where logins are.</param>
/// <param name="paths">The suite's files.</param>
/// <param name="clock">The time, and the zone.</param>
internal sealed class LiveConnect(LoginOptions options, SuitePaths paths, TimeProvider clock) : IDisposable
{
    private readonly Dictionary<string, LiveSessions> users = new(StringComparer.Ordinal);
    private readonly LoginNames names = new();
    private DayLoginReader? reader;
    private SessionBuilder sessions = new(_ => { });
    private PrimeTime? calendar;
    private (byte[]? Mark, DateTime Holidays) begunFrom;
    private long? since;
    private bool isCounting;

    /// <summary>
    /// By user, since the last daily run took its records; before the first run, of up to 24 hours before the agent's
    /// start. What is returned never changes.
    /// </summary>
    public IReadOnlyCollection<LiveSessions> Users { get; private set; } = [];

    /// <summary>
    /// Reads what is new, and charges what is open up to now. Begins anew when a daily run has taken the day, or the
    /// table of prime time is another.
    /// </summary>
    /// <exception cref="IOException">The suite's files cannot be read, or are damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">They cannot be read.</exception>
    public void Pass()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var mark = File.Exists(paths.TakenLogins) ? File.ReadAllBytes(paths.TakenLogins) : null;
        var table = File.GetLastWriteTimeUtc(options.HolidaysFile);
        if (reader is null || table != begunFrom.Holidays || !IsSame(mark, begunFrom.Mark)
            || reader.Source != (LoginSources.Choose(options) ?? LoginSource.Off))
        {
            Begin(now);
            begunFrom = (mark, table);
        }

        reader!.Read(Apply);
        Count();
        sessions.CutOff(now);
        Users = [.. users.Values];
    }

    /// <inheritdoc/>
    public void Dispose() => reader?.Dispose();

    private static bool IsSame(byte[]? one, byte[]? other) =>
        one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);

    private void Begin(long now)
    {
        var from = LoginCut.Load(paths.TakenLogins);
        reader?.Dispose();
        reader = new(options, from, now, _ => { });
        since = reader.Source == LoginSource.Off ? null : reader.Since;
        users.Clear();
        isCounting = since is null;
        calendar = new(new HolidayFile(options.HolidaysFile, _ => { }, clock).Read(), clock.LocalTimeZone);
        sessions = (from is not null && since is null ? SessionBuilder.Restore(from.Sessions, Ended) : null)
            ?? new(Ended);
    }

    private void Apply(UtmpRecord record)
    {
        if (record.Seconds < since)
        {
            // As in the day's file: the day begins behind the last older record.
            users.Clear();
            isCounting = false;
        }
        else
        {
            Count();
        }

        sessions.Apply(LoginEvent.Of(record, names));
    }

    private void Count()
    {
        if (!isCounting && since is { } start)
        {
            sessions.CutOff(start);
            isCounting = true;
            foreach (var open in sessions.OpenSessions.Where(open => open.StartSeconds < start))
            {
                // The day's file has a login for each where it begins.
                Add(open.User, default, 1);
            }
        }
    }

    private void Ended(Session session)
    {
        if (!isCounting)
        {
            return;
        }

        var split = session.ChargedSeconds >= 0
            ? calendar!.Split(session.ChargedFromSeconds, session.EndSeconds)
            : calendar!.Split(session.EndSeconds, session.ChargedFromSeconds);
        var sign = session.ChargedSeconds >= 0 ? 1 : -1;
        Add(session.User, new(sign * split.PrimeSeconds, sign * split.NonPrimeSeconds), session.IsFirstPart ? 1 : 0);
    }

    private void Add(string name, PrimeSplit split, long begun)
    {
        var user = users.GetValueOrDefault(name);
        users[name] = new(
            name, user.PrimeSeconds + split.PrimeSeconds, user.NonPrimeSeconds + split.NonPrimeSeconds,
            user.Sessions + begun);
    }
}
