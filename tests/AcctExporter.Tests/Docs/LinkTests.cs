// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Docs;

/// <summary>A link of a document leads to something.</summary>
public class LinkTests
{
    [Fact]
    public void RelativeLinks_LeadToFilesAndHeadings() =>
        Repository.None(MarkdownFile.All.SelectMany(file => Faults(file)));

    [Fact]
    public void Documents_AreInTheIndex()
    {
        string[] indexes = ["docs/README.md", "docs/runbooks/README.md"];
        var linked = MarkdownFile.All.Where(file => indexes.Contains(file.Path))
            .SelectMany(index => index.Links.Select(link => Resolve(index.Path, link.Target.Split('#')[0]))).ToHashSet();
        Repository.None(MarkdownFile.All.Where(file => file.Path.StartsWith("docs/", StringComparison.Ordinal))
            .Where(file => file.Path != indexes[0] && !linked.Contains(file.Path))
            .Select(file => $"{file.Path} is in none of {string.Join(", ", indexes)}"));
    }

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        Assert.Single(Faults(MarkdownFile.Of("see [this](no-such-file.md)")));
        Assert.Single(Faults(MarkdownFile.Of("# One `two`\n\nsee [that](#one)")));
        Assert.Single(Faults(MarkdownFile.Of("see [that](README.md#no-such-heading)")));
        Assert.Empty(Faults(MarkdownFile.Of(
            "# One `two`, three\n# A\n# A\n[a](#one-two-three) [b](#a-1) [c](README.md) [d](https://no.example/x)")));
    }

    private static IEnumerable<string> Faults(MarkdownFile file)
    {
        foreach (var (line, target) in file.Links.Where(link => !link.Target.Contains("://", StringComparison.Ordinal)))
        {
            var parts = target.Split('#', 2);
            var path = Resolve(file.Path, parts[0]);
            var full = Path.Combine(Repository.Root, path);
            if (parts[0].Length > 0 && !File.Exists(full) && !Directory.Exists(full))
            {
                yield return $"{file.Path}:{line}: {target}: no such file";
            }
            else if (parts.Length == 2)
            {
                var other = parts[0].Length == 0 ? file : MarkdownFile.All.FirstOrDefault(one => one.Path == path);
                if (other is null || !other.Anchors.Contains(parts[1]))
                {
                    yield return $"{file.Path}:{line}: {target}: no such heading";
                }
            }
        }
    }

    private static string Resolve(string from, string target) => Path.GetRelativePath(
        Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(from)!, target));
}
