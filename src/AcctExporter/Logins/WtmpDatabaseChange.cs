// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>What became known of a row.</summary>
internal enum WtmpDatabaseChangeKind : byte
{
    /// <summary>A session began.</summary>
    Login,

    /// <summary>A session ended.</summary>
    Logout,

    /// <summary>The system started.</summary>
    Boot,

    /// <summary>The system went down in order: the end of a boot's row.</summary>
    Shutdown,

    /// <summary>A session without logout was over when the system went down in order.</summary>
    Cut,

    /// <summary>A session or a run of the system was never ended, and the system started again.</summary>
    Crash,

    /// <summary>The row of a session or run that was open was taken away: its end will never be known.</summary>
    Gone,
}

/// <summary>What <see cref="WtmpDatabase"/> found.</summary>
/// <param name="Kind">What became known.</param>
/// <param name="Row">The row, as it is now.</param>
/// <param name="Microseconds">
/// When it happened: the login or boot itself; the logout or shutdown; the shutdown or the next boot that ended it. Of
/// a row that is gone: when it began, for nothing later is known.
/// </param>
internal readonly record struct WtmpDatabaseChange(
    WtmpDatabaseChangeKind Kind, WtmpDatabaseRow Row, long Microseconds);
