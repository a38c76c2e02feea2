// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Config;

namespace AcctExporter.Tests.Config;

/// <summary>Files that are no configuration, each with every message (a <c>|</c> between two).</summary>
public sealed class BadConfigurationTests
{
    [Theory]
    [InlineData(
        "\tpairs: 1\n",
        "agent.yml:1:9: pairs: is a group, with keys beneath it: limit, idle-time, fold-kernel-threads, "
        + "all-histograms")]
    [InlineData("pairs:\n\tlimit: 5\n", "agent.yml:2:1: this is no YAML: a tab indents this line, and only spaces can")]
    [InlineData("pairs: {limit: 5\n", "agent.yml:2:1: this is no YAML: a '{' is not closed, or a ',' is missing")]
    [InlineData("pairs: [1\n", "agent.yml:2:1: this is no YAML: a '[' is not closed, or a ',' is missing")]
    [InlineData("labels: 'user\n", "agent.yml:1:9: this is no YAML: the quotation mark here is not closed")]
    [InlineData("labels: \"user\n", "agent.yml:1:9: this is no YAML: the quotation mark here is not closed")]
    [InlineData("a: 1\n---\nb: 2\n", "agent.yml:2:1: a second document begins here: only one is read")]
    [InlineData("x: &a 5\npairs:\n  limit: *a\n", "agent.yml:3:10: aliases (*a) are not read: write the value out")]
    [InlineData(
        "pairs: &p\n  limit: 5\nweb:\n  <<: *p\n",
        "agent.yml:4:7: aliases (*p) are not read: write the value out")]
    [InlineData("pairs:\n  limit: !!int 5\n", "agent.yml:2:10: tags (!!int) are not read: leave it out")]
    [InlineData("pairs: !x {limit: 5}\n", "agent.yml:1:8: tags (!x) are not read: leave it out")]
    [InlineData("labels: !!seq [user, command]\n", "agent.yml:1:9: tags (!!seq) are not read: leave it out")]
    [InlineData(
        "pairs.limit: 5\npairs:\n  limit: 6\n",
        "agent.yml:3:3: pairs.limit: stands here a second time, after line 1")]
    [InlineData("source: /a\nsource: /b\n", "agent.yml:2:1: source: stands here a second time, after line 1")]
    [InlineData(
        "pairs:\n  limit: 5\npairs:\n  limit: 6\n",
        "agent.yml:4:3: pairs.limit: stands here a second time, after line 2")]
    [InlineData("pairs:\n  limit: [5]\n", "agent.yml:2:10: pairs.limit: needs one value")]
    [InlineData("pairs:\n  limit: {a: 5}\n", "agent.yml:2:10: pairs.limit: needs one value")]
    [InlineData("labels: {user: command}\n", "agent.yml:1:9: labels: needs one value or a list")]
    [InlineData("labels: []\n", "agent.yml:1:9: labels: the list is empty; leave it out to have the default")]
    [InlineData("labels: [user, [command]]\n", "agent.yml:1:16: labels: each item of the list is one value")]
    [InlineData("labels: [user, ~]\n", "agent.yml:1:16: labels: each item of the list is one value")]
    [InlineData(
        "pairs: 5\n",
        "agent.yml:1:8: pairs: is a group, with keys beneath it: limit, idle-time, fold-kernel-threads, "
        + "all-histograms")]
    [InlineData(
        "pairs: [limit]\n",
        "agent.yml:1:8: pairs: is a group, with keys beneath it: limit, idle-time, fold-kernel-threads, "
        + "all-histograms")]
    [InlineData(
        "pairs:\n  limit:\n",
        "agent.yml:2:3: pairs.limit: has no value; leave the line out to have the default")]
    [InlineData(
        "pairs:\n  limit: ~\n",
        "agent.yml:2:3: pairs.limit: has no value; leave the line out to have the default")]
    [InlineData("pairs:\n  limit: ''\n", "agent.yml:2:10: pairs.limit: '' is no whole number from 1 to 1000000")]
    [InlineData("source: ''\n", "agent.yml:1:9: source: an empty path")]
    [InlineData(
        "config.file: a\n",
        "agent.yml:1:1: config.file: is for the command line and the environment: a file cannot name itself")]
    [InlineData(
        "config:\n  file: a\n",
        "agent.yml:1:1: config: is for the command line and the environment: a file cannot name itself")]
    [InlineData(
        "config: a\n",
        "agent.yml:1:1: config: is for the command line and the environment: a file cannot name itself")]
    [InlineData("- a\n", "agent.yml:1:1: a configuration is made of lines of 'key: value'")]
    [InlineData("just words\n", "agent.yml:1:1: a configuration is made of lines of 'key: value'")]
    [InlineData("5", "agent.yml:1:1: a configuration is made of lines of 'key: value'")]
    [InlineData("? [a]\n: 5\n", "agent.yml:1:3: a list or a mapping cannot be a key")]
    [InlineData("? {a: b}\n: 5\n", "agent.yml:1:3: a list or a mapping cannot be a key")]
    [InlineData("pairs:\r\n  limit: 0\r\n", "agent.yml:2:10: pairs.limit: '0' is no whole number from 1 to 1000000")]
    [InlineData("pair:\n  limit: 5\n", "agent.yml:1:1: pair: there is no such key; did you mean 'pairs'?")]
    [InlineData("pairs:\n  limt: 5\n", "agent.yml:2:3: pairs.limt: there is no such key; did you mean 'pairs.limit'?")]
    [InlineData("Pairs:\n  Limit: 5\n", "agent.yml:1:1: Pairs: there is no such key; did you mean 'pairs'?")]
    [InlineData("limit: 5\n", "agent.yml:1:1: limit: there is no such key; did you mean 'pairs.limit'?")]
    [InlineData("pairs-limit: 5\n", "agent.yml:1:1: pairs-limit: there is no such key; did you mean 'pairs.limit'?")]
    [InlineData("foo: 5\n", "agent.yml:1:1: foo: there is no such key")]
    [InlineData(
        "pairs:\n  limit: 5\n    x: 6\n",
        "agent.yml:3:6: this is no YAML: a value has a ': ' in it: put it into quotes, or mend the indentation "
        + "of this line")]
    [InlineData(
        "a: b: c\n",
        "agent.yml:1:5: this is no YAML: a value has a ': ' in it: put it into quotes, or mend the indentation "
        + "of this line")]
    [InlineData(
        "pairs:\n limit: 5\n  idle-time: 1d\n",
        "agent.yml:3:12: this is no YAML: a value has a ': ' in it: put it into quotes, or mend the indentation "
        + "of this line")]
    [InlineData("@a: 5\n", "agent.yml:1:1: this is no YAML: what begins with '@' needs quotes")]
    [InlineData("a: @b\n", "agent.yml:1:4: this is no YAML: what begins with '@' needs quotes")]
    [InlineData("a: `b`\n", "agent.yml:1:4: this is no YAML: what begins with '`' needs quotes")]
    [InlineData("%YAML 2.0\n---\na: 1\n", "agent.yml:1:1: this is no YAML: Found incompatible YAML document")]
    [InlineData(
        "a: \"\\q\"\n",
        "agent.yml:1:4: this is no YAML: a \\ in double quotes means something else: put the value into single "
        + "quotes")]
    [InlineData(
        "a: \"\\U00110000\"\n",
        "agent.yml:1:4: this is no YAML: While scanning a quoted scalar, found invalid Unicode character escape "
        + "code")]
    [InlineData(
        "a: \"\\uD800\"\n",
        "agent.yml:1:4: this is no YAML: While scanning a quoted scalar, found invalid Unicode surrogates")]
    [InlineData("a: *b\n", "agent.yml:1:4: aliases (*b) are not read: write the value out")]
    [InlineData("*a : 5\n", "agent.yml:1:1: aliases (*a) are not read: write the value out")]
    [InlineData("!!a\n", "agent.yml:1:1: tags (!!a) are not read: leave it out")]
    [InlineData(
        "a: |\n  x\n b\n",
        "agent.yml:3:2: this is no YAML: this is no 'key: value' of the lines above: mend its indentation")]
    [InlineData(
        "a: >9999999999\n x\n",
        "agent.yml:1:4: this is no YAML: While scanning a block scalar, did not find expected comment or line "
        + "break")]
    [InlineData(
        "a: |0\n x\n",
        "agent.yml:1:4: this is no YAML: While scanning a block scalar, found an indentation indicator equal to 0")]
    [InlineData("\u0000", "agent.yml:1:1: a control character (U+0000) stands here")]
    [InlineData("a: \u0007\n", "agent.yml:1:4: a control character (U+0007) stands here")]
    [InlineData("a: 'x\n\n\ny'\n", "agent.yml:1:1: a: there is no such key")]
    [InlineData(
        "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{\n",
        "agent.yml:1:18: here it is more than 16 levels deep, and no setting is")]
    [InlineData(
        "a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: "
        + "{a: {a: {a: {a: {a: 1}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}\n",
        "agent.yml:1:65: here it is more than 16 levels deep, and no setting is")]
    [InlineData(
        "a:\n- b\nc\n",
        "agent.yml:3:1: this is no YAML: this is no 'key: value' of the lines above: mend its indentation")]
    [InlineData(
        "a:\n  b\n c: d\n",
        "agent.yml:3:3: this is no YAML: a value has a ': ' in it: put it into quotes, or mend the indentation "
        + "of this line")]
    [InlineData(
        "!<tag:x> a: 5",
        "agent.yml:1:1: tags (tag:x) are not read: leave it out|agent.yml:1:1: a: there is no such key")]
    [InlineData("&a &b c", "agent.yml:1:4: this is no YAML: While parsing a node, found more than one anchor")]
    [InlineData(
        "a: &",
        "agent.yml:1:4: this is no YAML: While scanning an anchor or alias, found value containing disallowed: "
        + "[]{},")]
    [InlineData(
        "a: *",
        "agent.yml:1:4: this is no YAML: While scanning an anchor or alias, found value containing disallowed: "
        + "[]{},")]
    [InlineData("a: !", "agent.yml:1:1: a: there is no such key|agent.yml:1:4: tags (!) are not read: leave it out")]
    [InlineData("? a\n? b\n", "agent.yml:1:3: a: there is no such key|agent.yml:2:3: b: there is no such key")]
    [InlineData(": 5\n", "agent.yml:1:1: a key is missing before the ':'")]
    [InlineData("''  : 5\n", "agent.yml:1:1: a key is missing before the ':'")]
    [InlineData("~: 5\n", "agent.yml:1:1: ~: there is no such key")]
    [InlineData("a: ,\n", "agent.yml:1:4: this is no YAML: a value is missing, or needs quotes")]
    [InlineData("a: [,]\n", "agent.yml:1:5: this is no YAML: a value is missing, or needs quotes")]
    [InlineData("a: ]\n", "agent.yml:1:4: this is no YAML: a value is missing, or needs quotes")]
    [InlineData("a: }\n", "agent.yml:1:4: this is no YAML: a value is missing, or needs quotes")]
    [InlineData("---\n---\n", "agent.yml:2:1: a second document begins here: only one is read")]
    [InlineData("...\n...\n", "agent.yml:1:1: this is no YAML: a document ends (...) that has not begun")]
    [InlineData("a: 1\n...\nb: 2\n", "agent.yml:3:1: a second document begins here: only one is read")]
    [InlineData(
        "%TAG ! tag:x\n%TAG ! tag:y\n---\na: 1\n",
        "agent.yml:2:1: this is no YAML: Found duplicate %TAG directive")]
    public void File_IsToldWhatIsWrongWithIt(string file, string faults) =>
        Assert.Equal(faults.Split('|'), Configured.By([], [], file).Faults);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("---\n")]
    [InlineData("---\npairs: {limit: 5}\n...\n")]
    [InlineData("%FOO\n---\n")]
    [InlineData("pairs:\n")]
    [InlineData("rules:\n")]
    [InlineData("rules: []\n")]
    [InlineData("\uFEFFpairs:\r\n  limit: 5\r\n")]
    [InlineData("{pairs: {limit: 5}, labels: [user, command]}")]
    [InlineData("pairs.limit:\t5\n")]
    public void File_IsFine(string file) => Assert.Empty(Configured.By([], [], file).Faults);

    [Fact]
    public void ByteOrderMark_AndCarriageReturns_MoveNoPlace() => Assert.Equal(
        ["agent.yml:2:10: pairs.limit: '0' is no whole number from 1 to 1000000"],
        Configured.By([], [], "\uFEFFpairs:\r\n  limit: 0\r\n").Faults);

    [Fact]
    public void DeepNesting_IsRefused_HoweverItIsWritten()
    {
        foreach (var (part, column) in new[] { ("[", 18), ("{", 18), ("- ", 35), ("? ", 35) })
        {
            var file = string.Concat(Enumerable.Repeat(part, 100_000));
            Assert.Equal(
                [$"agent.yml:1:{column}: here it is more than 16 levels deep, and no setting is"],
                Configured.By([], [], file).Faults);
        }
    }

    [Fact]
    public void Bytes_ThatAreNoUtf8_AreToldWithoutAPlace()
    {
        AssertBytes("this is no text in UTF-8", "a: "u8.ToArray().Append((byte)0xff));
        AssertBytes("this is no text in UTF-8", Encoding.Unicode.GetPreamble().Concat("p\0"u8.ToArray()));
    }

    [Fact]
    public void Size_HasALimit()
    {
        AssertBytes(null, Enumerable.Repeat((byte)'#', YamlFile.MostBytes));
        AssertBytes(
            "a configuration of more than 1048576 bytes is not read",
            Enumerable.Repeat((byte)'#', YamlFile.MostBytes + 1));
    }

    [Fact]
    public void FileThatIsNotThere_OrADirectory_IsNamed()
    {
        using var directory = new Kernel.TemporaryDirectory();
        Assert.Equal([$"{directory.Path}: this is a directory"], FaultsOf(directory.Path));
        Assert.Equal([$"{directory.Of("no.yml")}: there is no such file"], FaultsOf(directory.Of("no.yml")));
        Assert.Equal([$"{directory.Of("no/x.yml")}: there is no such file"], FaultsOf(directory.Of("no/x.yml")));
        Assert.Equal(
            [$"{directory.Of("no.yml")}: there is no such file"],
            Configured.By([], new() { ["ACCT_EXPORTER_CONFIG_FILE"] = directory.Of("no.yml") }).Faults);
    }

    private static void AssertBytes(string? fault, IEnumerable<byte> bytes)
    {
        using var directory = new Kernel.TemporaryDirectory();
        var file = directory.Of("agent.yml");
        File.WriteAllBytes(file, [.. bytes]);
        Assert.Equal(fault is null ? [] : [$"{file}: {fault}"], FaultsOf(file));
    }

    private static IReadOnlyList<string> FaultsOf(string file) => Configured.By($"--config.file={file}").Faults;
}
