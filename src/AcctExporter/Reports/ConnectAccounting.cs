// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Reads login records to their end, and gives each session to a report, with its prime time: the part that
/// <c>acctcon</c>, <c>acctcon1</c>, <c>lineuse</c> and <c>reboots</c> share.
/// </summary>
/// <param name="io">For messages, and the clock.</param>
/// <param name="options">How.</param>
/// <param name="take">Takes each session, in the order of their ends.</param>
internal sealed class ConnectAccounting(ReportIo io, ConnectOptions options, Action<ChargedSession> take)
{
    private readonly ZoneOffsets offsets = new(io.Clock.LocalTimeZone);
    private Func<long, long, PrimeSplit>? split;
    private SessionBuilder? open;
    private bool failed;

    /// <summary>From when to when the file reaches, and what happened to the system.</summary>
    public LoginReasons Reasons { get; private set; } = new();

    /// <summary>
    /// How much each line was used: by name, or by the classic <c>acctcon1</c> in the order of their first record.
    /// </summary>
    public IReadOnlyList<LineUse> Lines { get; private set; } = [];

    /// <summary>What was met, but by the classic rules.</summary>
    public SessionCounts Counts { get; private set; }

    /// <summary>Damaged records and places that were left out.</summary>
    public ulong Flawed { get; private set; }

    /// <summary>Reads it all.</summary>
    /// <param name="input">A login file or a pipe, from where it stands.</param>
    /// <exception cref="IOException">The input or the carried sessions cannot be read.</exception>
    public ConnectResult Read(Stream input) => options.Compat ? ReadCompat(input) : ReadSane(input);

    /// <summary>
    /// Keeps what is open for the next run, if that is asked for: when all that was made of it is written, so that who
    /// starts again after a failure does not begin behind it.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Keep()
    {
        if (options.Carry is { } path && open is { } builder)
        {
            new CarriedSessions(path).Save(builder);
        }
    }

    private ConnectResult ReadSane(Stream input)
    {
        if (Begin() is not { } builder)
        {
            Say($"{options.Carry}: it does not keep sessions of an earlier run: remove it, or name another file");
            return ConnectResult.Failed;
        }

        split = Calendar();
        if (builder.LastSeenSeconds is { } before)
        {
            Reasons.Met(before);
        }

        var reader = new UtmpReader(input);
        var names = new LoginNames();
        while (reader.TryRead(out var record))
        {
            var login = LoginEvent.Of(record, names);
            builder.Apply(login);
            if (login.Kind != LoginEventKind.Nothing)
            {
                Reasons.Met(login.Seconds);
            }

            if (login.Reason.Length > 0)
            {
                Reasons.Add(login.Reason);
            }
        }

        Finish(builder);
        Flawed = reader.Flawed;
        open = builder;
        return Flawed > 0 ? ConnectResult.BadRecords : ConnectResult.Done;
    }

    private SessionBuilder? Begin()
    {
        if (options.Carried is not { } state)
        {
            return options.Carry is { } path ? new CarriedSessions(path).Load(Ended) : new(Ended);
        }

        var builder = SessionBuilder.Restore(state, Ended);
        builder?.BeginPeriod();
        return builder;
    }

    private void Finish(SessionBuilder builder)
    {
        if (options.UntilNow && builder.LastSeenSeconds is not null)
        {
            builder.CutOff(io.Clock.GetUtcNow().ToUnixTimeSeconds());
        }
        else if (builder.LastSeenSeconds is { } last)
        {
            builder.CutOff(last);
        }

        Reasons.ToSeconds = builder.LastSeenSeconds ?? 0;
        Reasons.Add(options.Name);
        Counts = builder.Counts;
        Reasons.ClockChanges = Counts.ClockChanges;
        Lines = [.. builder.Lines.OrderBy(line => line.Line, StringComparer.Ordinal)];
        if (Counts.ForgottenLines > 0)
        {
            Lines = [.. Lines, builder.ForgottenUse with { Line = "(others)" }];
            Say($"more than {SessionBuilder.LinesMax} lines: {Counts.ForgottenLines} were forgotten, and "
                + $"{Counts.ForgottenSessions} sessions on them ended there; look at who writes the file");
        }

        if (Counts.ClockAnomalies > 0)
        {
            Say($"the clock went back {Counts.ClockAnomalies} times with no record of it: a session over that has no "
                + "length; have the clock set gradually");
        }
    }

