// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The connect time of the running day by user, live: reads on where the last daily run stopped (<c>nite/logins</c>),
/// with the same sessions and the same prime time, so that it shows what the next run will charge. One thread.
/// </summary>
/// <param name="options">Where logins are.</param>
/// <param name="paths">The suite's files.</param>
/// <param name="clock">The time, and the zone.</param>
internal sealed class LiveConnect(LoginOptions options, SuitePaths paths, TimeProvider clock)
{
    /// <summary>
    /// Reads what is new, and charges what is open up to now. Begins anew when the daily run took another day.
    /// </summary>
    public void Pass() => throw new NotSupportedException($"{options} {paths} {clock}");

    /// <summary>By user name, since the last cut. What is returned never changes.</summary>
    public IReadOnlyList<(string User, long PrimeSeconds, long NonPrimeSeconds, long Sessions)> Users { get; } = [];
}
