// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>
/// Finds sessions whose process is gone without a logout: killed with its daemon, or lost with a crash of it. Two looks
/// in a row must miss it; the session ends with the first of them. Process ids are given again: a process that began
/// after the login is another one.
/// </summary>
/// <param name="startOf">When a process began, since the boot; null for none.</param>
internal sealed class LoginProcesses(Func<int, TimeSpan?> startOf)
{
    /// <summary>
    /// The process of a login is there before its record; this is for small changes of the clock since.
    /// </summary>
    private const long SlackSeconds = 60;

    /// <summary>Sessions whose process was not there at the last look: line, process, and when that was.</summary>
    private Dictionary<(string Line, int Pid), long> missed = [];

    /// <summary>Looks, and ends what is gone.</summary>
    /// <param name="book">Has the sessions.</param>
    /// <param name="nowUnixMicroseconds">The wall clock.</param>
    /// <param name="bootUnixMicroseconds">When the host started, by that clock.</param>
    /// <returns>True when any session was ended.</returns>
    public bool Look(LoginBook book, long nowUnixMicroseconds, long bootUnixMicroseconds)
    {
        var seconds = nowUnixMicroseconds / 1_000_000;
        var missing = new Dictionary<(string Line, int Pid), long>();
        var hasEnded = false;
        foreach (var session in book.OpenSessions
            .Where(session => session.Pid > 0 && !Lives(session, bootUnixMicroseconds / 1_000_000)).ToList())
        {
            var key = (session.Line, session.Pid);
            if (missed.TryGetValue(key, out var first))
            {
                book.EndGone(session.Line, first, nowUnixMicroseconds);
                hasEnded = true;
            }
            else
            {
                missing.Add(key, seconds);
            }
        }

        missed = missing;
        return hasEnded;
    }

    /// <summary>The clock was set: begins anew.</summary>
    public void Forget() => missed.Clear();

    private bool Lives(OpenSession session, long bootSeconds) => startOf(session.Pid) is { } start
        && bootSeconds + (long)start.TotalSeconds <= session.StartSeconds + SlackSeconds;
}