    private Func<long, long, PrimeSplit>? Calendar() => options.Holidays is not { } path ? null
        : new PrimeTime(new HolidayFile(path, Say, io.Clock).Read(), io.Clock.LocalTimeZone).Split;

    private void Ended(Session session)
    {
        if (options.Carried is not null && session.ChargedSeconds < 0)
        {
            // Its logout is of the time before the cut-off, and was written after it.
            var less = Split(session.EndSeconds, session.ChargedFromSeconds);
            take(new(session, new(-less.PrimeSeconds, -less.NonPrimeSeconds)));
            return;
        }

        var from = Math.Min(session.ChargedFromSeconds, session.EndSeconds);
        take(new(session, Split(from, session.EndSeconds)));
    }

    private PrimeSplit Split(long from, long to) => split is null ? new(0, to - from) : split(from, to);

    private ConnectResult ReadCompat(Stream input)
    {
        var builder = new CompatSessionBuilder(options.TwoSteps, EndedCompat, BadTimes);
        Reasons = builder.Reasons;
        var reader = new UtmpReader(input, flawedToo: true);
        var names = new LoginNames();
        long records = 0;
        while (!failed && reader.TryRead(out var record))
        {
            Reasons.Met(record.Seconds);
            if (CompatLoginRecord.IsValid(record, withDots: !options.TwoSteps))
            {
                Take(builder, LoginEvent.Of(record, names));
            }
            else
            {
                Flawed++;
                Say($"bad wtmpx: offset {records * reader.Layout.Size}.", plain: true);
                Say("bad record is:  " + CompatLoginRecord.Text(record, offsets), plain: true);
            }

            records++;
        }

        if (failed)
        {
            return ConnectResult.Failed;
        }

        var end = options.UntilNow ? io.Clock.GetUtcNow().ToUnixTimeSeconds() : Reasons.ToSeconds;
        builder.Apply(new(LoginEventKind.Accounting, end, "", options.Name, "", 0, "", options.Name));
        Lines = options.TwoSteps ? builder.Lines
            : [.. builder.Lines.OrderBy(line => line.Line, StringComparer.Ordinal)];
        return Flawed > 0 || builder.BadTimes > 0 || builder.LeftOut > 0
            ? ConnectResult.BadRecords : ConnectResult.Done;
    }

    private void Take(CompatSessionBuilder builder, in LoginEvent login)
    {
        if (options.TwoSteps && login is { Kind: LoginEventKind.Shutdown, Line.Length: > 0 })
        {
            Say($"invalid type 10 for {login.User} {login.Line} {CompatLoginRecord.Date(login.Seconds, offsets)}");
        }

        builder.Apply(login);
    }

    private void EndedCompat(Session session)
    {
        if (failed)
        {
            return;
        }

        if (split is null && options.Holidays is { } path)
        {
            var table = new HolidayFile(path, text => Say(text, plain: true), io.Clock).ReadCompat();
            if (table is null)
            {
                Say("could not calculate prime/non-prime hours");
                failed = true;
                return;
            }

            split = new CompatPrimeTime(table, io.Clock.LocalTimeZone).Split;
        }

        Ended(session);
    }

    private void BadTimes(long before, long now)
    {
        Say($"bad times: old: {CompatLoginRecord.Date(before, offsets)}");
        Say($"new: {CompatLoginRecord.Date(now, offsets)}", plain: true);
    }

    private void Say(string message) => Say(message, plain: false);

    private void Say(string message, bool plain) =>
        io.Errors.WriteLine(plain ? message : $"{options.Name}: {message}");
}
