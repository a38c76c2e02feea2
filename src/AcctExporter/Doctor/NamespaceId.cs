// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Doctor;

/// <summary>
/// Numbers of namespaces. Those of the initial ones are fixed (linux/nsfs.h, before 6.18 linux/proc_ns.h) and never
/// given to another; other numbers begin at 0xF0000000.
/// </summary>
internal static class NamespaceId
{
    public const uint InitialUser = 0xEFFF_FFFD;
    public const uint InitialPid = 0xEFFF_FFFC;
    public const uint InitialTime = 0xEFFF_FFFA;

    /// <summary>
    /// Fixed since Linux 6.18; older kernels number it like any other, so another number proves nothing.
    /// </summary>
    public const uint InitialNetwork = 0xEFFF_FFF9;

    /// <summary>
    /// The number of a namespace of a process; null when it may not be looked at or there is no such kind.
    /// </summary>
    public static uint? Of(HostView host, string kind, string process = "self")
    {
        // pid:[4026531836]
        var link = host.Link($"/proc/{process}/ns/{kind}");
        var start = link?.IndexOf('[', StringComparison.Ordinal) ?? -1;
        return start >= 0 && link!.EndsWith(']')
            && uint.TryParse(link.AsSpan()[(start + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture,
                out var number)
            ? number : null;
    }
}
