// SPDX-License-Identifier: Apache-2.0
using SQLitePCL;

namespace AcctExporter.Logins;

/// <summary>
/// One look of <see cref="WtmpDatabase"/>: from what the one before knew to what is in the file now. It changes nothing
/// but itself, so it can be thrown away when the file was changed under it.
/// </summary>
internal sealed class WtmpDatabasePass
{
    /// <summary>Rows of one look.</summary>
    public const int MostRows = 10_000;

    /// <summary>Rows without end that are remembered; of more, the oldest are given up.</summary>
    public const int MostOpen = 50_000;

    private long lastId;
    private long lastLogin;
    private long newestLogin;

    /// <summary>Nothing looked at yet.</summary>
    public WtmpDatabasePass(WtmpDatabasePosition position)
    {
        (lastId, lastLogin, newestLogin) = (position.LastId, position.LastLogin, position.NewestLogin);
        foreach (var (id, login) in position.Open.Take(MostOpen))
        {
            Open[id] = new WtmpDatabaseRow(id, WtmpDatabaseType.User, "", login, null, "", "", "");
        }
    }

    private WtmpDatabasePass(WtmpDatabasePass before)
    {
        (lastId, lastLogin, newestLogin) = (before.lastId, before.lastLogin, before.newestLogin);
        Open = new SortedDictionary<long, WtmpDatabaseRow>(before.Open);
    }

    /// <summary>Rows without an end, by their numbers.</summary>
    public SortedDictionary<long, WtmpDatabaseRow> Open { get; } = [];

    /// <summary>What it found.</summary>
    public List<WtmpDatabaseChange> Changes { get; } = [];

    /// <summary>The table was there, and could be asked for what is in it.</summary>
    public bool HasTable { get; private set; }

    /// <summary>There were more rows than one look takes.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Rows passed over because a value in them cannot be.</summary>
    public long BadRows { get; private set; }

    /// <summary>The row at the position was another.</summary>
    public bool WasReset { get; private set; }

    /// <summary>A session was open whose row is gone, or there may have been rows that nobody read.</summary>
    public bool MayMissRows { get; private set; }

    /// <summary>How far it came.</summary>
    public WtmpDatabasePosition Position => lastId == 0 && newestLogin == 0 && Open.Count == 0
        ? WtmpDatabasePosition.Beginning
        : new(lastId, lastLogin, newestLogin, [.. Open.Values.Select(row => (row.Id, row.LoginMicroseconds))]);

    /// <summary>Looks at a file.</summary>
    /// <param name="before">The look before.</param>
    /// <param name="file">The file.</param>
    /// <param name="skip">Pass over what is in it, but for what is open.</param>
    public static WtmpDatabasePass Of(WtmpDatabasePass before, SqliteFile file, bool skip)
    {
        var pass = new WtmpDatabasePass(before);
        if (file.HasTable("wtmp"))
        {
            pass.FindPlace(file);
            pass.AskOpen(file);
            var late = skip ? pass.PassOver(file) : pass.ReadNew(file);
            pass.HasTable = file.Status != DatabaseStatus.NoTable;
            if (late)
            {
                pass.EndByBoots(file);
            }

            if (skip)
            {
                pass.Changes.Clear();
            }
        }

        return pass;
    }

    /// <summary>A file without a byte, as log rotation leaves one: the rows are elsewhere.</summary>
    public static WtmpDatabasePass OfEmptyFile(WtmpDatabasePass before)
    {
        var pass = new WtmpDatabasePass(before) { HasTable = true };
        pass.WasReset = pass.lastId != 0;
        pass.MayMissRows = pass.WasReset;
        (pass.lastId, pass.lastLogin) = (0, 0);
        foreach (var row in pass.Open.Values)
        {
            pass.Changes.Add(new(WtmpDatabaseChangeKind.Gone, row, row.LoginMicroseconds));
        }

        pass.Open.Clear();
        return pass;
    }

    /// <summary>Is the row at the position still the one that was read? Else find where what is new begins.</summary>
    private void FindPlace(SqliteFile file)
    {
        if (lastId == 0)
        {
            return;
        }

        using (var row = file.Prepare("SELECT Login FROM wtmp WHERE rowid = ?1", lastId))
        {
            var isThere = row is not null && file.Step(row);
            if (row is null || (isThere && raw.sqlite3_column_int64(row, 0) == lastLogin)
                || file.Status != DatabaseStatus.Read || (!isThere && GoesOn(file)))
            {
                return;
            }
        }

        using var last = file.Prepare(
            "SELECT rowid, Login FROM wtmp WHERE Login <= ?1 ORDER BY rowid DESC LIMIT 1", newestLogin);
        if (last is not null)
        {
            var isAny = file.Step(last);
            lastId = isAny ? raw.sqlite3_column_int64(last, 0) : 0;
            lastLogin = isAny ? raw.sqlite3_column_int64(last, 1) : 0;
            WasReset = true;
            MayMissRows = true;
        }
    }

