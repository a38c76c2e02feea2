// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Docs;

/// <summary>A flag or a command that a document names is one that the program has, as its own help says.</summary>
public partial class FlagTests
{
    /// <summary>Flags of other programs that prose names.</summary>
    private static readonly string[] Others =
        ["--network", "--pid", "--update", "--quick", "--steady", "--fleet", "--filter", "--byteswap",
            "--show-paging", "--failed", "--enable-feature", "--published", "--from", "--stop-timeout", "--health-cmd",
            "--no-healthcheck", "--build-arg", "--read-only", "--security-opt"];

    [Fact]
    public void Flags_ExistInTheProgram() => Repository.None(MarkdownFile.All.SelectMany(Faults));

    [Fact]
    public void EachCommand_IsDocumented() => Repository.None(
        AgentCommand.Flags.Keys.Where(command => command.Length > 0 && !MarkdownFile.All.Any(file =>
                file.Path.StartsWith("docs/", StringComparison.Ordinal)
                && file.CodeSpans.Select(span => span.Text).Concat(file.Blocks.Select(block => block.Text))
                    .Any(text => text.Contains($"acct-exporter {command}", StringComparison.Ordinal))))
            .Select(command => $"acct-exporter {command} is in no document below docs"));

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        Assert.Single(Faults(MarkdownFile.Of("give it `--pairs.limits=7`")));
        Assert.Single(Faults(MarkdownFile.Of("take --no.such-flag without quotes")));
        Assert.Single(Faults(MarkdownFile.Of("`--sourc`")));
        Assert.Single(Faults(MarkdownFile.Of("```sh\nacct-exporter replay --source=FILE\n```")));
        Assert.Single(Faults(MarkdownFile.Of("`acct-exporter replai FILE`")));
        Assert.Empty(Faults(MarkdownFile.Of(
            "`--pairs.limit=7`, `--source`, `--pairs.*`\n```sh\nacct-exporter replay --pairs.limit=7 FILE\n```")));
    }

    private static IEnumerable<string> Faults(MarkdownFile file)
    {
        var every = AgentCommand.Flags.Values.SelectMany(flags => flags).Concat(Others).ToHashSet();

        // With a dot it is ours wherever it stands; without one, when it stands alone between backticks.
        foreach (var (line, text) in file.Prose)
        {
            foreach (var flag in AgentCommand.FlagsIn(text.Replace(".*", "", StringComparison.Ordinal))
                .Where(flag => flag.Contains('.', StringComparison.Ordinal) && !every.Contains(flag)))
            {
                yield return $"{file.Path}:{line}: no flag {flag}";
            }
        }

        foreach (var (line, text) in file.CodeSpans)
        {
            var flags = text.StartsWith("--", StringComparison.Ordinal) ? AgentCommand.FlagsIn(text).Take(1) : [];
            foreach (var flag in flags.Where(flag => !flag.Contains('.', StringComparison.Ordinal)))
            {
                if (!every.Contains(flag) && !IsFamily(text, every))
                {
                    yield return $"{file.Path}:{line}: no flag {flag}";
                }
            }

            foreach (var fault in CommandFaults(text))
            {
                yield return $"{file.Path}:{line}: {fault}";
            }
        }

        foreach (var block in file.Blocks.Where(block => block.Kind == "sh"))
        {
            foreach (var fault in CommandFaults(block.Text.Replace("\\\n", " ", StringComparison.Ordinal)))
            {
                yield return $"{block}: {fault}";
            }
        }
    }

    /// <summary><c>--pairs.*</c> stands for all of a family.</summary>
    private static bool IsFamily(string text, HashSet<string> every) =>
        text.EndsWith(".*", StringComparison.Ordinal)
        && every.Any(flag => flag.StartsWith(text[..^1], StringComparison.Ordinal));

    private static IEnumerable<string> CommandFaults(string text)
    {
        foreach (Match call in Call().Matches(text))
        {
            var command = call.Groups[1].Value;
            if (!AgentCommand.Flags.TryGetValue(command, out var flags))
            {
                yield return $"no command acct-exporter {command}";
                continue;
            }

            foreach (var flag in AgentCommand.FlagsIn(call.Groups[2].Value).Where(flag => !flags.Contains(flag)))
            {
                yield return $"acct-exporter {command} has no {flag}";
            }
        }
    }

    /// <summary>The program, its command, and what follows up to the end of the command line.</summary>
    [GeneratedRegex(@"(?<![\w/.-])acct-exporter[ ]([a-z][a-z0-9-]*)([^|;&\n#]*)")]
    private static partial Regex Call();
}
