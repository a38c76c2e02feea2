// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>Journal and checkpoint, and what becomes of the steps that write them while the disk is full.</summary>
internal sealed partial class ExitCapture
{
    private bool journalFails;
    private bool checkpointFails;
    private ulong journalFailures;
    private ulong checkpointFailures;
    private ulong checkpoints;
    private long lastCheckpoint;

    /// <summary>
    /// A step that may meet a full disk: then it is tried again later, and nothing is counted that is not written.
    /// </summary>
    private void Guarded(Action step)
    {
        try
        {
            step();
            if (journalFails)
            {
                journalFails = false;
                CaptureLog.JournalWorks(log);
            }
        }
        catch (IOException error)
        {
            journalFailures++;
            if (!journalFails)
            {
                CaptureLog.JournalFails(log, error.Message, options.StoragePath);
            }

            journalFails = true;
            if (!stopping)
            {
                waiter.Wait(null, RetryDelay);
            }
        }
    }

    private void SaveIfNew()
    {
        if (store.HasNews)
        {
            Save();
        }
    }

    private void Save()
    {
        try
        {
            store.Save(recorder.Position, clock.GetUtcNow());
            source.Covered();
            checkpoints++;
            lastCheckpoint = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
            if (checkpointFails)
            {
                checkpointFails = false;
                CaptureLog.CheckpointWorks(log);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            checkpointFailures++;
            if (!checkpointFails)
            {
                CaptureLog.CheckpointFails(log, error.Message);
            }

            checkpointFails = true;
        }
    }
}
