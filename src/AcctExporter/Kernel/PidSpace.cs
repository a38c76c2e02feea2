// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Kernel;

/// <summary>How many process ids there are before one is given again (<c>kernel.pid_max</c>).</summary>
internal static class PidSpace
{
    /// <summary>The kernel's own default for small machines, and the safe one: ids come again soon.</summary>
    private const uint Smallest = 32_768;

    /// <summary>The first id that is never given: 32,768 to 4,194,304.</summary>
    public static uint Max(string path = "/proc/sys/kernel/pid_max")
    {
        try
        {
            return uint.TryParse(
                File.ReadAllText(path).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var max)
                ? max : Smallest;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Smallest;
        }
    }
}
