// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>Somebody who is logged in.</summary>
/// <param name="Line">The line.</param>
/// <param name="User">Who.</param>
/// <param name="Id">The id of init's table.</param>
/// <param name="Pid">The process of the login.</param>
/// <param name="Host">From which host; empty for a local one.</param>
/// <param name="StartSeconds">The login, in seconds since 1970, by the clock of now.</param>
/// <param name="ChargedUntilSeconds">Up to where it was charged; at first the login.</param>
internal readonly record struct OpenSession(
    string Line, string User, string Id, int Pid, string Host, long StartSeconds, long ChargedUntilSeconds)
{
    private const long Latest = 1L << 33;

    /// <summary>Nothing of it was charged yet.</summary>
    public bool IsUncharged => ChargedUntilSeconds == StartSeconds;

    /// <summary>The session, ended.</summary>
    public Session End(long seconds, SessionEnd by) =>
        new(Line, User, Pid, Host, StartSeconds, Math.Max(seconds, StartSeconds), by, ChargedUntilSeconds);

    /// <summary>By another clock.</summary>
    public OpenSession Moved(long bySeconds) => this with
    {
        StartSeconds = Kept(StartSeconds + bySeconds), ChargedUntilSeconds = Kept(ChargedUntilSeconds + bySeconds),
    };

    /// <summary>A time as it is kept: within 272 years of 1970, so that no sum of lengths overflows.</summary>
    public static long Kept(long seconds) => Math.Clamp(seconds, -Latest, Latest);
}
