// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Metrics;

namespace AcctExporter.Push;

/// <summary>How many pushes of one kind of data were begun, and how they ended. Written by one thread, read by
/// any.</summary>
/// <param name="clock">When a push was taken.</param>
internal sealed class PushCounts(TimeProvider clock)
{
    private readonly Lock gate = new();
    private PushFigures figures;

    /// <summary>The counts.</summary>
    public PushFigures Figures
    {
        get
        {
            lock (gate)
            {
                return figures;
            }
        }
    }

    /// <summary>A push begins.</summary>
    public void Begin()
    {
        lock (gate)
        {
            figures = figures with { Exports = figures.Exports + 1 };
        }
    }

    /// <summary>It has ended.</summary>
    /// <param name="isTaken">The receiver took it.</param>
    public void End(bool isTaken)
    {
        lock (gate)
        {
            figures = isTaken
                ? figures with { LastSuccessUnixMicroseconds = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000 }
                : figures with { Failures = figures.Failures + 1 };
        }
    }
}
