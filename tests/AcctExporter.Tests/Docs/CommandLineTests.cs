// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Docs;

/// <summary>
/// Each command line in a <c>sh</c> block of a document runs, with the result that the document says: block after
/// block, on a stage that is made for the document (<c>Docs/stage/enter.sh</c>), from which nothing of the host can be
/// harmed.
/// </summary>
[Collection(KernelCollection.Name)]
[Trait("Lane", "kernel")]
public class CommandLineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>What the document takes its reader's host for, when it is not one without accounting.</summary>
    private static readonly Dictionary<string, string> Before = new()
    {
        ["docs/migration.md"] = "systemctl start acct.service",
    };

    public static TheoryData<string> Documents =>
        [.. MarkdownFile.All.Where(file => file.Blocks.Any(block => block.Kind == "sh")).Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void CommandLines_Run(string path)
    {
        var blocks = MarkdownFile.All.Single(file => file.Path == path).Blocks;
        var (code, said) = Perform(blocks, Before.GetValueOrDefault(path, ""));
        Assert.True(code == 0, $"{path} (blocks are named by the line they begin at):\n{said}");
    }

    /// <summary>The stage's own test: what does not do what is said is found, and the host is as it was.</summary>
    [Fact]
    public void AStage_SeesWhatIsWrong_AndKeepsTheHost()
    {
        var marks = new[] { "/etc/stage-mark", "/usr/bin/stage-mark", "/var/stage-mark", "/tmp/stage-mark" };
        var block = string.Join('\n',
            "touch " + string.Join(' ', marks),
            "false # exits 1",
            "sh -c 'exit 4' # exits 4",
            "acct-exporter serve --accounting.on-exit=off",
            "curl -fs http://127.0.0.1:9810/metrics | grep acct_exits_total > /dev/null",
            "sysctl kernel.no_such_setting=1",
            "systemctl start no-such-unit",
            "echo never ended \\");
        var (code, said) = Perform([new DocumentBlock("test.md", 1, "sh", block)], "");

        Assert.NotEqual(0, code);
        Assert.Contains("line 6: ended with 1", said, StringComparison.Ordinal);
        Assert.Contains("line 7: ended with 1", said, StringComparison.Ordinal);
        Assert.Contains("its last command has no end", said, StringComparison.Ordinal);
        Assert.DoesNotContain("line 1:", said, StringComparison.Ordinal);
        Assert.DoesNotContain("line 5:", said, StringComparison.Ordinal);
        Repository.None(marks.Where(File.Exists));
    }

    private static (int Code, string Said) Perform(IEnumerable<DocumentBlock> blocks, string before)
    {
        using var folder = new TemporaryDirectory();
        foreach (var block in blocks.Where(block => block.Kind == "sh"))
        {
            File.WriteAllText(folder.Of($"line-{block.Line:d4}"), block.Text);
        }

        string[] arguments =
        [
            "--pid", "--fork", "--mount-proc", "--mount", "--net", "--kill-child", "bash",
            Path.Combine(Repository.Root, "tests/AcctExporter.Tests/Docs/stage/enter.sh"), Repository.Root,
            AppContext.BaseDirectory, folder.Path, before,
        ];
        using var stage = Process.Start(new ProcessStartInfo("unshare", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = stage.StandardOutput.ReadToEndAsync();
        var errors = stage.StandardError.ReadToEndAsync();
        if (!stage.WaitForExit(Limit))
        {
            stage.Kill(entireProcessTree: true);
            throw new TimeoutException($"the stage does not end: {output.Result}{errors.Result}");
        }

        return (stage.ExitCode, output.Result + errors.Result);
    }
}
