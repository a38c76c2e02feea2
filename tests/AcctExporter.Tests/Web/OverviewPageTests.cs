// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Metrics;
using AcctExporter.Records;
using AcctExporter.Tests.Metrics;
using AcctExporter.Web;

namespace AcctExporter.Tests.Web;

/// <summary>The page at <c>/</c>.</summary>
public sealed partial class OverviewPageTests
{
    private const uint Core = 11 | 0x80;
    private const uint Killed = 9;

    private static uint Now => (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    [Fact]
    public async Task Page_SaysWhatEnded_WhoseItWas_AndHow()
    {
        await using var agent = await StartAsync();
        agent.Source.Count(
            Exit("make", user: 2_500_000), Exit("make", user: 1_000_000, uid: 7), Exit("cc", 1 << 8, user: 9_000_000),
            Exit("cc", Core, pid: 4711, uid: 7), Exit("worker", Killed, pid: 4712), Exit("ls", 15));
        var html = await PageAsync(agent);
        var text = TextOf(html);
        Assert.Contains("Every ended process is counted", text, StringComparison.Ordinal);
        Assert.Contains("Exits counted 6", text, StringComparison.Ordinal);
        Assert.Contains("Failed 1 17% ended with a code other than 0", text, StringComparison.Ordinal);
        Assert.Contains("Killed 3 50% ended by a signal", text, StringComparison.Ordinal);
        Assert.Contains("Lost 0 no record is missing", text, StringComparison.Ordinal);
        Assert.Contains("Pairs 6 of user and command, of at most 300", text, StringComparison.Ordinal);
        // By CPU time, and by count: in the last minutes, and ever.
        Assert.Equal(2, Count(text, "Commands by CPU time Command CPU cc 9.00 s make 3.50 s"));
        Assert.Equal(2, Count(text, "Commands by exits Command Exits cc 2 make 2 ls 1 worker 1"));
        Assert.Equal(2, Count(text, "Users by CPU time User CPU root 11.5 s user7 1.00 s"));
        Assert.Equal(2, Count(text, "Users by exits User Exits root 4 user7 2"));
        Assert.Contains("Signal Deaths Cores SIGKILL 1 0 SIGSEGV 1 1 SIGTERM 1 0", text, StringComparison.Ordinal);
        Assert.Matches("worker root 4712 SIGKILL 137 (just now|[0-9]+ s ago) cc user7 4711 SIGSEGV core 139", text);
        Assert.DoesNotContain("SIGTERM 143", text, StringComparison.Ordinal);
        Assert.Contains("<title>web-1 \u00b7 acct-exporter</title>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_SaysWhatToTry_WhenNothingEndedYet()
    {
        await using var agent = await StartAsync();
        var text = TextOf(await PageAsync(agent));
        Assert.Contains("Nothing has ended yet. Try it:", text, StringComparison.Ordinal);
        Assert.Contains("sh -c 'exit 3'; sleep 1 & kill -9 $!", text, StringComparison.Ordinal);
        Assert.Contains("No process was ended by a signal.", text, StringComparison.Ordinal);
        Assert.Contains("None since the agent was started.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_SaysHowFarTheBacklogIsCounted()
    {
        await using var agent = await StartAsync();
        agent.Source.Status = agent.Source.Status with { Ready = false, BytesBehind = 64 * 1000 };
        agent.Source.Count([.. Enumerable.Repeat(Exit("a"), 250)]);
        var html = await PageAsync(agent);
        Assert.Contains("Counting what ended while the agent was away 250 of about 1,000 exits so far.", TextOf(html),
            StringComparison.Ordinal);
        Assert.Contains("<progress max=\"1000\" value=\"250\"", html, StringComparison.Ordinal);
    }

    /// <summary>Each state with what mends it.</summary>
    [Fact]
    public async Task Page_SaysWhatIsWrong_AndWhatMendsIt()
    {
        await using var agent = await StartAsync();
        agent.Source.Count(Exit("a"));
        var good = agent.Source.Status with
        {
            Path = "/run/x", FreeRatio = 0.5, SuspendRatio = 0.02, ResumeRatio = 0.04,
        };
        async Task Says(CaptureStatus status, params string[] words)
        {
            agent.Source.Status = status;
            var text = TextOf(await PageAsync(agent));
            Assert.All(words, word => Assert.Contains(word, text, StringComparison.Ordinal));
        }

        await Says(good, "Process accounting works", "Taskstats off Not wanted", "--taskstats.mode=auto");
        await Says(good with { AccountingActive = false }, "Ended processes are not being recorded",
            "Process accounting down", "accounting is off, or somebody took it.", "acct-exporter doctor");
        await Says(good with { AccountingActive = false, FreeRatio = 0.013 }, "Suspended by the kernel: 1.3", "is free",
            "Make room where /run/x is", "Free space 1.3%");
        await Says(good with { Source = "file", SourceUp = false, AccountingActive = false },
            "Accounting file down /run/x is missing or cannot be read.");
        await Says(good with { Source = "file", AccountingActive = false }, "Switch accounting on: accton /run/x");
        await Says(good with { TaskStatsWanted = true }, "Every ended process is counted",
            "Could be better: Taskstats ( what mends it )", "Taskstats lacking Missing", "CAP_NET_ADMIN");
        await Says(good with { TaskStatsWanted = true, TaskStatsUp = true }, "Taskstats works Joined",
            "--taskstats.enable-delays");
        await Says(good with { TaskStatsWanted = true, TaskStatsUp = true, TaskStatsDrops = 3 },
            "Taskstats lacking", "dropped messages 3 times", "--taskstats.buffer-size");
        await Says(good with { JournalFailures = 2 }, "Journal lacking 2 writes failed", "--storage.path");
        await Says(good with { Scopes = new ProcessScopesStatus(false, 0, 0, 0) }, "Process connector lacking");
        await Says(good with { EventsWritten = 5, EventsDropped = 2 }, "5 written; 2 never arrived.");
        agent.Source.Snapshot = LoginSamples.Small;
        await Says(good, "Logins lacking Cannot be read: btmp.");
        agent.Source.Suite = SuiteSamples.Small;
        await Says(good, "Accounting suite");
    }

    [Fact]
    public async Task Page_SaysWhatWasLost()
    {
        await using var agent = await StartAsync();
        var decisions = new System.Buffers.ArrayBufferWriter<byte>();
        Decisions.WriteTally(decisions, Tallies.Lost(LossReason.Reboot), 12);
        Decisions.WriteTally(decisions, Tallies.Gap(LossReason.Taken), 1);
        agent.Source.Ledger.Apply(decisions.WrittenSpan);
        agent.Source.Count(Exit("a"));
        var text = TextOf(await PageAsync(agent));
        Assert.Contains("Ended processes are counted; some were lost", text, StringComparison.Ordinal);
        Assert.Contains("Lost 12 records known to be lost; 1 times an unknown number: a reboot took the file; somebody "
            + "switched accounting off", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_AreText_WhereverTheyStand()
    {
        string[] names =
            ["<script>alert(1)", "</title><b>", "\"onload=\"x", "'><svg/onload=", "--><!--", "</style></main>"];
        await using var agent = await StartAsync();
        agent.Source.Status = agent.Source.Status with { Path = "/srv/<img src=x>\u202e" };
        agent.Source.Count([.. names.Select(name => Exit(name, Core))]);
        var html = await PageAsync(agent);
        var text = TextOf(html);
        // A name holds 15 bytes.
        Assert.All(names, name => Assert.Contains(name[..Math.Min(15, name.Length)], text, StringComparison.Ordinal));
        Assert.Contains("/srv/<img src=x>\\u{202e}", text, StringComparison.Ordinal);
        // What is markup is the same as without them.
        Assert.Equal(["html", "head", "meta", "title", "meta", "meta", "noscript", "meta", "link", "style", "body"],
            Tags(html).Take(11));
        Assert.Single(Tags(html), tag => tag == "script");
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<[^>]*onload", html);
    }

    [Fact]
    public async Task Policy_LetsInOurStyleAndScript_AndNothingElse()
    {
        await using var agent = await StartAsync();
        using var response = await agent.GetAsync("/");
        var html = await response.Content.ReadAsStringAsync();
        Assert.Equal($"default-src 'none'; style-src {HashOf(Inside(html, "style"))}; script-src "
            + $"{HashOf(Inside(html, "script"))}; connect-src 'self'; img-src data:; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'",
            WebEndpointsTests.Header(response, "Content-Security-Policy"));
        Assert.Equal("nosniff", WebEndpointsTests.Header(response, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", WebEndpointsTests.Header(response, "Referrer-Policy"));
        Assert.Equal("no-store", WebEndpointsTests.Header(response, "Cache-Control"));
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        // Links lead out of the page; nothing is fetched from elsewhere, and no style or script stands in an attribute.
        Assert.All(Addresses().Matches(html), match => Assert.True(
            match.Value.StartsWith($"href=\"{OverviewPage.Project}", StringComparison.Ordinal)
            || match.Value.StartsWith("href=\"./", StringComparison.Ordinal)
            || match.Value == "href=\"#sources\""
            || match.Value.StartsWith("href=\"data:image/svg+xml,", StringComparison.Ordinal), match.Value));
        Assert.DoesNotMatch(" (style|on[a-z]+|src)=", html);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_IsForEverybody()
    {
        await using var agent = await StartAsync();
        agent.Source.Count(Exit("a", Core), Exit("b"));
        var html = await PageAsync(agent);
        Assert.Contains("<html lang=\"en\"", html, StringComparison.Ordinal);
        Assert.Single(Tags(html), tag => tag == "h1");
        Assert.Contains("<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>", html,
            StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<th(?! scope=\"(row|col)\")[ >]", html);
        Assert.Contains("role=\"img\" aria-labelledby=\"spark-title\"", html, StringComparison.Ordinal);
        var ids = Ids().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(LabelledBy().Matches(html), match => Assert.Contains(match.Groups[1].Value, ids));
    }

    /// <summary>More than so many at a time are sent away at once, and scrapes go on.</summary>
    [Fact]
    public async Task ManyPages_AtATime_AreAllAnswered()
    {
        await using var agent = await StartAsync();
        agent.Source.Count([.. Enumerable.Range(0, 200).Select(i => Exit($"c{i}"))]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => agent.GetAsync("/")));
        Assert.All(answers, answer => Assert.Contains(
            answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.OK),
            answer => Assert.Equal("1", WebEndpointsTests.Header(answer, "Retry-After")));
        using var scraped = await agent.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, scraped.StatusCode);
        Assert.All(answers, answer => answer.Dispose());
    }

    internal static Task<RunningAgent> StartAsync() =>
        RunningAgent.StartAsync(source: new FakeSource { Observer = new RecentExits(TimeProvider.System) });

    internal static ProcessExit Exit(string command, uint code = 0, ulong user = 0, uint pid = 1, uint uid = 0) =>
        FakeSource.Exit(command, uid, code, user) with { Pid = pid, BeginUnixSeconds = Now };

    private static async Task<string> PageAsync(RunningAgent agent)
    {
        using var response = await agent.GetAsync("/");
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>What a reader sees of the body: without tags, blanks taken together.</summary>
    private static string TextOf(string html) => Blanks().Replace(WebUtility.HtmlDecode(
        Markup().Replace(html[html.IndexOf("<body>", StringComparison.Ordinal)..], " ")), " ");

    private static IEnumerable<string> Tags(string html) =>
        Tag().Matches(html).Select(match => match.Groups[1].Value);

    private static string Inside(string html, string tag) =>
        html.Split($"<{tag}>")[1].Split($"</{tag}>")[0];

    private static string HashOf(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex("<(?:script|style)>.*?</(?:script|style)>|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("<([a-z][a-z0-9]*)")]
    private static partial Regex Tag();

    [GeneratedRegex("(?:href|src|action|data|poster)=\"[^\"]*\"")]
    private static partial Regex Addresses();

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("aria-labelledby=\"([^\"]*)\"")]
    private static partial Regex LabelledBy();
}
