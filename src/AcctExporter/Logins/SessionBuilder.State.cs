// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using AcctExporter.Journal;

namespace AcctExporter.Logins;

/// <summary>
/// The whole state as bytes, so that who reads a file in pieces can go on: version, clock, counts, and the lines, idle
/// ones first, each in the order of its list. Numbers are zig-zag varints, texts UTF-8 behind their length.
/// </summary>
internal sealed partial class SessionBuilder
{
    private const byte Version = 1;
    private const int OpenFlag = 1;
    private const int IdFlag = 2;
    private const int PidFlag = 4;

    /// <summary>Longer than any name in a login file or database.</summary>
    private const int LongestText = 4096;

    /// <summary>Writes the state.</summary>
    public void Save(IBufferWriter<byte> output)
    {
        output.GetSpan(1)[0] = Version;
        output.Advance(1);
        Put(output, (isDown ? 1 : 0) | (oldTime is null ? 0 : 2) | (lastSeen is null ? 0 : 4));
        Put(output, oldTime ?? 0);
        Put(output, lastSeen ?? 0);
        foreach (var count in CountsAsNumbers())
        {
            Put(output, count);
        }

        Put(output, lines.Idle.Count);
        foreach (var line in lines.Idle)
        {
            Put(output, line);
        }

        Put(output, lines.Open.Count);
        foreach (var line in lines.Open)
        {
            Put(output, line);
        }
    }

    /// <summary>Goes on from a state that <see cref="Save"/> wrote.</summary>
    /// <returns>Null when the bytes are no such state.</returns>
    public static SessionBuilder? Restore(
        ReadOnlySpan<byte> state, Action<Session> ended, int linesLimit = LinesMax)
    {
        var builder = new SessionBuilder(ended, linesLimit);
        return state.Length > 0 && state[0] == Version && builder.TryTake(state[1..]) ? builder : null;
    }

    private static void Put(IBufferWriter<byte> output, long value)
    {
        var zigZag = (ulong)((value << 1) ^ (value >> 63));
        output.Advance(Varint.Write64(output.GetSpan(Varint.MaxBytes64), zigZag));
    }

    private static void Put(IBufferWriter<byte> output, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Put(output, bytes.Length);
        output.Write(bytes);
    }

    private static void Put(IBufferWriter<byte> output, LoginLine line)
    {
        Put(output, line.Name);
        foreach (var count in (ReadOnlySpan<long>)[line.Sessions, line.Logins, line.Logouts, line.Seconds])
        {
            Put(output, count);
        }

        if (line.IsOpen)
        {
            Put(output, OpenFlag | (line.HasId ? IdFlag : 0) | (line.HasPid ? PidFlag : 0));
            Put(output, line.Session.User);
            Put(output, line.Session.Id);
            Put(output, line.Session.Pid);
            Put(output, line.Session.Host);
            Put(output, line.Session.StartSeconds);
            Put(output, line.Session.ChargedUntilSeconds);
        }
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out long value)
    {
        var isThere = Varint.TryRead64(ref rest, out var zigZag);
        value = (long)(zigZag >> 1) ^ -(long)(zigZag & 1);
        return isThere;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (!TryTake(ref rest, out long length) || length is < 0 or > LongestText || length > rest.Length)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(rest[..(int)length]);
        rest = rest[(int)length..];
        return true;
    }

    private static bool TryTakeTime(ref ReadOnlySpan<byte> rest, out long seconds) =>
        TryTake(ref rest, out seconds) && seconds == OpenSession.Kept(seconds);

    private long[] CountsAsNumbers() =>
    [
        counts.Logins, counts.Logouts, counts.UnmatchedLogouts, counts.MissingLogouts, counts.Boots, counts.Shutdowns,
        counts.Crashes, counts.ClockChanges, counts.ClockAnomalies, counts.WithoutLine, counts.ForgottenLines,
        counts.ForgottenSessions, forgotten.Sessions, forgotten.Logins, forgotten.Logouts, forgotten.Seconds,
    ];

    private bool TryTake(ReadOnlySpan<byte> rest)
    {
        if (!TryTake(ref rest, out long flags) || !TryTakeTime(ref rest, out var old)
            || !TryTakeTime(ref rest, out var seen))
        {
            return false;
        }

        (isDown, oldTime, lastSeen) = ((flags & 1) != 0, (flags & 2) == 0 ? null : old, (flags & 4) == 0 ? null : seen);
        var numbers = CountsAsNumbers();
        for (var at = 0; at < numbers.Length; at++)
        {
            if (!TryTake(ref rest, out numbers[at]))
            {
                return false;
            }
        }

        (counts, forgotten) = CountsOf(numbers);
        return TryTakeLines(ref rest, areOpen: false) && TryTakeLines(ref rest, areOpen: true) && rest.IsEmpty;
    }

    private static (SessionCounts Counts, LineUse Forgotten) CountsOf(long[] numbers) => (
        new()
        {
            Logins = numbers[0], Logouts = numbers[1], UnmatchedLogouts = numbers[2], MissingLogouts = numbers[3],
            Boots = numbers[4], Shutdowns = numbers[5], Crashes = numbers[6], ClockChanges = numbers[7],
            ClockAnomalies = numbers[8], WithoutLine = numbers[9], ForgottenLines = numbers[10],
            ForgottenSessions = numbers[11],
        },
        new("", numbers[12], numbers[13], numbers[14], numbers[15]));

    private bool TryTakeLines(ref ReadOnlySpan<byte> rest, bool areOpen)
    {
        if (!TryTake(ref rest, out long count))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!TryTake(ref rest, out string name) || name.Length == 0 || lines.Find(name) is not null)
            {
                return false;
            }

            var line = Met(name);
            if (!TryTakeUse(ref rest, line) || (areOpen && !TryTakeSession(ref rest, line)))
            {
                return false;
            }
        }

        return count == 0;
    }

    private static bool TryTakeUse(ref ReadOnlySpan<byte> rest, LoginLine line)
    {
        if (!TryTake(ref rest, out long sessions) || !TryTake(ref rest, out long logins)
            || !TryTake(ref rest, out long logouts) || !TryTake(ref rest, out long seconds))
        {
            return false;
        }

        (line.Sessions, line.Logins, line.Logouts, line.Seconds) = (sessions, logins, logouts, seconds);
        return true;
    }

    private bool TryTakeSession(ref ReadOnlySpan<byte> rest, LoginLine line)
    {
        if (!TryTake(ref rest, out long flags) || !TryTake(ref rest, out string user)
            || !TryTake(ref rest, out string id) || !TryTake(ref rest, out long pid) || pid != (int)pid
            || !TryTake(ref rest, out string host) || !TryTakeTime(ref rest, out var start)
            || !TryTakeTime(ref rest, out var charged))
        {
            return false;
        }

        return (flags & OpenFlag) != 0 && user.Length > 0 && lines.TryPut(
            line, new(line.Name, user, id, (int)pid, host, start, charged),
            (flags & IdFlag) != 0, (flags & PidFlag) != 0);
    }
}
