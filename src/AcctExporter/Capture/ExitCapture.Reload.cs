// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>What was found at the start, and what changes while the pipeline runs.</summary>
internal sealed partial class ExitCapture
{
    private NewOptions? newOptions;

    /// <summary>
    /// Takes over the rules, the limits, the journal's retention and the selection of events, between two passes and
    /// all at once; what else differs stays as it was. Series that exist keep their labels and their values.
    /// </summary>
    /// <returns>Ends when the next exit is counted by them, or the pipeline has ended.</returns>
    public Task ReconfigureAsync(CaptureOptions capture, LedgerOptions limits)
    {
        var wish = new NewOptions(capture, limits);
        lock (gate)
        {
            // An older wish that nobody has looked at is met by this one.
            if (newOptions is { } older)
            {
                _ = wish.Done.Task.ContinueWith(_ => older.Done.TrySetResult(), TaskScheduler.Default);
            }

            newOptions = wish;
        }

        waiter.Wake();
        return Task.WhenAny(wish.Done.Task, Ended);
    }

    private void SayWhatWasFound()
    {
        if (store.OpenFolder is { } openFolder)
        {
            CaptureLog.Warn(log, openFolder);
        }

        if (store.NotShared is { } hindrance)
        {
            CaptureLog.NotShared(log, options.JournalGroup!, hindrance);
        }

        if (store.SetAsideBecause is { } why)
        {
            CaptureLog.StartedAnew(log, options.StoragePath, why);
            recorder.Tally(Tallies.StartedAnew);
        }
        else if (store.ReplayedExits > 0 || store.RepairedBytes > 0)
        {
            CaptureLog.Recovered(log, store.ReplayedExits, store.RepairedBytes);
        }

        if (store.Ledger.BoundsChanged)
        {
            CaptureLog.BoundsChanged(log);
        }
    }

    private void TakeNewOptions()
    {
        NewOptions? wish;
        lock (gate)
        {
            (wish, newOptions) = (newOptions, null);
        }

        if (wish is null)
        {
            return;
        }

        sides.Reconfigure(wish.Limits, recorder, store.Ledger);
        store.Journal.Keep(wish.Capture.JournalRetentionAge, wish.Capture.JournalRetentionBytes);
        Array.ForEach(events, place => place.Choose(wish.Capture.Events.Selection));
        wish.Done.TrySetResult();
    }

    private sealed record NewOptions(CaptureOptions Capture, LedgerOptions Limits)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
