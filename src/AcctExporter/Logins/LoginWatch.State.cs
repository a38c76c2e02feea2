// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <content>What is saved, and only then shown.</content>
internal sealed partial class LoginWatch
{
    private void Save()
    {
        var sum = book.Wtmp.Sum + book.Btmp.Sum;
        hasNews |= cannotSave || !positions.IsSame(saved) || sum != savedSum;
        if (hasNews)
        {
            try
            {
                store.Save(book, positions);
                if (cannotSave)
                {
                    LoginLog.Saves(log);
                }

                (saved, savedSum, hasNews, cannotSave) = (positions, sum, false, false);
                Show(book.Snapshot());
                return;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                saveFailures++;
                if (!cannotSave)
                {
                    LoginLog.CannotSave(log, error.Message, store.Directory);
                }

                cannotSave = true;
            }
        }

        if (snapshot is { } shown)
        {
            Show(shown);
        }
    }

    /// <summary>
    /// Writes through to the disk what was saved, now and then: only a power cut needs it, and no scrape waits for it.
    /// </summary>
    /// <param name="isLast">There will be no other time.</param>
    public void Sync(bool isLast)
    {
        if (!isLast && clock.GetElapsedTime(syncedAt) < options.SyncInterval)
        {
            return;
        }

        syncedAt = clock.GetTimestamp();
        try
        {
            store.Sync();
            cannotSync = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            saveFailures++;
            if (!cannotSync)
            {
                LoginLog.CannotSync(log, error.Message, store.Directory);
            }

            cannotSync = true;
        }
    }

    /// <summary>Shows what was saved, with what the agent knows of itself.</summary>
    private void Show(LoginSnapshot counted)
    {
        var next = counted with
        {
            WtmpUp = UpOf(LoginSource.Wtmp),
            WtmpdbUp = UpOf(LoginSource.Wtmpdb),
            BtmpUp = failures.Up,
            KnowsSessions = sessions is { IsKnown: true },
            KnowsFailures = failures.Cursor.IsKnown,
            StartedAnew = startedAnew,
            HolidaysStale = calendar.IsStale,
            HolidaysYear = calendar.Year,
            HolidayFailures = calendar.Failures,
            SaveFailures = saveFailures,
            LookupTimeouts = known.Timeouts,
            Rotations = book.Wtmp.Rotations + book.Btmp.Rotations,
            ReadFailures = book.Wtmp.Failures + book.Btmp.Failures,
        };
        if (next != snapshot)
        {
            snapshot = next;
        }
    }

    /// <summary>Null where another source was chosen; as long as none was, each that may be is missing.</summary>
    private bool? UpOf(LoginSource source) =>
        sessions is { IsKnown: true } ? (sessions.Source == source ? sessions.Up : null)
        : options.Source == LoginSource.Auto || options.Source == source ? false : null;
}
