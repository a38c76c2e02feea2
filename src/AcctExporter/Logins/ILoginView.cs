// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>
/// What a scrape needs of logins. The thread that follows them is one implementation, a test's the other.
/// </summary>
internal interface ILoginView
{
    /// <summary>What is known; null before the first reading, and where logins are off.</summary>
    LoginSnapshot? Snapshot { get; }

    /// <summary>The first reading is done, and saved.</summary>
    bool IsReady { get; }

    /// <summary>
    /// Waits until what the files hold now is read, and sessions are credited up to now; not longer than a limit.
    /// </summary>
    /// <returns>False when the limit came first.</returns>
    Task<bool> CatchUpAsync(TimeSpan limit, CancellationToken cancellation);
}
