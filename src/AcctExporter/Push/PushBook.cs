// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Metrics;

namespace AcctExporter.Push;

/// <summary>
/// How the pushes of one kind of data go: counted for <c>/metrics</c>, and a failure said once, as is its end. Written
/// by the thread that pushes, read by any.
/// </summary>
/// <param name="data">What is pushed, as a log calls it.</param>
/// <param name="endpoint">Where to.</param>
/// <param name="clock">When a push was taken.</param>
/// <param name="log">Where failures are said.</param>
internal sealed class PushBook(string data, Uri endpoint, TimeProvider clock, ILogger log)
{
    private readonly PushCounts counts = new(clock);
    private bool fails;

    /// <summary>The counts.</summary>
    public PushFigures Figures => counts.Figures;

    /// <summary>A push begins.</summary>
    public void Begin() => counts.Begin();

    /// <summary>It has ended.</summary>
    /// <param name="isTaken">The receiver took it.</param>
    /// <param name="problem">Why it did not; empty when that is not known.</param>
    public void End(bool isTaken, string problem)
    {
        counts.End(isTaken);
        if (fails == isTaken)
        {
            fails = !isTaken;
            if (fails)
            {
                PushLog.Fails(log, data, endpoint, problem.Length > 0 ? problem : "the receiver did not take it");
            }
            else
            {
                PushLog.Works(log, data, endpoint);
            }
        }
    }
}
