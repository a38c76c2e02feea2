// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Grafana.Picture;

/// <summary>
/// A picture of a dashboard without a Grafana: its queries are asked of a Prometheus, the answers go into a page with
/// the dashboard's own JSON, and <c>panels.js</c> draws them there in a browser.
/// </summary>
internal sealed partial class DashboardPicture
{
    private const int Columns = 75;
    private const int PixelsWide = 1200;

    private readonly Dashboard dashboard;
    private readonly PrometheusServer prometheus;
    private readonly TimeSpan range;
    private readonly TimeSpan rateInterval;

    /// <summary>The last so much time.</summary>
    /// <param name="dashboard">What to draw.</param>
    /// <param name="prometheus">Whom to ask.</param>
    /// <param name="range">The time shown.</param>
    /// <param name="scrape">How often it scrapes: a rate looks at four scrapes, as Grafana has it.</param>
    public DashboardPicture(Dashboard dashboard, PrometheusServer prometheus, TimeSpan range, TimeSpan scrape)
    {
        this.dashboard = dashboard;
        this.prometheus = prometheus;
        this.range = range;
        rateInterval = TimeSpan.FromSeconds(Math.Max(4 * scrape.TotalSeconds, StepSeconds + scrape.TotalSeconds));
    }

    private int StepSeconds => Math.Max(1, (int)range.TotalSeconds / Columns);

    /// <summary>The page, whole: nothing is loaded.</summary>
    /// <param name="panels">Those that are to be drawn; rows without any are left out.</param>
    public string Page(Func<JsonObject, bool> panels)
    {
        var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1;
        var shown = dashboard.Panels.Where(panel => panel.Text("type") == "row" || panels(panel)).ToList();
        var data = new JsonObject
        {
            ["title"] = dashboard.Root.Text("title"), ["from"] = end - (long)range.TotalSeconds, ["to"] = end,
            ["step"] = StepSeconds,
            ["panels"] = new JsonArray([.. shown.Select(panel => Answered(panel, end))]),
        };
        var template = File.ReadAllText(Path.Combine(PictureHosts.Folder, "page.html"));
        var script = File.ReadAllText(Path.Combine(PictureHosts.Folder, "panels.js"));
        // In a script nothing may look like its end.
        return template.Replace("/*DATA*/", data.ToJsonString().Replace("<", "\\u003c"), StringComparison.Ordinal)
            .Replace("/*SCRIPT*/", script, StringComparison.Ordinal);
    }

    /// <summary>Draws a page: how many marks each panel has (lines, bars, cells, figures), and the PNG.</summary>
    public static (Dictionary<string, int> Marks, byte[] Png) Draw(string page)
    {
        using var folder = new TemporaryDirectory();
        var file = folder.File("page.html", page);
        var drawn = Browse(folder, file, "--dump-dom");
        var marks = Panel().Matches(drawn).ToDictionary(
            panel => panel.Groups[1].Value,
            panel => int.Parse(panel.Groups[2].Value, CultureInfo.InvariantCulture));
        var height = Height().Match(drawn);
        Assert.True(height.Success, $"the page has not been drawn: {drawn[..Math.Min(drawn.Length, 2000)]}");
        Browse(folder, file, $"--window-size={PixelsWide},{height.Groups[1].Value}", "--hide-scrollbars",
            $"--screenshot={folder.Of("page.png")}");
        return (marks, File.ReadAllBytes(folder.Of("page.png")));
    }

    private static string Browse(TemporaryDirectory folder, string file, params string[] flags)
    {
        using var browser = Process.Start(new ProcessStartInfo(Tools.Chromium,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", $"--user-data-dir={folder.Of("profile")}",
            $"--window-size={PixelsWide},1000", .. flags, $"file://{file}",
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = browser.StandardError.ReadToEndAsync();
        var said = browser.StandardOutput.ReadToEnd();
        browser.WaitForExit();
        Assert.True(browser.ExitCode == 0, errors.Result);
        return said;
    }

    /// <summary>A panel as the dashboard has it, and with each of its queries the answer.</summary>
    private JsonObject Answered(JsonObject panel, long end)
    {
        var copy = panel.DeepClone().AsObject();
        foreach (var target in copy["targets"].Objects())
        {
            var query = Uri.EscapeDataString(dashboard.Filled(target.Text("expr"), new Dictionary<string, string>
            {
                ["__rate_interval"] = Seconds(rateInterval), ["__range"] = Seconds(range),
            }));
            var start = end - (long)range.TotalSeconds;
            using var answer = prometheus.Query(target.Says("instant")
                ? $"api/v1/query?query={query}&time={end}"
                : $"api/v1/query_range?query={query}&start={start}&end={end}&step={StepSeconds}");
            target["result"] = JsonNode.Parse(
                answer.RootElement.GetProperty("data").GetProperty("result").GetRawText());
        }

        return copy;
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds}s");

    [GeneratedRegex("""<section data-panel="([^"]+)" data-marks="(\d+)" """)]
    private static partial Regex Panel();

    [GeneratedRegex("""<body data-height="(\d+)">""")]
    private static partial Regex Height();
}
