// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>
/// Follows the database of wtmpdb (libwtmpdb 0.73, its one STRICT table <c>wtmp</c>): what was added since the last
/// look, and what became of the rows that had no end yet. Nothing is kept open between two looks, nothing is ever
/// written, and a look at an unchanged file is a few system calls. Any file gives a status.
/// </summary>
/// <remarks>
/// Three things take rows away. <c>wtmpdb rotate</c> moves old rows to <c>wtmp_DATE.db</c>; logrotate renames the file
/// and leaves an empty one; an administrator restores another. A row's number may then be given a second time, so the
/// row at the position is known by its time as well. When it is another, reading begins behind the last row that is not
/// newer than what was seen before, and <see cref="Resets"/> counts.
/// </remarks>
/// <param name="path">The file.</param>
/// <param name="patience">How long a look may wait for a change that is under way.</param>
internal sealed class WtmpDatabase(string path, TimeSpan patience)
{
    /// <summary>Where libwtmpdb keeps it; on Debian a link to /var/log/wtmp.db.</summary>
    public const string UsualPath = "/var/lib/wtmpdb/wtmp.db";

    private WtmpDatabasePass done = new(WtmpDatabasePosition.Beginning);
    private SqliteState? seen;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>
    /// Only what happens from now on: the first look passes over what is in the file, but for the rows of this run of
    /// the system that have no end yet.
    /// </summary>
    public bool SkipsHistory { get; init; }

    /// <summary>What came of the last look.</summary>
    public DatabaseStatus Status { get; private set; } = DatabaseStatus.Absent;

    /// <summary>Why <see cref="Status"/> is what it is.</summary>
    public string Message { get; private set; } = "";

    /// <summary>The last look stopped at its limit: look again at once.</summary>
    public bool HasMore => done.HasMore;

    /// <summary>Sessions, and the run of the system, that have begun and not ended.</summary>
    public IReadOnlyCollection<WtmpDatabaseRow> Open => done.Open.Values;

    /// <summary>How far it was read.</summary>
    public WtmpDatabasePosition Position => done.Position;

    /// <summary>Rows passed over because a value in them cannot be.</summary>
    public long BadRows { get; private set; }

    /// <summary>How often the file was another one, or had lost its newest rows.</summary>
    public long Resets { get; private set; }

    /// <summary>How often rows may be gone that were open, or that nobody had read.</summary>
    public long Gaps { get; private set; }

    /// <summary>All rows of a database, by their numbers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long to wait for a change that is under way, every 10,000 rows.</param>
    /// <param name="rows">The rows; of a damaged file those before the damage.</param>
    /// <param name="badRows">Rows passed over because a value in them cannot be.</param>
    /// <param name="message">Why the status is what it is.</param>
    public static DatabaseStatus ReadAll(
        string path, TimeSpan patience, out List<WtmpDatabaseRow> rows, out long badRows, out string message)
    {
        rows = [];
        badRows = 0;
        DatabaseStatus status;
        for (long last = 0; ;)
        {
            List<(long Id, long Login, WtmpDatabaseRow? Row)> some = [];
            status = SqliteFile.Look(
                path, patience,
                file => some = file.HasTable("wtmp")
                    ? [.. WtmpDatabaseRows.After(file, last, WtmpDatabasePass.MostRows)] : [],
                out _, out message);
            foreach (var (id, _, row) in some)
            {
                last = id;
                if (row is { } value)
                {
                    rows.Add(value);
                }
                else
                {
                    badRows++;
                }
            }

            if (status != DatabaseStatus.Read || some.Count < WtmpDatabasePass.MostRows)
            {
                return status;
            }
        }
    }

    /// <summary>Carries on from an earlier <see cref="Position"/>; the next look fills <see cref="Open"/>.</summary>
    public void Restore(WtmpDatabasePosition position)
    {
        done = new WtmpDatabasePass(position);
        seen = null;
    }

    /// <summary>Looks for what is new: at most 10,000 rows.</summary>
    /// <param name="changes">
    /// Where it goes: first the ends of rows known before, then rows by their numbers, then what a boot ended.
    /// </param>
    public DatabaseStatus Poll(ICollection<WtmpDatabaseChange> changes)
    {
        if (seen is { HasAhead: false } && !HasMore
            && SqliteState.Read(path, out var now, out _) == DatabaseStatus.Read && now == seen)
        {
            return Status;
        }

        var skip = SkipsHistory && done.Position == WtmpDatabasePosition.Beginning;
        WtmpDatabasePass? pass = null;
        Status = SqliteFile.Look(
            path, patience, file => pass = WtmpDatabasePass.Of(done, file, skip), out var state, out var message);
        Message = message;
        if (Status == DatabaseStatus.Read && state.File.SizeBytes == 0)
        {
            pass = WtmpDatabasePass.OfEmptyFile(done);
        }

        seen = Status is DatabaseStatus.Read or DatabaseStatus.Damaged ? state : null;
        if (pass is { HasTable: true }
            && Status is DatabaseStatus.Read or DatabaseStatus.Damaged or DatabaseStatus.TooSlow)
        {
            Take(pass, changes);
        }

        return Status;
    }

    private void Take(WtmpDatabasePass pass, ICollection<WtmpDatabaseChange> changes)
    {
        foreach (var change in pass.Changes)
        {
            changes.Add(change);
        }

        pass.Changes.Clear();
        BadRows += pass.BadRows;
        Resets += pass.WasReset ? 1 : 0;
        Gaps += pass.MayMissRows ? 1 : 0;
        done = pass;
    }
}
