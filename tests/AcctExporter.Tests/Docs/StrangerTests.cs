// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.RegularExpressions;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Docs;

/// <summary>
/// What README.md promises to a stranger: on a clean Debian with git, curl and the SDK a clone does what it says, with
/// the command lines as they stand there, and leaves nothing behind.
/// </summary>
[Trait("Lane", "peers")]
[Collection(KernelCollection.Name)]
public sealed partial class StrangerTests
{
    private const string Clone = "/root/acct-exporter";
    private const string Segments = "/run/acct-exporter";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [Fact]
    public void AStranger_FollowsTheReadme()
    {
        Tools.RequireDefaultPort();
        using var folder = new TemporaryDirectory();
        using var debian = new CleanDebian(
            (Tools.Sdk, "/usr/share/dotnet"), (Tools.Packages, "/root/.nuget/packages"),
            (Commits(folder), "/srv/acct.git"));
        TakeTheRest(debian);
        debian.Shell($"git clone -q /srv/acct.git {Clone}");
        var readme = MarkdownFile.Of(debian.Shell($"cat {Clone}/README.md"));
        var commands = Block(readme, "## Two commands").Select(line => line.Split('#')[0].Trim()).ToArray();
        Assert.Equal(2, commands.Length);

        using (var agent = debian.Start("sh", "-c", $"cd {Clone} && exec {commands[0]} 2> /root/said"))
        {
            var page = Page(debian, agent);
            Assert.Contains("<html", debian.Shell($"curl -fs {page}"), StringComparison.OrdinalIgnoreCase);
            debian.Shell($"until curl -fs -o /dev/null {page}-/ready; do sleep 0.1; done");
            HasTrueNumbers(debian, page);
            DoesWhatYouSee(debian, Block(readme, "## What you see"));
            Assert.Equal(0, CleanDebian.Stop(agent, "INT"));
        }

        NothingIsLeft(debian);
        RunsTests(debian, commands[1]);
    }

    /// <summary>Lines of the first <c>sh</c> block below a heading.</summary>
    private static List<string> Block(MarkdownFile readme, string heading)
    {
        var line = readme.Prose.Single(one => one.Text == heading).Number;
        var block = readme.Blocks.First(one => one.Kind == "sh" && one.Line > line);
        return [.. block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>What the SDK needs of Debian, and where this machine has its packages from.</summary>
    private static void TakeTheRest(CleanDebian debian)
    {
        debian.Install(
            "git", "curl", "libstdc++6", "zlib1g", "libssl3", "procps",
            "$(apt-cache search --names-only '^libicu[0-9]+$' | cut -d' ' -f1)");
        var sources = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/NuGet/NuGet.Config");
        if (File.Exists(sources))
        {
            debian.Take(sources, "/root/.nuget/NuGet/NuGet.Config");
        }
    }

    /// <summary>A bare clone, of what is committed and of nothing else.</summary>
    private static string Commits(TemporaryDirectory folder)
    {
        var start = new ProcessStartInfo("git", ["clone", "-q", "--bare", Repository.Root, folder.Of("acct.git")])
        {
            RedirectStandardError = true,
            // The tests run as root, in a tree that may be another's.
            Environment = { ["GIT_CONFIG_GLOBAL"] = folder.File("config", "[safe]\n\tdirectory = *\n") },
        };
        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, errors);
        return folder.Of("acct.git");
    }

    /// <summary>The address that the command prints, once somebody answers there.</summary>
    private static string Page(CleanDebian debian, Process agent)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Limit && !agent.HasExited)
        {
            var said = Said(debian);
            if (Address().Match(said) is { Success: true } page
                && said.Contains("listening on", StringComparison.Ordinal))
            {
                return page.Value;
            }

            Thread.Sleep(200);
        }

        throw new TimeoutException($"no page: {Said(debian)}");
    }

    private static string Said(CleanDebian debian) =>
        File.Exists(debian.PathOf("/root/said")) ? File.ReadAllText(debian.PathOf("/root/said")) : "";

    private static void HasTrueNumbers(CleanDebian debian, string page)
    {
        debian.Shell(
            $$"""
            for i in 1 2 3 4 5 6 7 8 9 10 11 12; do /bin/true; done
            for i in 1 2 3; do /bin/false || :; done
            for i in 1 2 3 4 5; do /bin/sleep 100 & kill -KILL $!; wait $! || :; done
            counted='^acct_process_exits_total{.*command="true".* 12$'
            until curl -fs {{page}}metrics | grep -q "$counted"; do sleep 0.1; done
            """);
        var scraped = Scraped.Parse(debian.Shell($"curl -fs {page}metrics"));
        Assert.Equal(12, scraped["acct_process_exits_total{user=\"root\",command=\"true\"}"]);
        Assert.Equal(3, scraped["acct_process_failures_total{user=\"root\",command=\"false\"}"]);
        // One may be killed before it is a sleep.
        Assert.Equal(5, scraped.Sum("acct_process_signals_total", ("user", "root"), ("signal", "SIGKILL")));
    }

    /// <summary>The block, but for the line that starts an agent: one runs.</summary>
    private static void DoesWhatYouSee(CleanDebian debian, List<string> lines)
    {
        Assert.StartsWith("acct-exporter serve", lines[0], StringComparison.Ordinal);
        var said = "";
        foreach (var line in lines.Skip(1))
        {
            var result = debian.Run("sh", "-c", line);
            var expected = Exits().Match(line) is { Success: true } exits ? int.Parse(exits.Groups[1].Value) : 0;
            Assert.True(result.Code == expected, $"{line}: {result.Code} {result.Text}");
            said += result.Output;
        }

        Assert.Contains("acct_exits_total ", said, StringComparison.Ordinal);
        Assert.Contains("signal=\"SIGSEGV\"", said, StringComparison.Ordinal);
    }

    /// <summary>No process, no file of the kernel's; and the kernel records nothing any more.</summary>
    private static void NothingIsLeft(CleanDebian debian)
    {
        Assert.Contains("accounting is off again", Said(debian), StringComparison.Ordinal);
        Assert.Equal("", debian.Shell("pgrep -l acct-exporter || :"));
        Assert.Equal("", debian.Shell($"find {Segments} -name 'pacct-*' 2> /dev/null || :"));
        Assert.Equal("", debian.Shell($"cd {Clone} && git status --porcelain --untracked-files=all"));
    }

    /// <summary>
    /// The second command is what CI runs; here it builds and runs one class, without root's tools, and without the
    /// analyzers, which take most of the time and have looked at the same files before.
    /// </summary>
    private static void RunsTests(CleanDebian debian, string command)
    {
        var said = debian.Shell(
            $"cd {Clone} && RunAnalyzers=false {command} fast -- --filter FullyQualifiedName~CompTTests 2>&1 "
            + "| tail -n 30", Limit);
        Assert.Matches(@"\n[1-9]\d* passed, 0 failed\n$", said);
    }

    [GeneratedRegex(@"http://[\d.]+:\d+/")]
    private static partial Regex Address();

    [GeneratedRegex(@"# exits (\d+)\s*$")]
    private static partial Regex Exits();
}
