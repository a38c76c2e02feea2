// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Docs;

/// <summary>One fenced block of a document: its kind is the word behind the fence.</summary>
/// <param name="Path">The document.</param>
/// <param name="Line">Number of its first line.</param>
/// <param name="Kind">The word; empty when there is none.</param>
/// <param name="Text">What is between the fences.</param>
internal sealed record DocumentBlock(string Path, int Line, string Kind, string Text)
{
    public override string ToString() => $"{Path}:{Line}";
}

/// <summary>A document of this repository, as far as the tests of documents read Markdown.</summary>
internal sealed partial class MarkdownFile
{
    private MarkdownFile(string path, string[] lines)
    {
        Path = path;
        var block = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (!line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                if (block < 0)
                {
                    Prose.Add((i + 1, line));
                }

                continue;
            }

            if (block >= 0)
            {
                var kind = lines[block].Trim()[3..];
                Blocks.Add(new DocumentBlock(path, block + 2, kind, string.Join('\n', lines[(block + 1)..i]) + "\n"));
            }

            block = block < 0 ? i : -1;
        }

        IsWhole = block < 0;
    }

    /// <summary>Every document, by its path from the root.</summary>
    public static IReadOnlyList<MarkdownFile> All { get; } =
    [
        .. Repository.Files().Where(path => path.EndsWith(".md", StringComparison.Ordinal))
            .Select(path => new MarkdownFile(path, Repository.Lines(path))),
    ];

    /// <summary>A document that no file holds, for tests of the rules.</summary>
    public static MarkdownFile Of(string text) => new("test.md", text.Split('\n'));

    public string Path { get; }

    /// <summary>The lines outside of blocks, with their numbers.</summary>
    public List<(int Number, string Text)> Prose { get; } = [];

    public List<DocumentBlock> Blocks { get; } = [];

    /// <summary>False when the last block has no end.</summary>
    public bool IsWhole { get; }

    /// <summary>What its headings can be linked to by, as the usual viewers make it of their text.</summary>
    public IEnumerable<string> Anchors
    {
        get
        {
            var counts = new Dictionary<string, int>();
            foreach (var (_, text) in Prose.Where(line => Heading().IsMatch(line.Text)))
            {
                var name = AnchorOf(text.TrimStart('#').Trim());
                var count = counts[name] = counts.GetValueOrDefault(name, -1) + 1;
                yield return count == 0 ? name : $"{name}-{count}";
            }
        }
    }

    /// <summary>Where its links lead to, with the line each is on.</summary>
    public IEnumerable<(int Line, string Target)> Links =>
        from line in Prose
        from Match link in Link().Matches(CodeSpan().Replace(line.Text, ""))
        select (line.Number, link.Groups[1].Value);

    /// <summary>What stands between backticks in prose. A bar in a table is escaped there.</summary>
    public IEnumerable<(int Line, string Text)> CodeSpans =>
        from line in Prose
        from Match span in CodeSpan().Matches(line.Text)
        select (line.Number, span.Groups[1].Value.Replace(@"\|", "|", StringComparison.Ordinal));

    private static string AnchorOf(string heading) =>
        NoAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("^#{1,6} ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"(?<!\\)\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
