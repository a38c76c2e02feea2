// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>
/// Two things between the capture thread and the others: the sign that it still turns, and the time at which it must
/// leave what is not yet counted to the next start. From any thread.
/// </summary>
internal sealed class CapturePace(TimeProvider clock)
{
    private long beat = clock.GetTimestamp();
    private long end = long.MaxValue;

    /// <summary>How long ago the thread last began a turn or counted a block.</summary>
    public TimeSpan SinceBeat => clock.GetElapsedTime(Interlocked.Read(ref beat));

    /// <summary>True once the time of <see cref="EndIn"/> is over; from then on always.</summary>
    public bool IsOver => clock.GetTimestamp() >= Interlocked.Read(ref end);

    /// <summary>The thread turns.</summary>
    public void Beat() => Interlocked.Exchange(ref beat, clock.GetTimestamp());

    /// <summary>The thread may go on counting for so long; a second call changes nothing.</summary>
    public void EndIn(TimeSpan time)
    {
        var at = clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);
        Interlocked.CompareExchange(ref end, at, long.MaxValue);
    }
}
