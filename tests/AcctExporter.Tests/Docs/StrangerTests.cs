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
        var commands = Block("## Two commands").Select(line => line.Split('#')[0].Trim()).ToArray();
        Assert.Equal(2, commands.Length);
        using var debian = new CleanDebian();
        TakeTheSdk(debian);
        TakeAClone(debian);

        using (var agent = debian.Start("sh", "-c", $"cd {Clone} && exec {commands[0]} 2> /root/said"))
        {
            var page = Page(debian, agent);
            Assert.Contains("<html", debian.Shell($"curl -fs {page}"), StringComparison.OrdinalIgnoreCase);
            debian.Shell($"until curl -fs -o /dev/null {page}-/ready; do sleep 0.1; done");
            HasTrueNumbers(debian, page);
            DoesWhatYouSee(debian);
            Assert.Equal(0, CleanDebian.Stop(agent, "INT"));
        }

        NothingIsLeft(debian);
        RunsTests(debian, commands[1]);
    }

    /// <summary>Lines of the first <c>sh</c> block below a heading of README.md.</summary>
    private static List<string> Block(string heading)
    {
        var readme = MarkdownFile.All.Single(file => file.Path == "README.md");
        var line = readme.Prose.Single(one => one.Text == heading).Number;
        var block = readme.Blocks.First(one => one.Kind == "sh" && one.Line > line);
        return [.. block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>The SDK of this machine, what it needs of Debian, and the packages that were restored here.</summary>
    private static void TakeTheSdk(CleanDebian debian)
    {
        debian.Install(
            "git", "curl", "libstdc++6", "zlib1g", "libssl3", "procps",
            "$(apt-cache search --names-only '^libicu[0-9]+$' | cut -d' ' -f1)");
        var sdk = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet";
        Copy(debian, sdk, "/usr/share/dotnet");
        var nuget = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget");
        if (Directory.Exists(nuget))
        {
            Copy(debian, nuget, "/root/.nuget");
        }
    }

    private static void TakeAClone(CleanDebian debian)
    {
        // git follows links by their text, and a path of the namespace is one: so by way of a folder of ours.
        using var folder = new TemporaryDirectory();
        var start = new ProcessStartInfo("git", ["clone", "-q", "--bare", Repository.Root, folder.Of("acct.git")])
        {
            RedirectStandardError = true,
            Environment =
            {
                ["GIT_CONFIG_COUNT"] = "1", ["GIT_CONFIG_KEY_0"] = "safe.directory", ["GIT_CONFIG_VALUE_0"] = "*",
            },
        };
        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, errors);
        Copy(debian, folder.Path, "/srv");
        debian.Shell($"git clone -q /srv/acct.git {Clone}");
        // Of what is not committed yet the README is tried, too: it is what commands are read from here.
        debian.Take(Path.Combine(Repository.Root, "README.md"), $"{Clone}/README.md");
    }

    private static void Copy(CleanDebian debian, string folder, string to)
    {
        Directory.CreateDirectory(debian.PathOf(to));
        using var copy = Process.Start("cp", ["-a", $"{Path.GetFullPath(folder)}/.", debian.PathOf(to)]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
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
            """
            for i in 1 2 3 4 5 6 7 8 9 10 11 12; do /bin/true; done
            for i in 1 2 3; do /bin/false || :; done
            for i in 1 2 3 4 5; do /bin/sleep 100 & kill -KILL $!; wait $! || :; done
            """);
        var scraped = Scraped.Parse(debian.Shell($"sleep 0.2; curl -fs {page}metrics"));
        Assert.Equal(12, scraped["acct_process_exits_total{user=\"root\",command=\"true\"}"]);
        Assert.Equal(3, scraped["acct_process_failures_total{user=\"root\",command=\"false\"}"]);
        // One may be killed before it is a sleep.
        Assert.Equal(5, scraped.Sum("acct_process_signals_total", ("user", "root"), ("signal", "SIGKILL")));
    }

    /// <summary>The block, but for the line that starts an agent: one runs.</summary>
    private static void DoesWhatYouSee(CleanDebian debian)
    {
        var lines = Block("## What you see");
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
        Assert.Equal("", debian.Shell($"cd {Clone} && git status --porcelain --untracked-files=all"
            + " | grep -v ' README.md$' || :"));
    }

    /// <summary>The second command is what CI runs; here it builds and runs one class, without root's tools.</summary>
    private static void RunsTests(CleanDebian debian, string command)
    {
        var said = debian.Shell(
            $"cd {Clone} && {command} fast -- --filter FullyQualifiedName~CompTTests 2>&1 | tail -n 30", Limit);
        Assert.Matches(@"\n[1-9]\d* passed, 0 failed\n$", said);
    }

    [GeneratedRegex(@"http://[\d.]+:\d+/")]
    private static partial Regex Address();

    [GeneratedRegex(@"# exits (\d+)\s*$")]
    private static partial Regex Exits();
}
