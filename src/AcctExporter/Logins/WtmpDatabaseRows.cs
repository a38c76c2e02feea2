// SPDX-License-Identifier: Apache-2.0
using SQLitePCL;

namespace AcctExporter.Logins;

/// <summary>
/// The rows of wtmpdb's table. SQLite lets any value stand anywhere in a table that is not STRICT, so each is looked
/// at; a row with one that cannot be is no row.
/// </summary>
internal static class WtmpDatabaseRows
{
    /// <summary>A question for whole rows, up to its condition.</summary>
    public const string Columns = $"SELECT {Names} FROM wtmp ";

    private const string Names = "rowid, Type, User, Login, Logout, TTY, RemoteHost, Service";

    /// <summary>Texts are cut here, as utmp(5) does with hosts.</summary>
    private const int LongestText = 256;

    /// <summary>The end of the year 9999.</summary>
    private const long LatestMicroseconds = 253_402_300_799_999_999;

    /// <summary>Boots that are remembered at once; a host that starts every hour has as many in eleven years.</summary>
    private const int MostBoots = 100_000;

    /// <summary>Rows by their numbers, those that cannot be as nothing.</summary>
    /// <param name="file">The database.</param>
    /// <param name="id">The number after which they begin.</param>
    /// <param name="most">How many, at most.</param>
    public static IEnumerable<(long Id, long Login, WtmpDatabaseRow? Row)> After(SqliteFile file, long id, int most) =>
        file.RowsAfter(Names, "wtmp", "Login", id, most)
            .Select(row => row.IsTooLong
                ? (raw.sqlite3_column_int64(row.Statement, 0), raw.sqlite3_column_int64(row.Statement, 1), null)
                : (raw.sqlite3_column_int64(row.Statement, 0), raw.sqlite3_column_int64(row.Statement, 3),
                    Of(row.Statement)));

    /// <summary>The row that a statement of <see cref="Columns"/> stands on; nothing when it cannot be.</summary>
    public static WtmpDatabaseRow? Of(sqlite3_stmt statement)
    {
        if (raw.sqlite3_column_type(statement, 1) != raw.SQLITE_INTEGER
            || raw.sqlite3_column_int64(statement, 1) is var type && type is < 0 or > (long)WtmpDatabaseType.User
            || raw.sqlite3_column_type(statement, 2) == raw.SQLITE_NULL
            || Time(statement, 3) is not { } login
            || (raw.sqlite3_column_type(statement, 4) != raw.SQLITE_NULL && Time(statement, 4) is null))
        {
            return null;
        }

        var user = SqliteFile.Text(statement, 2, LongestText);
        var line = SqliteFile.Text(statement, 5, LongestText);
        var host = SqliteFile.Text(statement, 6, LongestText);
        var service = SqliteFile.Text(statement, 7, LongestText);
        return user is null || line is null || host is null || service is null ? null
            : new WtmpDatabaseRow(
                raw.sqlite3_column_int64(statement, 0), (WtmpDatabaseType)type, user, login, Time(statement, 4), line,
                host, service);
    }

    /// <summary>Beginning and end of each run of the system, by their beginnings.</summary>
    public static List<(long Login, long? Logout)> Boots(SqliteFile file)
    {
        var boots = new List<(long Login, long? Logout)>();
        using var statement = file.Prepare(
            "SELECT Login, Logout FROM wtmp WHERE Type = 1 ORDER BY rowid DESC LIMIT ?1", MostBoots);
        while (statement is not null && file.Step(statement))
        {
            if (Time(statement, 0) is { } login)
            {
                boots.Add((login, Time(statement, 1)));
            }
        }

        boots.Sort();
        return boots;
    }

    private static long? Time(sqlite3_stmt statement, int column) =>
        raw.sqlite3_column_type(statement, column) == raw.SQLITE_INTEGER
        && raw.sqlite3_column_int64(statement, column) is >= 0 and <= LatestMicroseconds and var time ? time : null;
}
