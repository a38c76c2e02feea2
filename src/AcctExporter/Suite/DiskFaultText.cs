// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Kernel;

namespace AcctExporter.Suite;

/// <summary>What a walk could not look at, in words.</summary>
internal static class DiskFaultText
{
    /// <summary>A line for each of the first few, and one for all the others.</summary>
    public static IEnumerable<string> Of(DiskFaults faults)
    {
        foreach (var (path, errno) in faults.First)
        {
            yield return $"cannot look at {PathText.Of(path)}: {Marshal.GetPInvokeErrorMessage(errno)}";
        }

        if (faults.Count > faults.First.Count)
        {
            var reasons = faults.Counts.Select(fault => $"{Marshal.GetPInvokeErrorMessage(fault.Key)}: {fault.Value}");
            yield return $"cannot look at {faults.Count - faults.First.Count} more, which are not charged "
                + $"(all together, {string.Join(", ", reasons)})";
        }
    }

    /// <summary>Why a walk could not begin.</summary>
    public static string OfRoot(byte[] root, int errno) =>
        $"cannot walk from {PathText.Of(root)}: {Marshal.GetPInvokeErrorMessage(errno)}";
}
