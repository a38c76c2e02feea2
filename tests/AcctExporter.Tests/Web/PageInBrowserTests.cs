// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Web;

/// <summary>The page at <c>/</c> in a real Chromium, with names that would like to be more than text.</summary>
[Trait("Lane", "peers")]
public sealed class PageInBrowserTests : IAsyncLifetime
{
    private const uint Core = 11 | 0x80;

    private static readonly string[] Hostile =
    [
        "<script>x()", "<img/src=x ", "\"onload=\"x()", "'onerror='x()", "</title><p>", "</main></b>", "</script>",
        "</style>", "<!--", "&lt;b&gt;", "\u202egpj.exe", "a\u200bb", "\u0301\u0301\u0301\u0301", "\u3164\u3164",
        "WWWWWWWWWWWWWWW", "\ufdfd\ufdfd\ufdfd\ufdfd\ufdfd", "               ", "javascript:x()", "${x()}", "{{x()}}",
    ];

    private RunningAgent agent = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        agent = await OverviewPageTests.StartAsync();
        browser = await Browser.StartAsync();
    }

    public async Task DisposeAsync()
    {
        browser.Dispose();
        await agent.DisposeAsync();
    }

    /// <summary>Nothing of a name runs, hides or becomes an element; nothing is wider than a phone.</summary>
    [Fact]
    public async Task HostileNames_AreText_OnEveryScreen()
    {
        CountHostile();
        foreach (var (width, script) in new[] { (1280, true), (360, true), (360, false) })
        {
            await browser.AllowScriptAsync(script);
            await browser.ResizeAsync(width, 800);
            await OpenAsync();
            var text = await browser.TextAsync("document.querySelector('main').innerText");
            Assert.All(Hostile.Where(IsPlain), name =>
                Assert.Contains(name[..Math.Min(name.Length, 15)], text, StringComparison.Ordinal));
            Assert.DoesNotContain(text, letter => letter is '\u202e' or '\u200b' or '\u3164');
            // The same elements as of a page without them, each in its place.
            Assert.Equal("0", await browser.TextAsync(
                "document.querySelectorAll('main img, main script, main :not(svg)>title, main style, main [onload], "
                + "main [onerror], main a:not([href^=\"https://github.com/\"],[href=\"#sources\"])').length"));
            Assert.Equal("1 1 1", await browser.TextAsync("['main','head>title','body>script'].map("
                + "tag=>document.querySelectorAll(tag).length).join(' ')"));
            Assert.Equal("web-1 \u00b7 acct-exporter", await browser.TextAsync("document.title"));
            Assert.InRange(int.Parse(await browser.TextAsync("document.documentElement.scrollWidth")), 1, width);
            // Each name stays in its own box.
            Assert.Equal("", await browser.TextAsync("[...document.querySelectorAll('bdi.name')].filter(name=>"
                + "name.getBoundingClientRect().right>name.parentElement.getBoundingClientRect().right+1)"
                + ".map(name=>name.textContent).join()"));
        }

        Assert.Equal("", string.Join('\n', browser.Complaints));
    }

    /// <summary>What ended is there without a reload; marked text, the place and a pause are respected.</summary>
    [Fact]
    public async Task Page_IsLive_ByItself()
    {
        agent.Source.Count(OverviewPageTests.Exit("first"));
        await browser.ResizeAsync(1000, 300);
        await OpenAsync();
        await browser.EvaluateAsync("window.mine=1;scrollTo(0,400)");
        agent.Source.Count(OverviewPageTests.Exit("second"));
        await Browser.UntilAsync(() => ShowsAsync("second"), "the page shows what ended");
        Assert.Equal("1 400 live", await browser.TextAsync(
            "[window.mine,scrollY,document.getElementById('live').textContent].join(' ')"));

        // Two turns go by while text is marked: nothing changes under it.
        await browser.EvaluateAsync("getSelection().selectAllChildren(document.querySelector('h2'))");
        agent.Source.Count(OverviewPageTests.Exit("third"));
        await browser.EvaluateAsync("new Promise(done=>setTimeout(done,11000))");
        Assert.False(await ShowsAsync("third"));
        await browser.EvaluateAsync("getSelection().removeAllRanges()");
        await Browser.UntilAsync(() => ShowsAsync("third"), "the page goes on");

        await browser.EvaluateAsync("document.getElementById('pause').click()");
        Assert.Equal("paused Resume", await browser.TextAsync(
            "['live','pause'].map(id=>document.getElementById(id).textContent).join(' ')"));
        Assert.Equal("", string.Join('\n', browser.Complaints));
    }

    /// <summary>Without script the page is whole, and loads itself anew.</summary>
    [Fact]
    public async Task Page_IsLive_WithoutScript()
    {
        await browser.AllowScriptAsync(false);
        agent.Source.Count(OverviewPageTests.Exit("first", Core));
        await OpenAsync();
        Assert.True(await ShowsAsync("first"));
        Assert.Equal("none", await browser.TextAsync(
            "getComputedStyle(document.getElementById('pause')).display"));
        agent.Source.Count(OverviewPageTests.Exit("second"));
        await Browser.UntilAsync(() => ShowsAsync("second"), "the page is loaded anew");
        Assert.Equal("", string.Join('\n', browser.Complaints));
    }

    /// <summary>In the light and in the dark; letters keep 4.5:1 to what is behind them (WCAG AA).</summary>
    [Fact]
    public async Task Colours_AreForLightAndDark_AndCanBeRead()
    {
        CountHostile();
        agent.Source.Status = agent.Source.Status with { TaskStatsWanted = true, AccountingActive = false };
        agent.Source.Snapshot = Metrics.LoginSamples.Small;
        var backgrounds = new HashSet<string>();
        foreach (var scheme in new[] { "light", "dark" })
        {
            await browser.PreferAsync(scheme);
            await OpenAsync();
            backgrounds.Add(await browser.TextAsync("getComputedStyle(document.body).backgroundColor"));
            Assert.Equal("", await browser.TextAsync(WeakContrasts));
            Assert.NotEmpty(await browser.PictureAsync());
        }

        Assert.Equal(2, backgrounds.Count);
        Assert.Equal("", string.Join('\n', browser.Complaints));
    }

    /// <summary>Every element with text of its own whose colour is too near to the one behind it.</summary>
    private const string WeakContrasts =
        """
        (()=>{
        const rgb=text=>text.match(/[\d.]+/g).map(Number);
        const light=([r,g,b])=>[r,g,b].map(v=>(v/=255)<=.04045?v/12.92:((v+.055)/1.055)**2.4)
          .reduce((sum,v,i)=>sum+v*[.2126,.7152,.0722][i],0);
        const behind=e=>{for(;e;e=e.parentElement){const c=rgb(getComputedStyle(e).backgroundColor);
          if(c.length<4||c[3]===1)return c}return[255,255,255]};
        return [...document.querySelectorAll('body *')].filter(e=>e.offsetParent&&[...e.childNodes]
          .some(n=>n.nodeType===3&&n.textContent.trim()))
          .map(e=>{const a=light(rgb(getComputedStyle(e).color)),b=light(behind(e));
            return [(Math.max(a,b)+.05)/(Math.min(a,b)+.05),e.tagName+' '+e.textContent.slice(0,30)]})
          .filter(([ratio])=>ratio<4.5).map(([ratio,what])=>ratio.toFixed(2)+' '+what).join('; ')})()
        """;

    private static bool IsPlain(string name) => name.All(letter => letter is > ' ' and <= '~');

    private void CountHostile() => agent.Source.Count(
        [.. Hostile.Select((name, index) => OverviewPageTests.Exit(name, Core, pid: (uint)index))]);

    private Task OpenAsync() => browser.OpenAsync(agent.Client.BaseAddress!);

    private async Task<bool> ShowsAsync(string command) => (await browser.TextAsync(
        "[...document.querySelectorAll('main .name')].map(name=>name.textContent).join(' ')"))
        .Split(' ').Contains(command);
}
