// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>A source of sessions: the file wtmp, or the database of wtmpdb. Used by one thread.</summary>
internal interface ISessionFeed : IDisposable
{
    /// <summary>Which it is.</summary>
    LoginSource Source { get; }

    /// <summary>It can be read now.</summary>
    bool Up { get; }

    /// <summary>The next look should be soon.</summary>
    bool IsLeaving => false;

    /// <summary>It was there once, in this run of the agent or an earlier one.</summary>
    bool IsKnown { get; }

    /// <summary>Takes all that is new into the book.</summary>
    /// <param name="isFirst">Nothing was ever counted: what is there is history.</param>
    /// <param name="nowUnixMicroseconds">The wall clock.</param>
    void Pass(bool isFirst, long nowUnixMicroseconds);

    /// <summary>The positions with the one of this source.</summary>
    LoginPositions AddTo(LoginPositions positions);
}

/// <summary>Sessions from wtmp.</summary>
internal sealed class SessionFile(LoginFile file, LoginBook book) : ISessionFeed
{
    /// <inheritdoc/>
    public LoginSource Source => LoginSource.Wtmp;

    /// <inheritdoc/>
    public bool Up => file.Up;

    /// <inheritdoc/>
    public bool IsLeaving => file.IsLeaving;

    /// <inheritdoc/>
    public bool IsKnown => file.Cursor.IsKnown;

    /// <inheritdoc/>
    public void Pass(bool isFirst, long nowUnixMicroseconds)
    {
        var hadHistory = false;
        file.Pass(
            record =>
            {
                hadHistory |= file.IsHistory;
                if (hadHistory && !file.IsHistory)
                {
                    book.EndHistory(nowUnixMicroseconds);
                    hadHistory = false;
                }

                book.Apply(record, file.IsHistory, nowUnixMicroseconds);
            },
            first => IsHistory(first, isFirst));
        if (hadHistory)
        {
            book.EndHistory(nowUnixMicroseconds);
        }
    }

    /// <inheritdoc/>
    public LoginPositions AddTo(LoginPositions positions) =>
        positions with { Source = Source, Wtmp = file.Cursor };

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private bool IsHistory(long? firstSeconds, bool isFirst) =>
        isFirst || firstSeconds < book.SinceUnixMicroseconds / 1_000_000;
}
