// SPDX-License-Identifier: Apache-2.0
using SQLitePCL;

namespace AcctExporter.Logins;

/// <summary>
/// Reads the database of lastlog2 (util-linux 2.40, pam_lastlog2): the last login of each name, in its one table
/// <c>Lastlog2(Name, Time, TTY, RemoteHost, Service)</c>. Any file gives a status.
/// </summary>
internal static class LastLoginDatabase
{
    /// <summary>Where pam_lastlog2 keeps it.</summary>
    public const string UsualPath = "/var/lib/lastlog/lastlog2.db";

    /// <summary>More names than any directory has.</summary>
    private const int MostNames = 1_000_000;

    private const int LongestText = 256;

    /// <summary>The end of the year 9999.</summary>
    private const long LatestSeconds = 253_402_300_799;

    /// <summary>All names and their last logins; a name that never logged in has the time 0, or no row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long to wait for a change that is under way.</param>
    /// <param name="logins">What is in it; of a damaged one what could be read.</param>
    /// <param name="badRows">Rows passed over because a value in them cannot be.</param>
    /// <param name="message">Why the status is what it is.</param>
    public static DatabaseStatus Read(
        string path, TimeSpan patience, out List<(string Name, LastLogin Login)> logins, out long badRows,
        out string message)
    {
        var found = new List<(string, LastLogin)>();
        var bad = 0L;
        var status = SqliteFile.Look(path, patience, file => (found, bad) = Rows(file), out _, out message);
        (logins, badRows) = (found, bad);
        return status;
    }

    private static (List<(string Name, LastLogin Login)> Logins, long Bad) Rows(SqliteFile file)
    {
        var logins = new List<(string, LastLogin)>();
        var bad = 0L;
        if (!file.HasTable("Lastlog2"))
        {
            return (logins, bad);
        }

        const string columns = "rowid, Name, Time, TTY, RemoteHost, Service";
        foreach (var (statement, isTooLong) in file.RowsAfter(columns, "Lastlog2", "Time", long.MinValue, MostNames))
        {
            if (!isTooLong && raw.sqlite3_column_type(statement, 1) == raw.SQLITE_TEXT
                && raw.sqlite3_column_type(statement, 2) == raw.SQLITE_INTEGER
                && raw.sqlite3_column_int64(statement, 2) is >= 0 and <= LatestSeconds and var seconds
                && SqliteFile.Text(statement, 1, LongestText) is { Length: > 0 } name
                && SqliteFile.Text(statement, 3, LongestText) is { } line
                && SqliteFile.Text(statement, 4, LongestText) is { } host
                && SqliteFile.Text(statement, 5, LongestText) is { } service)
            {
                logins.Add((name, new(seconds, seconds, line, host, service)));
            }
            else
            {
                bad++;
            }
        }

        return (logins, bad);
    }
}
