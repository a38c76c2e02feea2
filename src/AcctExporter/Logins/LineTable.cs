// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>
/// The lines that were met, by name; those with somebody on also by id and by process. Its size is limited, for who
/// may write a login file may name any line: the caller makes room first.
/// </summary>
/// <param name="limit">Lines, at most.</param>
internal sealed class LineTable(int limit)
{
    private readonly Dictionary<string, LoginLine> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LoginLine> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<int, LoginLine> byPid = [];
    private readonly LinkedList<LoginLine> idle = [];
    private readonly LinkedList<LoginLine> open = [];

    /// <summary>Lines that nobody is on, the one longest without a record first.</summary>
    public LinkedList<LoginLine> Idle => idle;

    /// <summary>Lines that somebody is on, in the order of the logins.</summary>
    public LinkedList<LoginLine> Open => open;

    /// <summary>One more line needs one less of the others first.</summary>
    public bool IsFull => byName.Count >= limit;

    /// <summary>The line of that name, or null.</summary>
    public LoginLine? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The open line with that id, else with that process, or null.</summary>
    public LoginLine? FindOpen(string id, int pid) =>
        (id.Length > 0 ? byId.GetValueOrDefault(id) : null) ?? (pid > 0 ? byPid.GetValueOrDefault(pid) : null);

    /// <summary>A new line that nobody is on.</summary>
    public LoginLine Add(string name)
    {
        var line = new LoginLine(name);
        byName.Add(name, line);
        idle.AddLast(line.Place);
        return line;
    }

    /// <summary>It has a record now: it is the last of the idle ones to be forgotten.</summary>
    public void Touch(LoginLine line)
    {
        if (!line.IsOpen)
        {
            idle.Remove(line.Place);
            idle.AddLast(line.Place);
        }
    }

    /// <summary>Somebody logged in on a line that nobody is on. The id and the process are its own now.</summary>
    public void Begin(LoginLine line, in OpenSession session)
    {
        Put(line, session);
        TakeId(line);
        TakePid(line);
    }

    /// <summary>Like <see cref="Begin"/>, but the id and the process may be another's already.</summary>
    public bool TryPut(LoginLine line, in OpenSession session, bool hasId, bool hasPid)
    {
        if ((hasId && (session.Id.Length == 0 || byId.ContainsKey(session.Id)))
            || (hasPid && (session.Pid <= 0 || byPid.ContainsKey(session.Pid))))
        {
            return false;
        }

        Put(line, session);
        if (hasId)
        {
            TakeId(line);
        }

        if (hasPid)
        {
            TakePid(line);
        }

        return true;
    }

    /// <summary>Nobody is on any more.</summary>
    public void End(LoginLine line)
    {
        if (line.HasId)
        {
            byId.Remove(line.Session.Id);
        }

        if (line.HasPid)
        {
            byPid.Remove(line.Session.Pid);
        }

        (line.IsOpen, line.HasId, line.HasPid, line.Session) = (false, false, false, default);
        open.Remove(line.Place);
        idle.AddLast(line.Place);
    }

    /// <summary>Forgets a line that nobody is on.</summary>
    public void Remove(LoginLine line)
    {
        byName.Remove(line.Name);
        idle.Remove(line.Place);
    }

    private void Put(LoginLine line, in OpenSession session)
    {
        (line.IsOpen, line.Session) = (true, session);
        idle.Remove(line.Place);
        open.AddLast(line.Place);
    }

    private void TakeId(LoginLine line)
    {
        if (line.Session.Id.Length > 0)
        {
            if (byId.TryGetValue(line.Session.Id, out var before))
            {
                before.HasId = false;
            }

            byId[line.Session.Id] = line;
            line.HasId = true;
        }
    }

    private void TakePid(LoginLine line)
    {
        if (line.Session.Pid > 0)
        {
            if (byPid.TryGetValue(line.Session.Pid, out var before))
            {
                before.HasPid = false;
            }

            byPid[line.Session.Pid] = line;
            line.HasPid = true;
        }
    }
}
