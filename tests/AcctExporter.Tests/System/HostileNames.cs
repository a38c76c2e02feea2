// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Names of processes that are hard to show, each ended so often that no two counts next to each other agree.
/// </summary>
internal static class HostileNames
{
    private static readonly string[] Texts =
    [
        "", "other", @"\x6fther", @"\xff", @"\xFF", @"\\xff", @"\x", @"\", @"\\", @"\n", "\n", "\r\n", "\\\n", "\"",
        "\\\"", "a\",user=\"root", "\"} 1\n#", "{}", "# HELP x", "# EOF", "# EOF\n", "x 1 2", "a=b,c=\"d\"",
        "le=\"+Inf\"", "NaN", " ", "  ", " a", "a ", "\t", "0", "1001", "root", "caf\u00e9", "cafe\u0301",
        "\u65e5\u672c\u8a9e", "\ud83d\ude00x", "\u202egpj.exe", "\u202a\u202c", "a\u200bb", "a\u200db",
        "\u2066x\u2069", "\ufeffbom", "soft\u00adhyphen", "nel\u0085", "a\u2028b", "a\u2029b", "\ufffd", "\uffff",
        "\ue000", "$(reboot)", "`id`", "%s%n", "<b>&amp;", "'; DROP --",
    ];

    private static readonly byte[][] Broken =
    [
        [0xc3, 0x28], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf4, 0x90, 0x80, 0x80],
        [0xff, 0xff], [0xff, .. "\\xff"u8], [.. "\\xff"u8, 0xff], [(byte)'\\', 0xff], [0x80, (byte)'x'],
        // What the kernel leaves of longer names: cut in the middle of a character.
        [.. "fourteen bytes"u8, 0xc3], [.. "thirteen byte"u8, 0xe6, 0x97], [.. "twelve bytes"u8, 0xf0, 0x9f, 0x98],
    ];

    /// <summary>Every byte alone and between others, and the rest: each name once, with how often it ends.</summary>
    public static List<(byte[] Name, int Count)> All { get; } =
    [
        .. Enumerable.Range(1, 255)
            .SelectMany(value => new byte[][] { [(byte)value], [(byte)'a', (byte)value, (byte)'z'] })
            .Concat(Texts.Select(Encoding.UTF8.GetBytes)).Concat(Broken)
            .DistinctBy(Convert.ToHexString)
            .Select((name, index) => (name, 1 + (index % 4))),
    ];

    /// <summary>All of them end inside. Returns how many exits that was, with the one of who started them.</summary>
    public static int End(FaultLab lab) => End(lab.Inside, lab.Of("hostile"));

    /// <inheritdoc cref="End(FaultLab)"/>
    /// <param name="inside">Where.</param>
    /// <param name="list">A file for their list.</param>
    public static int End(AccountingNamespace inside, string list)
    {
        File.WriteAllLines(list, All.Select(one => string.Create(CultureInfo.InvariantCulture,
            $"0 0 {one.Count} {(one.Name.Length == 0 ? "-" : Convert.ToHexString(one.Name))}")));
        inside.Run(Tools.Named, "list", list);
        return All.Sum(one => one.Count) + 1;
    }

    /// <summary>
    /// The command labels of root's series, with their values, are these names, byte for byte, and nothing else but who
    /// started them.
    /// </summary>
    public static void AreAll(IEnumerable<(string Command, double Exits)> series)
    {
        var expected = All.ToDictionary(one => Convert.ToHexStringLower(one.Name), one => (double)one.Count);
        expected.Add(Convert.ToHexStringLower("named"u8), 1);
        // Two series of one name would be a key twice.
        var seen = series.ToDictionary(one => StormTruth.NameHexOf(one.Command), one => one.Exits);
        Assert.Equal(expected, seen);
    }
}
