// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Docs;

/// <summary>
/// Each block of a document is of a kind, and each kind is held to something: <c>sh</c> runs
/// (<see cref="CommandLineTests"/>), <c>promql</c> is parsed by promtool (<see cref="PromqlTests"/>), <c>yaml</c> is
/// loaded by the agent, <c>json</c> is parsed, <c>bash</c> runs where systemd does and <c>ini</c> is its drop-in
/// (<c>UnitLifeTests</c>). <c>text</c> is what is not to be typed: drawings, synopses, output.
/// </summary>
public class BlockTests
{
    private static readonly string[] Kinds = ["sh", "promql", "yaml", "json", "bash", "ini", "text"];

    [Fact]
    public void Blocks_AreOfAKind() => Repository.None(MarkdownFile.All.SelectMany(KindFaults));

    [Fact]
    public void Json_CanBeParsed() => Repository.None(
        from block in Of("json")
        from line in block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        where !IsJson(line)
        select $"{block}: no JSON: {line}");

    /// <summary>A configuration in a document is one that the agent starts with.</summary>
    [Fact]
    public void Yaml_IsAConfiguration()
    {
        var faults = new List<string>();
        foreach (var block in Of("yaml"))
        {
            var file = Path.GetTempFileName();
            File.WriteAllText(file, block.Text);
            var (code, said) = AgentCommand.Run("serve", "--config.check", $"--config.file={file}");
            File.Delete(file);
            if (code != 0)
            {
                faults.Add($"{block}: {said}");
            }
        }

        Repository.None(faults);
    }

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        Assert.Single(KindFaults(MarkdownFile.Of("```\nls\n```")));
        Assert.Single(KindFaults(MarkdownFile.Of("```console\n$ ls\n```")));
        Assert.Single(KindFaults(MarkdownFile.Of("```sh\nls")));
        Assert.Single(KindFaults(MarkdownFile.Of("see:\n\n    ls -l\n")));
        Assert.Empty(KindFaults(MarkdownFile.Of("```sh\nls\n```\n- a list\n    goes on\n")));
        Assert.False(IsJson("{\"a\":}"));
    }

    internal static IEnumerable<DocumentBlock> Of(string kind) =>
        MarkdownFile.All.SelectMany(file => file.Blocks).Where(block => block.Kind == kind);

    private static IEnumerable<string> KindFaults(MarkdownFile file)
    {
        if (!file.IsWhole)
        {
            yield return $"{file.Path}: the last block has no end";
        }

        foreach (var block in file.Blocks.Where(block => !Kinds.Contains(block.Kind)))
        {
            yield return $"{block}: '{block.Kind}' is none of {string.Join(", ", Kinds)}";
        }

        // Code without fences has no kind, and would be held to nothing.
        for (var i = 1; i < file.Prose.Count; i++)
        {
            var (number, text) = file.Prose[i];
            if (text.StartsWith("    ", StringComparison.Ordinal) && file.Prose[i - 1].Text.Length == 0)
            {
                yield return $"{file.Path}:{number}: an indented block has no kind: fence it";
            }
        }
    }

    private static bool IsJson(string line)
    {
        try
        {
            JsonDocument.Parse(line).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
