// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using SQLitePCL;

namespace AcctExporter.Logins;

/// <summary>
/// A SQLite file opened for one look, that leaves no trace: nothing is created beside it, no byte of it is written, and
/// no writer waits for us. One without write-ahead log, or with an empty one, is read without locks, and what was read
/// counts only when it was not written to meanwhile; a change that is under way is waited for. With a log it is read
/// at a snapshot, by the index that the writers keep. All texts are anybody's: longer ones than
/// <see cref="LongestBytes"/> are refused by SQLite itself, and a time limit holds for every question.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    /// <summary>The longest text or row that is read, and the longest SQL of the schema.</summary>
    public const int LongestBytes = 64 * 1024;

    private const int OpenReadOnly = raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI | raw.SQLITE_OPEN_NOMUTEX;
    private const int LongestPauseMilliseconds = 50;
    private const int LengthLimit = 0;
    private const int TrustedSchema = 1017;

    /// <summary>Steps of SQLite's machine between two looks at the clock: well below a millisecond.</summary>
    private const int StepsPerLook = 10_000;

    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(20);

    private readonly string path;
    private readonly SqliteState state;
    private readonly sqlite3 database;
    private readonly long started = Stopwatch.GetTimestamp();

    private SqliteFile(string path, SqliteState state, sqlite3 database)
    {
        this.path = path;
        this.state = state;
        this.database = database;
    }

    /// <summary>What came of it so far; anything but <see cref="DatabaseStatus.Read"/> stays.</summary>
    public DatabaseStatus Status { get; private set; }

    /// <summary>Why <see cref="Status"/> is what it is.</summary>
    public string Message { get; private set; } = "";

    /// <summary>The last step failed only because a value of that row is too long.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>
    /// What was read is what was in the file: nothing was written to it in between, or there is a snapshot.
    /// </summary>
    private bool IsOfOneMoment => (state.HasAhead && Status == DatabaseStatus.Read)
        || (SqliteState.Read(path, out var now, out _) == DatabaseStatus.Read && now == state);

    /// <summary>Reads a file between two changes.</summary>
    /// <param name="path">The database.</param>
    /// <param name="patience">How long to wait for a change to end.</param>
    /// <param name="read">
    /// What to do with it. Done again when the file was changed meanwhile; not at all when it has no bytes.
    /// </param>
    /// <param name="state">How the file looked.</param>
    /// <param name="message">When it is not <see cref="DatabaseStatus.Read"/>: why.</param>
    public static DatabaseStatus Look(
        string path, TimeSpan patience, Action<SqliteFile> read, out SqliteState state, out string message)
    {
        var started = Stopwatch.GetTimestamp();
        for (var pause = 1; ; pause = Math.Min(pause * 2, LongestPauseMilliseconds))
        {
            var status = SqliteState.Read(path, out state, out message);
            if (status != DatabaseStatus.Read || state.File.SizeBytes == 0)
            {
                return status;
            }

            if (state.IsHot)
            {
                message = $"a change of it is under way, or its writer died in it ({path}-journal)";
            }
            else
            {
                using var file = Open(path, state, patience);
                read(file);
                if (state is { IsCutOff: true, HasAhead: false } && file.Status == DatabaseStatus.Read)
                {
                    file.Status = DatabaseStatus.Damaged;
                    file.Message = "its end is missing";
                }

                if (!file.IsOfOneMoment)
                {
                    message = "it is written without a pause";
                }
                else if (file.Status is DatabaseStatus.Busy or DatabaseStatus.Unreadable)
                {
                    (status, message) = (file.Status, file.Message);
                }
                else
                {
                    message = file.Message;
                    return file.Status;
                }
            }

            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                return status == DatabaseStatus.Read ? DatabaseStatus.Busy : status;
            }

            Thread.Sleep(pause);
        }
    }

    private static SqliteFile Open(string path, SqliteState state, TimeSpan patience)
    {
        Library.Load();
        // Without a log beside it there is nothing that locks would tell; with one, its index is used but not written.
        var how = state.HasAhead ? "mode=ro&readonly_shm=1" : "mode=ro&immutable=1";
        var uri = $"file:{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}?{how}";
        var result = raw.sqlite3_open_v2(uri, out var database, OpenReadOnly, null);
        var file = new SqliteFile(path, state, database);
        if (result != raw.SQLITE_OK)
        {
            file.Fail(result);
            return file;
        }

        raw.sqlite3_busy_timeout(database, (int)patience.TotalMilliseconds);
        raw.sqlite3_limit(database, LengthLimit, LongestBytes);
        raw.sqlite3_db_config(database, TrustedSchema, 0, out _);
        raw.sqlite3_progress_handler(database, StepsPerLook, file.StopWhenTooSlow, null);
        // All questions about one moment; it ends when the file is closed.
        result = raw.sqlite3_exec(database, "BEGIN");
        if (result != raw.SQLITE_OK)
        {
            file.Fail(result);
        }

        return file;
    }

    /// <summary>True when the file has a table of this name, and no view or module in its place.</summary>
    public bool HasTable(string name)
    {
        using var statement = Prepare(
            "SELECT count(*) FROM sqlite_schema WHERE name = ?1 AND type = 'table' AND rootpage > 0");
        if (statement is not null)
        {
            raw.sqlite3_bind_text(statement, 1, name);
            if (Step(statement) && raw.sqlite3_column_int64(statement, 0) == 0)
            {
                Status = DatabaseStatus.NoTable;
                Message = $"it has no table {name}";
            }
        }

        return Status == DatabaseStatus.Read;
    }

    /// <summary>A question with numbers in it; nothing when it cannot be asked.</summary>
    public sqlite3_stmt? Prepare(string sql, params ReadOnlySpan<long> numbers)
    {
        if (Status != DatabaseStatus.Read)
        {
            return null;
        }

        var result = raw.sqlite3_prepare_v2(database, sql, out var statement);
        if (result != raw.SQLITE_OK)
        {
            // No such column is the only error of the SQL itself: it is ours.
            Fail(result);
            statement?.Dispose();
            return null;
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            raw.sqlite3_bind_int64(statement, i + 1, numbers[i]);
        }

        return statement;
    }

    /// <summary>The same question with another number.</summary>
    public static void Again(sqlite3_stmt statement, long number)
    {
        raw.sqlite3_reset(statement);
        raw.sqlite3_bind_int64(statement, 1, number);
    }

    /// <summary>The next row; false after the last one, and when it fails.</summary>
    public bool Step(sqlite3_stmt statement)
    {
        IsTooLong = false;
        if (Status != DatabaseStatus.Read)
        {
            return false;
        }

        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        if (result == raw.SQLITE_TOOBIG)
        {
            IsTooLong = true;
        }
        else if (result != raw.SQLITE_DONE)
        {
            Fail(result);
        }

        return false;
    }

    /// <summary>Rows of a table by their numbers.</summary>
    /// <param name="columns">What is asked of them; the number first (<c>rowid</c>).</param>
    /// <param name="table">The table.</param>
    /// <param name="shortColumn">Asked, behind the number, of a row that has a value too long to be read.</param>
    /// <param name="id">The number after which they begin.</param>
    /// <param name="most">How many, at most.</param>
    public IEnumerable<(sqlite3_stmt Statement, bool IsTooLong)> RowsAfter(
        string columns, string table, string shortColumn, long id, int most)
    {
        while (most > 0)
        {
            using (var whole = Prepare(
                $"SELECT {columns} FROM {table} WHERE rowid > ?1 ORDER BY rowid LIMIT ?2", id, most))
            {
                while (whole is not null && Step(whole))
                {
                    most--;
                    id = raw.sqlite3_column_int64(whole, 0);
                    yield return (whole, false);
                }
            }

            if (!IsTooLong || most == 0)
            {
                yield break;
            }

            using var part = Prepare(
                $"SELECT rowid, {shortColumn} FROM {table} WHERE rowid > ?1 ORDER BY rowid LIMIT 1", id);
            if (part is null || !Step(part))
            {
                yield break;
            }

            most--;
            id = raw.sqlite3_column_int64(part, 0);
            yield return (part, true);
        }
    }

    /// <summary>
    /// A text of the row, up to its first NUL, cut at some length; "" for NULL, nothing for another type.
    /// </summary>
    public static string? Text(sqlite3_stmt statement, int column, int longest)
    {
        switch (raw.sqlite3_column_type(statement, column))
        {
            case raw.SQLITE_NULL:
                return "";
            case raw.SQLITE_TEXT:
                break;
            default:
                return null;
        }

        // Asking for text first makes UTF-8 of what a file in UTF-16 has.
        raw.sqlite3_column_text(statement, column);
        var bytes = raw.sqlite3_column_blob(statement, column);
        var end = bytes.IndexOf((byte)0);
        bytes = end < 0 ? bytes : bytes[..end];
        return Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, longest)]);
    }

    public void Dispose() => database.Dispose();

    private int StopWhenTooSlow(object context) => Stopwatch.GetElapsedTime(started) > LongestLook ? 1 : 0;

    private void Fail(int result)
    {
        Status = (result & 0xff) switch
        {
            // A log whose last writer is just gone is to be taken in first, by the next one.
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_READONLY => DatabaseStatus.Busy,
            raw.SQLITE_INTERRUPT => DatabaseStatus.TooSlow,
            raw.SQLITE_NOTADB => DatabaseStatus.NoDatabase,
            raw.SQLITE_ERROR => DatabaseStatus.NoTable,
            raw.SQLITE_CORRUPT or raw.SQLITE_FORMAT or raw.SQLITE_TOOBIG => DatabaseStatus.Damaged,
            _ => DatabaseStatus.Unreadable,
        };
        Message = state.HasAhead && result == raw.SQLITE_CANTOPEN
            ? $"what was written last is in {path}-wal, whose index {path}-shm is missing: its writer must open it once"
            : database.IsInvalid ? raw.sqlite3_errstr(result).utf8_to_string()
            : raw.sqlite3_errmsg(database).utf8_to_string();
    }

    /// <summary>SQLite's library: loaded for the first database that is there, for most hosts have none.</summary>
    private static class Library
    {
        static Library() => Batteries_V2.Init();

        public static void Load()
        {
            // The constructor of this type did it.
        }
    }
}
