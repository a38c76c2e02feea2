// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Logins;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// What makes a part of a wtmp complete in itself: at its beginning a login for everybody who was logged in then
/// (<c>utmp2wtmp</c>), at its end a logout for everybody who still is (<c>closewtmp</c>).
/// </summary>
/// <param name="output">Where the records go.</param>
/// <param name="type"><see cref="UtmpType.UserProcess"/> or <see cref="UtmpType.DeadProcess"/>.</param>
internal sealed class PeriodRecords(UtmpOutput output, UtmpType type)
{
    private readonly byte[] record = new byte[UtmpLayout.WideSize];

    /// <summary>How often something in the input was no good record.</summary>
    public ulong Flawed { get; private set; }

    /// <summary>For everybody in a utmp: the record that is there, with another time.</summary>
    /// <exception cref="IOException">It cannot be read, or the output not written.</exception>
    public void AddUtmp(Stream utmp, long seconds)
    {
        var reader = new UtmpReader(utmp);
        while (reader.TryRead(out var login))
        {
            if (login.Type == UtmpType.UserProcess && !login.User.IsEmpty)
            {
                UtmpFields.Of(login, type, login.User, seconds, 0).Write(record, login.Layout);
                output.Add(new(record.AsSpan(0, login.Layout.Size), login.Layout));
            }
        }

        Flawed += reader.Flawed;
    }

    /// <summary>For everybody who is logged in at the end of a wtmp.</summary>
    /// <exception cref="IOException">It cannot be read, or the output not written.</exception>
    public void AddWtmp(Stream wtmp, long seconds)
    {
        var sessions = new SessionBuilder(_ => { });
        var names = new LoginNames();
        var reader = new UtmpReader(wtmp);
        while (reader.TryRead(out var login))
        {
            sessions.Apply(LoginEvent.Of(login, names));
        }

        Flawed += reader.Flawed;
        AddOpen(sessions, reader.Layout, seconds);
    }

    /// <summary>For everybody who is logged in.</summary>
    public void AddOpen(SessionBuilder sessions, UtmpLayout layout, long seconds)
    {
        foreach (var session in sessions.OpenSessions)
        {
            new UtmpFields
            {
                Type = type,
                Pid = session.Pid,
                Id = Encoding.UTF8.GetBytes(session.Id),
                Line = Encoding.UTF8.GetBytes(session.Line),
                User = Encoding.UTF8.GetBytes(session.User),
                Host = Encoding.UTF8.GetBytes(session.Host),
                Seconds = seconds,
            }.Write(record, layout);
            output.Add(new(record.AsSpan(0, layout.Size), layout));
        }
    }
}
