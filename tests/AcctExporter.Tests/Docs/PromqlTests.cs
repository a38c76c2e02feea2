// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Docs;

/// <summary>A query that a document gives is one that Prometheus can read.</summary>
[Trait("Lane", "peers")]
public class PromqlTests
{
    [Fact]
    public void Queries_AreReadByPromtool() => Repository.None(Faults(Queries(MarkdownFile.All)));

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        var file = MarkdownFile.Of(
            "`sum(acct_exits_total`\n```promql\nrate(acct_exits_total[5m])  # good\nrate(acct_exits_total\n```");
        Assert.Equal(3, Queries([file]).Count());
        Assert.Equal(2, Faults(Queries([file])).Count);
    }

    /// <summary>
    /// In blocks each line that is not indented begins one; between backticks, what names a metric and has a bracket.
    /// </summary>
    private static IEnumerable<(string Where, string Query)> Queries(IEnumerable<MarkdownFile> files)
    {
        foreach (var file in files)
        {
            foreach (var (line, text) in file.CodeSpans.Where(span => IsQuery(span.Text)))
            {
                yield return ($"{file.Path}:{line}", text);
            }

            foreach (var block in file.Blocks.Where(block => block.Kind == "promql"))
            {
                foreach (var query in Split(block.Text))
                {
                    yield return ($"{block}", query);
                }
            }
        }
    }

    private static bool IsQuery(string text) =>
        text.Contains("acct_", StringComparison.Ordinal) && text.AsSpan().ContainsAny('(', '[', '{')
        && !text.AsSpan().ContainsAny('*', '\'', '^');

    private static IEnumerable<string> Split(string text)
    {
        var query = new StringBuilder();
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] != ' ' && query.Length > 0)
            {
                yield return query.ToString();
                query.Clear();
            }

            query.Append(line).Append('\n');
        }

        if (query.Length > 0)
        {
            yield return query.ToString();
        }
    }

    /// <summary>One file of rules for all; when promtool refuses it, each by itself, to know which.</summary>
    private static List<string> Faults(IEnumerable<(string Where, string Query)> queries)
    {
        var all = queries.ToList();
        Assert.NotEmpty(all);
        return Check(all.Select(one => one.Query)).Code == 0
            ? []
            : [.. all.Select(one => (one.Where, one.Query, Result: Check([one.Query])))
                .Where(one => one.Result.Code != 0).Select(one => $"{one.Where}: {one.Query}: {one.Result.Said}")];
    }

    /// <summary>What promtool says of queries, as rules of a file.</summary>
    internal static (int Code, string Said) Check(IEnumerable<string> queries, string? program = null)
    {
        var rules = new StringBuilder("groups:\n- name: documents\n  rules:\n");
        foreach (var query in queries)
        {
            var indented = query.TrimEnd('\n').Replace("\n", "\n      ", StringComparison.Ordinal);
            rules.Append($"  - record: a:b:c{rules.Length}\n    expr: |\n      {indented}\n");
        }

        var file = Path.GetTempFileName();
        File.WriteAllText(file, rules.ToString());
        var promtool = program ?? Tools.Promtool;
        using var process = Process.Start(new ProcessStartInfo(promtool, ["check", "rules", file])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        File.Delete(file);
        return (process.ExitCode, output.Result + errors);
    }
}
