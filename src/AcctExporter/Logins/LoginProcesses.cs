// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>
/// Finds sessions whose process is gone without a logout: killed with its daemon, or lost with a crash of it. Two looks
/// in a row must miss it; the session ends with the first of them.
/// </summary>
/// <param name="lives">Whether there is a process.</param>
internal sealed class LoginProcesses(Func<int, bool> lives)
{
    /// <summary>Sessions whose process was not there at the last look: line, process, and when that was.</summary>
    private Dictionary<(string Line, int Pid), long> missed = [];

    /// <summary>Looks, and ends what is gone.</summary>
    /// <returns>True when any session was ended.</returns>
    public bool Look(LoginBook book, long nowUnixMicroseconds)
    {
        var seconds = nowUnixMicroseconds / 1_000_000;
        var missing = new Dictionary<(string Line, int Pid), long>();
        var hasEnded = false;
        foreach (var session in book.OpenSessions.Where(session => session.Pid > 0 && !lives(session.Pid)).ToList())
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
}
