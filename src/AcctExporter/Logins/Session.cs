// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>
/// A login session that ended, or (<see cref="SessionEnd.CutOff"/>) a part of one that is still open and is charged up
/// to here.
/// </summary>
/// <param name="Line">The line.</param>
/// <param name="User">Who.</param>
/// <param name="Pid">The process of the login.</param>
/// <param name="Host">From which host; empty for a local one.</param>
/// <param name="StartSeconds">The login, in seconds since 1970, by the clock of the end: moved when it was set.</param>
/// <param name="EndSeconds">The end, never before the start.</param>
/// <param name="EndedBy">What ended it.</param>
/// <param name="ChargedFromSeconds">
/// Up to where it was charged before: the last cut-off, or the start. It may be after the end, when a logout is read
/// late that happened before the cut-off.
/// </param>
internal readonly record struct Session(
    string Line, string User, int Pid, string Host, long StartSeconds, long EndSeconds, SessionEnd EndedBy,
    long ChargedFromSeconds)
{
    /// <summary>How long it lasted.</summary>
    public long Seconds => EndSeconds - StartSeconds;

    /// <summary>What is to be charged now. Less than 0: so much was charged too much before.</summary>
    public long ChargedSeconds => EndSeconds - ChargedFromSeconds;

    /// <summary>Nothing of it was charged before: sessions are counted by these.</summary>
    public bool IsFirstPart => ChargedFromSeconds == StartSeconds;
}

/// <summary>What ended a session.</summary>
internal enum SessionEnd : byte
{
    /// <summary>The record of a logout, or that a getty has the line again.</summary>
    Logout,

    /// <summary>Another login on the line: the logout was not recorded.</summary>
    NextLogin,

    /// <summary>The system went down in order.</summary>
    Shutdown,

    /// <summary>The system started again with no shutdown before.</summary>
    Crash,

    /// <summary>Nothing: it goes on, and was charged up to here.</summary>
    CutOff,

    /// <summary>Its end is before its start, for the clock was set and nobody wrote so: it has no length.</summary>
    ClockAnomaly,

    /// <summary>Its process is gone, or there are more lines than are followed.</summary>
    Gone,
}
