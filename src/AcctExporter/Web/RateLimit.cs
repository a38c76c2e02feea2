// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Web;

/// <summary>
/// A bucket of tokens: each request takes one, one comes back with each interval, and no more than a burst are in it.
/// </summary>
/// <param name="interval">In which one comes back; more than zero.</param>
/// <param name="burst">How many fit; 1 or more.</param>
/// <param name="clock">For the time between requests.</param>
internal sealed class RateLimit(TimeSpan interval, int burst, TimeProvider clock)
{
    private readonly Lock gate = new();
    private double tokens = burst;
    private long last = clock.GetTimestamp();

    /// <summary>True when these are what it was made of.</summary>
    public bool Is(TimeSpan otherInterval, int otherBurst) => interval == otherInterval && burst == otherBurst;

    /// <summary>False when the bucket is empty.</summary>
    public bool TryTake()
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            tokens = Math.Min(burst, tokens + (clock.GetElapsedTime(last, now) / interval));
            last = now;
            if (tokens < 1)
            {
                return false;
            }

            tokens--;
            return true;
        }
    }
}
