// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Records;

/// <summary>
/// Names of terminals by device number (<c>Documentation/admin-guide/devices.txt</c> of the kernel). The number has 16
/// bits, <c>major &lt;&lt; 8 | minor</c>, and a pseudo-terminal above 255 runs over into the majors behind
/// 136, which are its own.
/// </summary>
internal static class TtyName
{
    private const int FirstPseudoTerminal = 136 << 8;

    /// <summary>Behind the last number that eight majors hold.</summary>
    private const int PseudoTerminalsEnd = 144 << 8;

    /// <summary>
    /// <c>pts/0</c>, <c>tty1</c>, <c>ttyS0</c>, <c>console</c>, ...; <c>major:minor</c> for a device that is none
    /// of the usual; null for no terminal, which is 0.
    /// </summary>
    public static string? Of(ushort device)
    {
        var (major, minor) = (device >> 8, device & 0xff);
        return (major, minor) switch
        {
            (0, 0) => null,
            _ when device is >= FirstPseudoTerminal and < PseudoTerminalsEnd =>
                Numbered("pts/", device - FirstPseudoTerminal),
            (4, < 64) => Numbered("tty", minor),
            (4, _) => Numbered("ttyS", minor - 64),
            (5, 1) => "console",
            (166, _) => Numbered("ttyACM", minor),
            (188, _) => Numbered("ttyUSB", minor),
            (204, >= 64 and < 80) => Numbered("ttyAMA", minor - 64),
            (229, _) => Numbered("hvc", minor),
            _ => string.Create(CultureInfo.InvariantCulture, $"{major}:{minor}"),
        };
    }

    private static string Numbered(string kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");
}
