// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using SQLitePCL;

namespace AcctExporter.Tests.Logins;

/// <summary>Writes a database as libwtmpdb and liblastlog2 do; the schema is theirs, word for word.</summary>
internal sealed class SqlWriter : IDisposable
{
    public const string Wtmp =
        "CREATE TABLE IF NOT EXISTS wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, "
        + "Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT;";

    private readonly sqlite3 database;

    static SqlWriter() => Batteries_V2.Init();

    public SqlWriter(string path, string sql = Wtmp, bool ahead = false)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out database));
        if (ahead)
        {
            Run("PRAGMA journal_mode=WAL");
        }

        Run(sql);
    }

    public void Run(string sql)
    {
        var result = raw.sqlite3_exec(database, sql, out var message);
        Assert.True(result == raw.SQLITE_OK, $"{sql}: {message}");
    }

    /// <summary>A row; times in seconds. Gives its number.</summary>
    public long Add(int type, string user, double login, double? logout = null, string line = "pts/0")
    {
        var values = string.Create(
            CultureInfo.InvariantCulture,
            $"{type},'{user}',{(long)(login * 1e6)},{(logout is null ? "NULL" : (long)(logout.Value * 1e6))},'{line}'");
        Run($"INSERT INTO wtmp(Type,User,Login,Logout,TTY,RemoteHost,Service) VALUES({values},'192.0.2.7','sshd')");
        return raw.sqlite3_last_insert_rowid(database);
    }

    public long Boot(double login, double? logout = null) => Add(1, "reboot", login, logout, "~");

    public long Login(string user, double login, double? logout = null, string line = "pts/0") =>
        Add(3, user, login, logout, line);

    public void Logout(long id, double seconds) => Run(string.Create(
        CultureInfo.InvariantCulture, $"UPDATE wtmp SET Logout = {(long)(seconds * 1e6)} WHERE ID = {id}"));

    /// <summary>Away without a checkpoint, as a writer that was killed: a log stays as it is.</summary>
    public void Dispose() => database.Dispose();
}
