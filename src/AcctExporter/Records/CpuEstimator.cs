// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// What CPU time a thread used, from the several figures that its message has. The one place that says so.
/// </summary>
internal static class CpuEstimator
{
    /// <summary>Adds the thread's CPU time to the sums of its process.</summary>
    public static void Add(in ThreadExit thread, ref ulong userMicroseconds, ref ulong systemMicroseconds)
    {
        userMicroseconds += thread.UserMicroseconds;
        systemMicroseconds += thread.SystemMicroseconds;
    }
}
