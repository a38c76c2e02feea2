// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Ledger;

namespace AcctExporter.Logins;

/// <summary>
/// Sessions from wtmpdb. Its rows are sessions already, and many may be on one line ("ssh"): each has a line of its own
/// here, with the number of its row.
/// </summary>
internal sealed class SessionDatabase : ISessionFeed
{
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly WtmpDatabase database;
    private readonly LoginBook book;
    private readonly ILogger log;
    private readonly List<WtmpDatabaseChange> changes = [];
    private bool isKnown;
    private bool isDown;
    private long gaps;
    private long badRows;

    /// <summary>Nothing is opened before the first <see cref="Pass"/>.</summary>
    /// <param name="path">The database.</param>
    /// <param name="position">Up to where it was read, as <see cref="AddTo"/> gave it; empty when it never was.</param>
    /// <param name="skipsHistory">What is there at the first look is from before the counting.</param>
    /// <param name="book">Takes what is new.</param>
    /// <param name="log">Where faults are told.</param>
    public SessionDatabase(string path, byte[] position, bool skipsHistory, LoginBook book, ILogger log)
    {
        this.book = book;
        this.log = log;
        isKnown = position.Length > 0;
        database = new WtmpDatabase(path, LoginSources.DatabasePatience) { SkipsHistory = skipsHistory && !isKnown };
        if (WtmpDatabasePosition.Of(position) is { } kept)
        {
            database.Restore(kept);
        }
    }

    /// <inheritdoc/>
    public LoginSource Source => LoginSource.Wtmpdb;

    /// <inheritdoc/>
    public bool Up => database.Status == DatabaseStatus.Read;

    /// <inheritdoc/>
    public bool IsKnown => isKnown;

    /// <inheritdoc/>
    public void Pass(bool isFirst, long nowUnixMicroseconds)
    {
        do
        {
            changes.Clear();
            database.Poll(changes);
            TellState();
            if (Up && !isKnown)
            {
                isKnown = true;
                LoginLog.Following(log, database.Path);
                TakeOpen(nowUnixMicroseconds);
            }

            // A row's ends come before newer rows' beginnings: the book wants them as they happened.
            foreach (var change in changes.OrderBy(change => change.Microseconds))
            {
                Apply(change, nowUnixMicroseconds);
            }

            book.Wtmp.Records += (ulong)changes.Count;
        }
        while (database.HasMore && Up);
    }

    /// <inheritdoc/>
    public LoginPositions AddTo(LoginPositions positions) => isKnown
        ? positions with { Source = Source, Database = database.Position.ToBytes() } : positions;

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is open between two looks.
    }

    private static string LabelOf(string name) => LoginBook.LabelOf(Encoding.UTF8.GetBytes(name));

    private static string LineOf(WtmpDatabaseRow row)
    {
        var line = row.Line.Length > 0 ? row.Line : row.Service;
        return LoginBook.LineOf(line.Length > 0 ? LabelOf(line) : LabelText.Escape([]), MarkOf(row));
    }

    /// <summary>A number may be given again: the beginning of the row tells it from the one before.</summary>
    private static string MarkOf(WtmpDatabaseRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Id}.{row.LoginMicroseconds}");

    /// <summary>Who is logged in at the first look.</summary>
    private void TakeOpen(long now)
    {
        if (!database.SkipsHistory)
        {
            return;
        }

        foreach (var row in database.Open.OrderBy(row => row.LoginMicroseconds))
        {
            book.Apply(row.IsBoot ? System(LoginEventKind.Boot, row.LoginMicroseconds) : Login(row), true, now);
        }

        book.EndHistory(now);
    }

    private void Apply(WtmpDatabaseChange change, long now)
    {
        var (row, at) = (change.Row, change.Microseconds);
        switch (change.Kind)
        {
            case WtmpDatabaseChangeKind.Login:
                book.Apply(Login(row), isHistory: false, now);
                break;
            case WtmpDatabaseChangeKind.Logout:
                book.Apply(
                    Login(row) with { Kind = LoginEventKind.Logout, User = "", Seconds = at / MicrosecondsPerSecond },
                    isHistory: false, now);
                break;
            case WtmpDatabaseChangeKind.Boot:
                book.Apply(System(LoginEventKind.Boot, at), isHistory: false, now);
                break;
            case WtmpDatabaseChangeKind.Shutdown:
                book.Apply(System(LoginEventKind.Shutdown, at), isHistory: false, now);
                break;
            case WtmpDatabaseChangeKind.Gone:
                book.EndCredited(MarkOf(row), now);
                break;
            case WtmpDatabaseChangeKind.Cut or WtmpDatabaseChangeKind.Crash when !row.IsBoot:
                book.TryEnd(LineOf(row), at / MicrosecondsPerSecond,
                    change.Kind == WtmpDatabaseChangeKind.Cut ? SessionEnd.Shutdown : SessionEnd.Crash, now);
                break;
        }
    }

    private static LoginEvent Login(WtmpDatabaseRow row) => new(
        LoginEventKind.Login, row.LoginSeconds, row.User.Length > 0 ? LabelOf(row.User) : LabelText.Escape([]),
        LineOf(row), "", 0, row.Host, "");

    private static LoginEvent System(LoginEventKind kind, long microseconds) => new(
        kind, microseconds / MicrosecondsPerSecond, "", "", "", 0, "",
        kind == LoginEventKind.Boot ? LoginEvent.SystemBoot : LoginEvent.SystemDown);

    private void TellState()
    {
        book.Wtmp.Gaps += (ulong)(database.Gaps - gaps);
        book.Wtmp.Flaws[(int)Records.UtmpFlaw.Type] += (ulong)(database.BadRows - badRows);
        (gaps, badRows) = (database.Gaps, database.BadRows);
        if (isDown != Up)
        {
            return;
        }

        isDown = !Up;
        if (isDown)
        {
            book.Wtmp.Failures++;
            if (database.Status == DatabaseStatus.Absent)
            {
                LoginLog.Missing(log, database.Path);
            }
            else
            {
                LoginLog.Unreadable(log, database.Path, database.Message);
            }
        }
    }
}
