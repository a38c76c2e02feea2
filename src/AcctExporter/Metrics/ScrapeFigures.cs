// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>Scrapes of this process. Scrapes run at the same time, so every figure is added to atomically.</summary>
internal sealed class ScrapeFigures
{
    private long begun;
    private long refused;
    private long catchUpTimeouts;
    private long lastMicroseconds = -1;

    /// <summary>Scrapes begun.</summary>
    public long Begun => Volatile.Read(ref begun);

    /// <summary>Scrapes refused because too many were running.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>Scrapes that showed less than the accounting file held on arrival.</summary>
    public long CatchUpTimeouts => Volatile.Read(ref catchUpTimeouts);

    /// <summary>How long the last completed scrape took; -1 before the first.</summary>
    public long LastMicroseconds => Volatile.Read(ref lastMicroseconds);

    /// <summary>A scrape begins.</summary>
    public void Begin() => Interlocked.Increment(ref begun);

    /// <summary>A scrape is refused.</summary>
    public void Refuse() => Interlocked.Increment(ref refused);

    /// <summary>A scrape did not wait for all records.</summary>
    public void MissCatchUp() => Interlocked.Increment(ref catchUpTimeouts);

    /// <summary>A scrape is complete.</summary>
    public void Complete(TimeSpan duration) => Volatile.Write(ref lastMicroseconds, (long)duration.TotalMicroseconds);
}
