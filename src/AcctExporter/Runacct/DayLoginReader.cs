// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;

namespace AcctExporter.Runacct;

/// <summary>
/// The login records of the running day, in their order: from wtmp through rotation, or from wtmpdb, from where the day
/// before ended. Read only.
/// </summary>
internal sealed class DayLoginReader : IDisposable
{
    private const long DaySeconds = 86_400;

    private readonly LoginFileFigures figures = new();
    private readonly Action<string> say;
    private readonly LoginFile? file;
    private readonly WtmpDatabase? database;
    private readonly LoginCut? from;
    private long gaps;
    private ulong flawed;
    private bool isKnown;

    /// <summary>Finds out where to read.</summary>
    /// <param name="options">Where logins may be.</param>
    /// <param name="from">Where the day before ended; null before the first.</param>
    /// <param name="nowSeconds">The wall clock, in seconds since 1970: the first day began 24 hours before.</param>
    /// <param name="say">Takes warnings.</param>
    public DayLoginReader(LoginOptions options, LoginCut? from, long nowSeconds, Action<string> say)
    {
        this.from = from;
        this.say = say;
        Source = LoginSources.Choose(options) ?? LoginSource.Off;
        isKnown = from is not null && from.Source == Source;
        Since = isKnown ? null : from?.Seconds ?? nowSeconds - DaySeconds;
        switch (Source)
        {
            case LoginSource.Wtmp:
                file = new(
                    options.WtmpFile, isKnown ? from!.Wtmp : default, figures, watch: null, new SaidWarnings(say),
                    skipsHistory: false);
                break;
            case LoginSource.Wtmpdb:
                database = new(options.WtmpdbFile, LoginSources.DatabasePatience);
                if (isKnown && WtmpDatabasePosition.Of(from!.Database) is { } position)
                {
                    database.Restore(position);
                }

                break;
            default:
                if (options.Source != LoginSource.Off)
                {
                    say($"there is no {LoginSources.Wanted(options)}: logins are not known");
                }

                break;
        }
    }

    /// <summary>What is read; <see cref="LoginSource.Off"/> for nothing.</summary>
    public LoginSource Source { get; }

    /// <summary>
    /// What is older tells no more than who was logged in then: this source was never read before. In seconds since
    /// 1970; null when it goes on where it was.
    /// </summary>
    public long? Since { get; }

    /// <summary>Gives all that is new.</summary>
    public void Read(LoginRecordSink sink)
    {
        if (file is not null)
        {
            file.Pass(sink, _ => true);
            if (file.IsLeaving)
            {
                // Renamed this very moment: once more for who had it open, then the new one.
                file.Pass(sink, _ => true);
            }
        }
        else if (database is not null)
        {
            ReadDatabase(sink);
        }

        var now = figures.Flaws.Aggregate(0UL, (sum, next) => sum + next);
        if (now > flawed)
        {
            say($"{now - flawed} {(now - flawed == 1 ? "place" : "places")} of the login file are no good record: left "
                + "out");
            flawed = now;
        }
    }

    /// <summary>The end of the day, where it is now.</summary>
    public LoginCut Cut(DateOnly day, long seconds, byte[] sessions)
    {
        var cut = new LoginCut { Day = day, Seconds = seconds, IsFirst = from is null, Sessions = sessions };
        return file is { Cursor.IsKnown: true } ? cut with { Source = Source, Wtmp = file.Cursor }
            : database is not null && isKnown ? cut with { Source = Source, Database = database.Position.ToBytes() }
            // What is not there today may be there tomorrow, with all that was written meanwhile.
            : from is not null ? cut with { Source = from.Source, Wtmp = from.Wtmp, Database = from.Database } : cut;
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();

    private void ReadDatabase(LoginRecordSink sink)
    {
        List<WtmpDatabaseChange> wanted = [];
        List<WtmpDatabaseChange> changes = [];
        var bad = database!.BadRows;
        do
        {
            changes.Clear();
            if (database.Poll(changes) != DatabaseStatus.Read)
            {
                say($"{database.Path}: {database.Message}");
            }

            wanted.AddRange(changes.Where(IsWanted));
        }
        while (database.HasMore && database.Status == DatabaseStatus.Read);

        isKnown |= database.Status == DatabaseStatus.Read;
        var records = new DatabaseRecords(sink, from?.Seconds ?? 0);

        // A row's end comes with the row: they are wanted as they happened.
        foreach (var change in wanted.OrderBy(change => change.Microseconds))
        {
            records.Add(change);
        }

        Tell(records.CutNames, "names are longer than 32 bytes: cut there, as in wtmp");
        Tell(database.BadRows - bad, "rows of wtmpdb are no good: left out");
        Tell(database.Gaps - gaps, "times rows of wtmpdb were gone before they were read: logins may be missing");
        gaps = database.Gaps;
    }

    /// <summary>Of rows from before, those alone that were not over.</summary>
    private bool IsWanted(WtmpDatabaseChange change) =>
        isKnown || change.Microseconds / 1_000_000 >= Since || change.Kind == WtmpDatabaseChangeKind.Boot
        || (change.Kind == WtmpDatabaseChangeKind.Login
            && (change.Row.LogoutMicroseconds is not { } end || end / 1_000_000 >= Since));

    private void Tell(long count, string what)
    {
        if (count > 0)
        {
            say($"{count} {what}");
        }
    }
}
