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

    private static readonly (string Kind, int First)[] Kinds =
    [
        ("pts/", FirstPseudoTerminal), ("tty", 4 << 8), ("ttyS", (4 << 8) + 64), ("console", (5 << 8) + 1),
        ("ttyACM", 166 << 8), ("ttyUSB", 188 << 8), ("ttyAMA", (204 << 8) + 64), ("hvc", 229 << 8),
    ];

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

    /// <summary>
    /// The device number of a name that <see cref="Of"/> gives, also behind <c>/dev/</c>; <c>-</c> is no terminal.
    /// </summary>
    public static bool TryRead(string name, out ushort device)
    {
        const string folder = "/dev/";
        name = name.StartsWith(folder, StringComparison.Ordinal) ? name[folder.Length..] : name;
        if (name == "-")
        {
            device = 0;
            return true;
        }

        var parts = name.Split(':');
        if (parts.Length == 2 && TryReadNumber(parts[0], out var major) && TryReadNumber(parts[1], out var minor)
            && major < 256 && minor < 256)
        {
            device = (ushort)((major << 8) | minor);
            return true;
        }

        // Each kind's first device; the number behind its name counts from there, and must lead back to the name.
        var kind = name.TrimEnd(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        var first = Array.Find(Kinds, each => each.Kind == kind).First;
        var number = 0;
        var isKnown = first != 0 && (kind == name || TryReadNumber(name[kind.Length..], out number));
        var isRight = isKnown && first + number <= ushort.MaxValue && Of((ushort)(first + number)) == name;
        device = isRight ? (ushort)(first + number) : (ushort)0;
        return isRight;
    }

    private static bool TryReadNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= ushort.MaxValue;

    private static string Numbered(string kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");
}
