// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>What is odd about a session or a record.</summary>
internal enum LoginAnomaly : byte
{
    /// <summary>A login on a line that somebody was on still.</summary>
    MissingLogout,

    /// <summary>A logout on a line that nobody was on.</summary>
    UnmatchedLogout,

    /// <summary>A session that ended before it began, or half of a change of the clock.</summary>
    Clock,

    /// <summary>A login or logout that names no line.</summary>
    WithoutLine,

    /// <summary>A session whose process is gone, without a logout.</summary>
    Gone,

    /// <summary>A session given up because there were too many lines.</summary>
    Forgotten,
}

/// <summary>Whether a name that failed to log in is a user's.</summary>
internal enum KnownUser : byte
{
    /// <summary>The system's directory of users could not tell.</summary>
    Unknown,

    /// <summary>There is no such user.</summary>
    No,

    /// <summary>There is.</summary>
    Yes,
}
