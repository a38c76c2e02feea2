// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Logins;

/// <summary>Login records made up for a test, as Linux would write them.</summary>
/// <param name="day">The day of times without one.</param>
internal sealed class LoginFile(string day)
{
    private readonly List<byte[]> records = [];
    private UtmpLayout layout = UtmpLayout.Usual;

    /// <summary>
    /// A day with a login on a line that somebody was on, two records for one logout, a crash, and the end of the day
    /// of the System V suite.
    /// </summary>
    public static LoginFile Crash => new LoginFile("2026-07-02")
        .Boot("06:00:00").RunLevel("06:00:05", '3').Accounting("06:00:10", "acctg on")
        .Login("07:30:00", "alice", "pts/1").Login("08:15:00", "bob", "pts/2").Logout("09:00:00", "pts/2")
        .Login("10:00:00", "carol", "pts/2").Login("11:00:00", "bob", "pts/2").Logout("12:00:00", "pts/2")
        .Logout("12:00:05", "pts/2").Login("13:00:00", "dave", "console").Boot("14:30:00").RunLevel("14:30:05", '3')
        .Accounting("14:30:10", "acctg on").Login("17:00:00", "alice", "pts/1")
        .Logout("2026-07-03 04:00:00", "pts/1").Accounting("2026-07-03 04:00:01", "runacct");

    /// <summary>The clock is set an hour forward while alice is on.</summary>
    public static LoginFile ClockForward => new LoginFile("2026-07-07")
        .Accounting("09:00", "begin").Login("10:00", "alice", "pts/1").OldTime("11:00").NewTime("12:00")
        .Logout("13:00", "pts/1").Accounting("14:00", "runacct");

    /// <summary>The same, when wtmpfix has moved what is before the change already.</summary>
    public static LoginFile ClockForwardMended => new LoginFile("2026-07-07")
        .Accounting("10:00", "begin").Login("11:00", "alice", "pts/1").OldTime("11:00").NewTime("12:00")
        .Logout("13:00", "pts/1").Accounting("14:00", "runacct");

    /// <summary>The clock is set an hour back, and nobody writes so.</summary>
    public static LoginFile ClockBack => new LoginFile("2026-07-07")
        .Accounting("09:00", "begin").Login("10:00", "alice", "pts/1").Logout("09:30", "pts/1")
        .Login("09:45", "bob", "pts/1").Logout("10:15", "pts/1").Accounting("14:00", "runacct");

    /// <summary>Somebody is still on at the end.</summary>
    public static LoginFile Unfinished => new LoginFile("2026-07-07")
        .Accounting("09:00", "begin").Login("10:00", "alice", "pts/1").Accounting("14:00", "runacct");

    public LoginFile In(UtmpLayout other)
    {
        layout = other;
        return this;
    }

    public LoginFile Boot(string time) => Add(UtmpType.BootTime, time, "reboot", "~", "~~", 0, "6.18.0");

    public LoginFile Shutdown(string time) => Add(UtmpType.RunLevel, time, "shutdown", "~", "~~", 0, "6.18.0");

    public LoginFile RunLevel(string time, char level) =>
        Add(UtmpType.RunLevel, time, "runlevel", "~", "~~", level + ('N' << 8));

    public LoginFile Accounting(string time, string reason) => Add(UtmpType.Accounting, time, "", reason);

    public LoginFile Login(string time, string user, string line, string id = "", int pid = 0, string host = "") =>
        Add(UtmpType.UserProcess, time, user, line, id, pid, host);

    public LoginFile Logout(string time, string line, string id = "", int pid = 0) =>
        Add(UtmpType.DeadProcess, time, "", line, id, pid);

    public LoginFile Getty(string time, string line) => Add(UtmpType.LoginProcess, time, "LOGIN", line);

    public LoginFile OldTime(string time) => Add(UtmpType.OldTime, time, "date", "|");

    public LoginFile NewTime(string time) => Add(UtmpType.NewTime, time, "date", "{");

    public LoginFile Add(
        UtmpType type, string time, string user, string line, string id = "", int pid = 0, string host = "")
    {
        var record = new byte[layout.Size];
        new UtmpFields
        {
            Type = type,
            Pid = pid,
            User = Encoding.UTF8.GetBytes(user),
            Line = Encoding.UTF8.GetBytes(line),
            Id = Encoding.UTF8.GetBytes(id),
            Host = Encoding.UTF8.GetBytes(host),
            Seconds = Calendar.At(time.Contains('-', StringComparison.Ordinal) ? time : $"{day} {time}"),
        }.Write(record, layout);
        records.Add(record);
        return this;
    }

    public byte[] Bytes => [.. records.SelectMany(record => record)];

    public IEnumerable<LoginEvent> Events
    {
        get
        {
            var names = new LoginNames();
            return records.Select(record => LoginEvent.Of(new(record, layout), names)).ToArray();
        }
    }

    /// <summary>The same records in another layout.</summary>
    public byte[] BytesIn(UtmpLayout other) => [.. records.SelectMany(record =>
    {
        var copy = new byte[other.Size];
        UtmpFields.Of(new(record, layout)).Write(copy, other);
        return copy;
    })];

    /// <summary>What a builder makes of it, up to the last record.</summary>
    public (List<Session> Sessions, SessionBuilder Builder) Built()
    {
        var sessions = new List<Session>();
        var builder = new SessionBuilder(sessions.Add);
        foreach (var login in Events)
        {
            builder.Apply(login);
        }

        return (sessions, builder);
    }
}