    /// <summary>Only rows that were read were taken away: the next number after them is there.</summary>
    private bool GoesOn(SqliteFile file)
    {
        using var next = file.Prepare(
            "SELECT min(rowid) FROM wtmp HAVING min(rowid) = ?1 AND min(Login) >= ?2", lastId + 1, newestLogin);
        return next is not null && file.Step(next);
    }

    /// <summary>What became of the rows that were open.</summary>
    private void AskOpen(SqliteFile file)
    {
        if (Open.Count == 0)
        {
            return;
        }

        using var statement = file.Prepare(WtmpDatabaseRows.Columns + "WHERE rowid = ?1", 0);
        if (statement is null)
        {
            return;
        }

        foreach (var known in Open.Values.ToArray())
        {
            SqliteFile.Again(statement, known.Id);
            var isThere = file.Step(statement);
            if (file.Status != DatabaseStatus.Read)
            {
                return;
            }

            if (!isThere || WtmpDatabaseRows.Of(statement) is not { } row
                || row.LoginMicroseconds != known.LoginMicroseconds)
            {
                Open.Remove(known.Id);
                MayMissRows |= !known.IsBoot;
                Changes.Add(new(WtmpDatabaseChangeKind.Gone, known, known.LoginMicroseconds));
                continue;
            }

            Open[known.Id] = row;
            if (row.LogoutMicroseconds is not null)
            {
                Close(row);
            }
        }
    }

    /// <summary>Rows behind the position. True when one may tell that others are over.</summary>
    private bool ReadNew(SqliteFile file)
    {
        var late = false;
        var rows = 0;
        foreach (var (id, login, row) in WtmpDatabaseRows.After(file, lastId, MostRows))
        {
            rows++;
            (lastId, lastLogin) = (id, login);
            if (row is not { } value)
            {
                BadRows++;
                continue;
            }

            late |= value.IsBoot || (value.LogoutMicroseconds is null && value.LoginMicroseconds < newestLogin);
            newestLogin = Math.Max(newestLogin, value.LoginMicroseconds);
            Count(value);
        }

        HasMore = rows == MostRows;
        return late;
    }

    private void Count(WtmpDatabaseRow row)
    {
        if (row.Type is not (WtmpDatabaseType.Boot or WtmpDatabaseType.User))
        {
            return;
        }

        Changes.Add(new(
            row.IsBoot ? WtmpDatabaseChangeKind.Boot : WtmpDatabaseChangeKind.Login, row, row.LoginMicroseconds));
        Open[row.Id] = row;
        if (row.LogoutMicroseconds is not null)
        {
            Close(row);
        }
        else if (Open.Count > MostOpen)
        {
            var oldest = Open.First().Value;
            Open.Remove(oldest.Id);
            Changes.Add(new(WtmpDatabaseChangeKind.Gone, oldest, oldest.LoginMicroseconds));
        }
    }

    private void Close(WtmpDatabaseRow row)
    {
        Open.Remove(row.Id);
        Changes.Add(new(
            row.IsBoot ? WtmpDatabaseChangeKind.Shutdown : WtmpDatabaseChangeKind.Logout, row,
            row.LogoutMicroseconds!.Value));
    }

    /// <summary>The position behind all rows; those without an end are open.</summary>
    private bool PassOver(SqliteFile file)
    {
        using (var last = file.Prepare("SELECT rowid, Login FROM wtmp ORDER BY rowid DESC LIMIT 1"))
        {
            if (last is null || !file.Step(last))
            {
                return false;
            }

            (lastId, lastLogin) = (raw.sqlite3_column_int64(last, 0), raw.sqlite3_column_int64(last, 1));
        }

        using (var newest = file.Prepare("SELECT max(Login) FROM wtmp WHERE typeof(Login) = 'integer'"))
        {
            newestLogin = newest is not null && file.Step(newest) ? raw.sqlite3_column_int64(newest, 0) : lastLogin;
        }

        using var open = file.Prepare(WtmpDatabaseRows.Columns + "WHERE Logout IS NULL ORDER BY rowid");
        while (open is not null && file.Step(open))
        {
            if (WtmpDatabaseRows.Of(open) is { } row)
            {
                Count(row);
            }
        }

        return true;
    }

    /// <summary>A row without an end is over when the system started again after its beginning.</summary>
    private void EndByBoots(SqliteFile file)
    {
        var boots = WtmpDatabaseRows.Boots(file);
        if (file.Status != DatabaseStatus.Read)
        {
            return;
        }

        foreach (var row in Open.Values.ToArray())
        {
            var next = boots.FindIndex(boot => boot.Login > row.LoginMicroseconds);
            if (next < 0)
            {
                continue;
            }

            Open.Remove(row.Id);
            var shutdown = next > 0 ? boots[next - 1].Logout : null;
            Changes.Add(!row.IsBoot && shutdown >= row.LoginMicroseconds && shutdown <= boots[next].Login
                ? new(WtmpDatabaseChangeKind.Cut, row, shutdown.Value)
                : new(WtmpDatabaseChangeKind.Crash, row, boots[next].Login));
        }
    }
}
