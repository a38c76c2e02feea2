// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Logins;
using AcctExporter.Tests.Properties;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Logins;

/// <summary>What holds for any login records in any order.</summary>
public class SessionProperties
{
    private const int LinesLimit = 4;

    private static readonly Gen<LoginEvent> Anything = Events(Gen.Frequency(
        (8, Gen.Choose(0, 100).Select(second => (long)second)), (1, Gen.Elements(0L, long.MinValue, long.MaxValue, -5)),
        (1, Gen.Choose(0, int.MaxValue).Select(second => (long)second))));

    private static readonly Gen<LoginEvent> InOrder = Events(Gen.Choose(0, 5).Select(step => (long)step));

    /// <summary>On no line is more charged than clocks moved on from record to record.</summary>
    [Fact]
    public void NoLine_IsUsedLongerThanTheFileLasts() => Holds.ForAllOf(Anything, 40, 5000, logins =>
    {
        var sessions = new List<Session>();
        var builder = new SessionBuilder(sessions.Add, LinesLimit);
        long forward = 0;
        long? before = null;
        foreach (var login in logins)
        {
            builder.Apply(login);
            if (login.Kind != LoginEventKind.Nothing)
            {
                var now = OpenSession.Kept(login.Seconds);
                forward += Math.Max(0, now - (before ?? now));
                before = now;
            }
        }

        if (before is { } last)
        {
            builder.CutOff(last);
        }

        return sessions.GroupBy(session => session.Line).All(line => line.Sum(part => part.ChargedSeconds) <= forward)
            && sessions.All(session => session.Seconds >= 0 && session.ChargedSeconds >= 0)
            && builder.Lines.Count() <= LinesLimit
            && builder.Lines.Sum(line => line.Seconds) + builder.ForgottenUse.Seconds
                == sessions.Sum(session => session.ChargedSeconds);
    });

    /// <summary>Of records in the order of time, without changes of the clock.</summary>
    [Fact]
    public void SessionsOfALine_DoNotOverlap() => Holds.ForAllOf(InOrder, 60, 5000, steps =>
    {
        var sessions = new List<Session>();
        var builder = new SessionBuilder(sessions.Add, LinesLimit);
        long now = 1000;
        foreach (var step in steps.Where(step => step.Kind is not (LoginEventKind.OldTime or LoginEventKind.NewTime)))
        {
            now += step.Seconds;
            builder.Apply(step with { Seconds = now });
        }

        builder.CutOff(now);
        var spans = sessions.GroupBy(session => session.Line).Select(
            line => line.OrderBy(part => part.ChargedFromSeconds).ThenBy(part => part.EndSeconds).ToArray());
        return spans.All(line => line.Zip(line.Skip(1)).All(
                pair => pair.First.EndSeconds <= pair.Second.ChargedFromSeconds)
            && line.Sum(part => part.ChargedSeconds) <= now - 1000) && builder.Counts.ClockAnomalies == 0;
    });

    [Fact]
    public void SavedAndRestoredAnywhere_ItGivesTheSame() => Holds.ForAllOf(
        Gen.Zip(Anything, Gen.Choose(0, 3)), 40, 3000, inputs =>
        {
            var (plain, resumed) = (new List<Session>(), new List<Session>());
            var builder = new SessionBuilder(plain.Add, LinesLimit);
            var other = new SessionBuilder(resumed.Add, LinesLimit);
            foreach (var (login, what) in inputs)
            {
                builder.Apply(login);
                other.Apply(login);
                if (what == 0)
                {
                    other = SessionBuilder.Restore(State(other), resumed.Add, LinesLimit)!;
                }
                else if (what == 1)
                {
                    builder.CutOff(login.Seconds);
                    other.CutOff(login.Seconds);
                }
            }

            return plain.SequenceEqual(resumed) && builder.Counts == other.Counts
                && State(builder).SequenceEqual(State(other)) && builder.Lines.SequenceEqual(other.Lines);
        });

    [Fact]
    public void AnyBytes_AreAStateOrNone()
    {
        var states = Anything.ArrayOf().Select(logins =>
        {
            var builder = new SessionBuilder(_ => { }, LinesLimit);
            foreach (var login in logins)
            {
                builder.Apply(login);
            }

            return State(builder);
        });
        var damage = Gen.Zip(states, Gen.Zip(Gen.Choose(0, 10_000), Gen.Choose(0, 255)));
        Holds.ForAll(damage, 3000, input =>
        {
            var (state, (place, value)) = input;
            var damaged = state.ToArray();
            damaged[place % damaged.Length] = (byte)value;
            var restored = SessionBuilder.Restore(damaged, _ => { }, LinesLimit);
            _ = SessionBuilder.Restore(damaged.AsSpan(0, place % damaged.Length), _ => { }, LinesLimit);
            return SessionBuilder.Restore(state, _ => { }, LinesLimit) is not null
                && (restored is null || State(restored).Length > 0);
        });
    }

    [Fact]
    public void TheClassicBuilder_TakesAnything() => Holds.ForAllOf(Anything, 40, 2000, logins =>
    {
        foreach (var twoSteps in (bool[])[false, true])
        {
            var sessions = new List<Session>();
            var builder = new CompatSessionBuilder(twoSteps, sessions.Add, (_, _) => { });
            foreach (var login in logins)
            {
                builder.Apply(login);
            }

            if (sessions.Any(session => session.Seconds < 0)
                || builder.Lines.Sum(line => line.Seconds) != sessions.Sum(session => session.Seconds))
            {
                return false;
            }
        }

        return true;
    });

    private static byte[] State(SessionBuilder builder)
    {
        var output = new ArrayBufferWriter<byte>();
        builder.Save(output);
        return output.WrittenSpan.ToArray();
    }

    private static Gen<LoginEvent> Events(Gen<long> times) =>
        from kind in Gen.Frequency(
            (6, Gen.Constant(LoginEventKind.Login)), (5, Gen.Constant(LoginEventKind.Logout)),
            (6, Gen.Elements(Enum.GetValues<LoginEventKind>())))
        from seconds in times
        from user in Gen.Elements("alice", "bob", "")
        from line in Gen.Elements("a", "b", "c", "d", "e", "f", "")
        from id in Gen.Elements("1", "2", "")
        from pid in Gen.Choose(-1, 3)
        from reason in Gen.Elements("run-level 0", "run-level 3")
        select new LoginEvent(
            kind, seconds, user, line, id, pid, "host", kind == LoginEventKind.RunLevel ? reason : "");
}
