// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>The page at <c>/</c> of a real agent, about real processes.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed partial class PageTests : IDisposable
{
    /// <summary>Tells the pid of one that dies with a core, then of one that is killed.</summary>
    private const string Deaths =
        """
        cd "$0" && ulimit -c unlimited
        setpriv --reuid=65534 --regid=65533 --clear-groups sh -c 'echo $$; kill -s SEGV $$'
        sh -c 'echo $$; kill -s KILL $$'
        sh -c 'kill -s TERM $$'; true
        """;

    private static readonly HttpClient Client = new();

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Page_HasTheCore_TheKill_AndTheHostileName()
    {
        var cores = Directory.CreateDirectory(lab.Of("cores")).FullName;
        File.SetUnixFileMode(lab.State, (UnixFileMode)0x1ed); // 0755
        File.SetUnixFileMode(cores, (UnixFileMode)0x1ff); // 0777
        var agent = lab.Serve();
        Assert.Contains("Nothing has ended yet", Page(agent), StringComparison.Ordinal);
        var pids = lab.Inside.Run("sh", "-c", Deaths, cores).Split('\n');
        File.WriteAllText(lab.Of("list"), $"0 0 9 {Convert.ToHexString("<script>x(\u202e)"u8)}\n");
        lab.Inside.Run(Tools.Named, "list", lab.Of("list"));
        // setpriv became the shell; two more and the one that started them; the nine and who started those.
        agent.HasCounted(1 + 3 + 9 + 1);

        var page = Page(agent);
        var text = Blanks().Replace(WebUtility.HtmlDecode(Markup().Replace(page, " ")), " ");
        var core = Directory.GetFiles(cores).Length == 1 || PipesCores() ? "core " : "";
        Assert.Contains($"sh root {pids[1]} SIGKILL 137", text, StringComparison.Ordinal);
        Assert.Contains($"sh nobody {pids[0]} SIGSEGV {core}139", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SIGTERM 143", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split(@"Command Exits <script>x(\xe2\x80\xae) 9 sh 4 ").Length - 1);
        Assert.DoesNotContain("<script>x(", page, StringComparison.Ordinal);
        Assert.Contains("Every ended process is counted", text, StringComparison.Ordinal);

        // What is shown of the last minutes and deaths is in memory: a new agent says that it has seen none.
        Assert.Equal(0, agent.Stop());
        text = Page(lab.Serve());
        Assert.Contains("None since the agent was started.", text, StringComparison.Ordinal);
        Assert.Contains("SIGKILL", text, StringComparison.Ordinal);
    }

    private static string Page(AgentProcess agent) => Client.GetStringAsync(new Uri(agent.Address)).Result;

    private static bool PipesCores() => File.ReadAllText("/proc/sys/kernel/core_pattern").StartsWith('|');

    [GeneratedRegex("<style>.*?</style>|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
