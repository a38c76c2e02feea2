// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Config;

public sealed class YamlFileTests
{
    /// <summary>What makes YAML go astray, and what makes it a configuration.</summary>
    private static readonly string[] Pieces =
    [
        "\n", "\n  ", "\n    ", " ", "\t", "\r\n", ":", ": ", "- ", "-", "? ", "#", " #", "'", "\"", "{", "}", "[",
        "]", ",", "&a ", "*a", "!", "!!int ", "!<", "|", ">", "|2", ">-", "%", "%YAML 1.1\n", "%TAG ! x\n", "@", "`",
        "~", "---\n", "...\n", "<<: ", "\\", "\"\\u", "\"\\U0011", "\0", "\u0007", "\u0085", "\u2028", "\uFEFF",
        "\U0001F600", "null", "0", "5", "1h", "true", "pairs", "limit", "pairs:\n  limit: 5\n",
        "labels: [user, command]\n",
        "web: {max-requests: 3}\n", "rules:\n- command: a\n  drop: true\n", "command", "a(", "replace: $1",
    ];

    [Fact]
    public void AnyText_GivesAConfigurationOrFaults()
    {
        var faulty = 0;
        var fine = 0;
        Holds.ForAllOf(Gen.Elements(Pieces), 30, 3000, pieces =>
        {
            var config = Load(string.Concat(pieces));
            (faulty, fine) = config.Faults.Count > 0 ? (faulty + 1, fine) : (faulty, fine + 1);
            return config.Faults.All(IsOneLine);
        });
        // Both ways were gone.
        Assert.True(faulty > 1000 && fine > 50, $"{faulty} faulty, {fine} fine");
    }

    [Fact]
    public void AnyBytes_GiveAConfigurationOrFaults() =>
        Holds.ForAllOf(Gen.Choose(0, 255).Select(value => (byte)value), 200, 500, bytes =>
        {
            using var directory = new Kernel.TemporaryDirectory();
            var file = directory.Of("agent.yml");
            File.WriteAllBytes(file, bytes);
            return Configured.By($"--config.file={file}").Faults.All(IsOneLine);
        });

    [Fact]
    public void Places_CountFromOne_AndQuotesAreGone()
    {
        var root = Assert.IsType<YamlMap>(Parse("a: 1\nb:\n  - 'x: y'\n  - \"z\"\n"));
        Assert.Equal(["a", "b"], root.Entries.Select(entry => entry.Key.Text));
        var list = Assert.IsType<YamlList>(root.Entries[1].Value);
        Assert.Equal([new YamlScalar("x: y", false, 3, 5), new YamlScalar("z", false, 4, 5)], list.Items);
    }

    [Theory]
    [InlineData("a:", true)]
    [InlineData("a: ~", true)]
    [InlineData("a: null", true)]
    [InlineData("a: ''", false)]
    [InlineData("a: 'null'", false)]
    [InlineData("a: \"~\"", false)]
    public void Empty_IsWhatHasNoQuotes(string text, bool isEmpty) => Assert.Equal(
        isEmpty, ((YamlScalar)((YamlMap)Parse(text)!).Entries[0].Value).IsEmpty);

    /// <summary>A NUL ends the text for the parser: what stands behind it would be left out without a word.</summary>
    [Fact]
    public void Nul_EndsNothing() => Assert.Equal(
        ["agent.yml:2:1: a control character (U+0000) stands here"], Load("pairs.limit: 5\n\0foo: 1\n").Faults);

    private static YamlNode? Parse(string text) =>
        YamlFile.Parse(text, (line, column, problem) => Assert.Fail($"{line}:{column}: {problem}"));

    private static LoadedConfig Load(string text) => Configured.By([], [], text);

    private static bool IsOneLine(string fault) => fault.Length > 0 && !fault.Any(char.IsControl);
}
