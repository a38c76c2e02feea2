// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AcctExporter.Tests.Golden;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Reports;

namespace AcctExporter.Tests.Deploy;

/// <summary>Manual pages and completions are what the program's options are, and help says what it must.</summary>
public partial class DeployFilesTests
{
    private const string Manuals = "deploy/man";

    private static IEnumerable<(string File, string Text)> Pages =>
        DescribedCommand.Applets
            .Select(command => ($"acct-exporter-{command.Name}.{command.Section}", ManPage.Of(command)))
            .Prepend(("acct-exporter.8", ManPage.OfProgram()));

    [Fact]
    public void ManualPages_AreThoseOfTheOptions()
    {
        Assert.All(Pages, page => GoldenFile.CheckFile(Path.Combine(Manuals, page.File), page.Text));
        Assert.Equal(
            Pages.Select(page => page.File).Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(GoldenFile.RepositoryRoot, Manuals)).Select(Path.GetFileName)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Completions_AreThoseOfTheOptions()
    {
        GoldenFile.CheckFile("deploy/completions/acct-exporter.bash", BashCompletion.Text());
        GoldenFile.CheckFile("deploy/completions/_acct-exporter", ZshCompletion.Text());
        GoldenFile.CheckFile("deploy/completions/acct-exporter.fish", FishCompletion.Text());
    }

    [Fact]
    public void EachClassicCommand_SaysWhereItIsFrom_AndShowsExamples()
    {
        var headings = File.ReadLines(Path.Combine(GoldenFile.RepositoryRoot, "docs/differences.md"))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => NoLetter().Replace(line[3..].ToLowerInvariant(), "").Replace(' ', '-')).ToArray();
        Assert.All(DescribedCommand.Applets, command =>
        {
            var applet = command.Applet!;
            Assert.True(applet.Like is not null, command.Name);
            Assert.InRange(applet.Examples.Count, 2, 4);
            Assert.Contains(applet.Differences, headings);
            Assert.All(
                applet.Examples,
                example => Assert.Contains(command.Name, example.Line, StringComparison.Ordinal));
        });
    }

    /// <summary>Each is an error of groff's, not a page that looks wrong.</summary>
    [Fact]
    public void ManualPages_HaveNoLineThatRoffTakesForItsOwn() => Assert.All(Pages, page => Assert.All(
        page.Text.Split('\n').Where(line => line.StartsWith('.') || line.StartsWith('\'')),
        line => Assert.Matches(@"^\.(\\""|TH|SH|TP|PP|B|I|BR|RB|RI|br)( |$)", line)));

    /// <summary>The last word of each line is the one that is completed.</summary>
    [Theory]
    [InlineData("acct-exporter acc", "accton", "acctwtmp", "acctcon", "acctcon1", "acctcon2")]
    [InlineData("acct-exporter ac --form", "--format")]
    [InlineData("acct-exporter ac --format ", "table", "json", "csv")]
    [InlineData("acct-exporter ac --format = j", "json")]
    [InlineData("acct-exporter ac --format =", "table", "json", "csv")]
    [InlineData("/usr/bin/ac --format c", "csv")]
    [InlineData("acct-exporter ac roo", "root")]
    [InlineData("acct-exporter accton o", "on", "off", "own")]
    [InlineData("acct-exporter last -f ow", "own")]
    [InlineData("acct-exporter serve --storage.path d", "directory")]
    [InlineData("acct-exporter serve --accounting.take-over --accounting.on-e", "--accounting.on-exit")]
    [InlineData("acct-exporter serve --accounting.take-over = t", "true")]
    [InlineData("acct-exporter serve --accounting.on-exit ", "keep", "off")]
    public void Bash_Completes(string line, params string[] words)
    {
        using var folder = new TemporaryDirectory();
        folder.File("own");
        Directory.CreateDirectory(folder.Of("directory"));
        var file = Path.Combine(GoldenFile.RepositoryRoot, "deploy/completions/acct-exporter.bash");
        var run = ClassicTool.Run(
            "/bin/bash",
            [
                "--norc", "-eu", "-c", "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _acct_exporter; "
                + "printf '%s\\n' \"${COMPREPLY[@]}\"", file, .. line.Split(' '),
            ],
            now: 0, directory: folder.Path);
        var found = run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Subset(found.ToHashSet(), words.ToHashSet());
        Assert.All(found, word => Assert.StartsWith(line[(line.LastIndexOf(' ') + 1)..].TrimStart('='), word));
    }

    [GeneratedRegex("[^a-z0-9 -]")]
    private static partial Regex NoLetter();
}
