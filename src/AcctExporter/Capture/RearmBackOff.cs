// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>
/// When to take accounting back from whoever took it: after a delay that doubles with every attempt, so that two
/// programs do not play ball with it, and not from a program that usually has it.
/// </summary>
internal sealed class RearmBackOff(CaptureOptions options, TimeProvider clock, ILogger log)
{
    private long since;
    private string? othersFile;

    /// <summary>How long the next attempt is away.</summary>
    public TimeSpan Delay { get; private set; } = options.RearmDelay;

    /// <summary>Accounting was lost.</summary>
    public void Begin() => since = clock.GetTimestamp();

    /// <summary>After a long time without a loss the next one begins with the first delay again.</summary>
    public void Settle()
    {
        if (clock.GetElapsedTime(since) > CaptureOptions.LongestRearmDelay)
        {
            Delay = options.RearmDelay;
        }
    }

    /// <summary>True when it is time, and nobody else has accounting on.</summary>
    public bool IsDue()
    {
        if (clock.GetElapsedTime(since) < Delay)
        {
            return false;
        }

        since = clock.GetTimestamp();
        Delay = TimeSpan.FromTicks(Math.Min(Delay.Ticks * 2, CaptureOptions.LongestRearmDelay.Ticks));
        var others = options.TakeOver ? null : ActiveAccounting.Find(options.UsualFiles);
        if (others is not null && others != othersFile)
        {
            CaptureLog.OthersFile(log, others);
        }

        othersFile = others;
        return others is null;
    }
}
