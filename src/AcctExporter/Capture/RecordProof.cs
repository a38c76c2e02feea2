// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>
/// Whether records really come: as long as exits are counted they do. After long silence, or when in doubt, one child
/// of our own ends, and its record must be there when wait(2) returns.
/// </summary>
internal sealed class RecordProof(TimeSpan interval, ExitRecorder recorder, TimeProvider clock)
{
    private ulong exitsSeen;
    private long since;
    private bool doubted;

    /// <summary>The kernel has a new file: the silence begins anew.</summary>
    public void Begin()
    {
        exitsSeen = recorder.RecordsSeen;
        since = clock.GetTimestamp();
        doubted = false;
    }

    /// <summary>
    /// Something looks as if the kernel had left the file: only a record that comes from now on is a proof.
    /// </summary>
    public void Doubt()
    {
        Begin();
        doubted = true;
    }

    /// <summary>True when a child must end. Asked once a second.</summary>
    public bool IsWanted()
    {
        if (HaveCome)
        {
            Begin();
        }

        return interval > TimeSpan.Zero && (doubted || clock.GetElapsedTime(since) >= interval);
    }

    /// <summary>Records have come since <see cref="Begin"/>.</summary>
    public bool HaveCome => recorder.RecordsSeen != exitsSeen;

    /// <summary>Starts a child and waits for its end; false when none could be started.</summary>
    public bool RunChild()
    {
        Begin();
        return recorder.Children.Run(out _);
    }
}
