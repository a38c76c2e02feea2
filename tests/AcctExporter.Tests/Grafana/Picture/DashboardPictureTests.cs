// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Grafana.Picture;

/// <summary>
/// The picture of README.md, drawn from real agents and a real Prometheus. With ACCT_UPDATE_GOLDEN=1 the hosts work for
/// 13 minutes, and the picture goes into <c>docs/images</c>.
/// </summary>
[Trait("Lane", "peers")]
[Collection(KernelCollection.Name)]
public sealed class DashboardPictureTests
{
    private const string Picture = "docs/images/overview.png";
    private const int BytesMax = 300 * 1024;

    /// <summary>Rows of the dashboard that are in the picture: the others need taskstats.</summary>
    private static readonly string[] Rows =
        ["", "What ended, and how", "Who and what, in the time shown", "The shape of a process"];

    /// <summary>What needs taskstats in the rows that are.</summary>
    private static readonly string[] NeedTaskstats = ["Memory of a process", "Bytes of a process"];

    private static bool IsToBeKept => Environment.GetEnvironmentVariable("ACCT_UPDATE_GOLDEN") == "1";

    [Fact]
    public void EachPanel_IsDrawn_OfHostsAtWork()
    {
        var scrape = TimeSpan.FromSeconds(IsToBeKept ? 2 : 1);
        var range = IsToBeKept ? TimeSpan.FromMinutes(13) : TimeSpan.FromSeconds(25);
        var dashboard = Dashboard.All.Single(one => one.Uid == "acct-overview");
        var panels = Shown(dashboard);
        Assert.True(panels.Count >= 16, $"{panels.Count}");

        using var hosts = new PictureHosts();
        hosts.Start($"{scrape.TotalSeconds}s");
        // A compiler's failure, a crash and a kill are rare enough to be waited for.
        var prometheus = hosts.Prometheus;
        prometheus.Until(() => prometheus.Value("sum(acct_core_dumps_total)") > 0, "a core dump");
        prometheus.Until(() => prometheus.Value("sum(acct_failures_total)") > 0, "a failure");
        Thread.Sleep(range);

        var picture = new DashboardPicture(dashboard, prometheus, range, scrape);
        var (marks, png) = DashboardPicture.Draw(picture.Page(panels.Contains));
        Repository.None(panels.Select(panel => panel.Text("title"))
            .Where(title => marks.GetValueOrDefault(title) == 0).Select(title => $"{title}: nothing is drawn"));
        Assert.True(png.Length is > 20_000 and < BytesMax, $"{png.Length} bytes");
        if (IsToBeKept)
        {
            Directory.CreateDirectory(Path.Combine(Repository.Root, "docs/images"));
            File.WriteAllBytes(Path.Combine(Repository.Root, Picture), png);
        }
    }

    /// <summary>A panel without an answer is seen as such.</summary>
    [Fact]
    public void APanelWithoutAnAnswer_HasNoMarks()
    {
        var dashboard = Dashboard.All.Single(one => one.Uid == "acct-overview");
        using var prometheus = new PrometheusServer("127.0.0.1:1");
        prometheus.Until(prometheus.Answers, "ready");
        var picture = new DashboardPicture(dashboard, prometheus, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        var panels = Shown(dashboard);
        var (marks, _) = DashboardPicture.Draw(picture.Page(panels.Contains));
        Assert.Equal(panels.Select(panel => panel.Text("title")).Order(), marks.Keys.Order());
        Assert.All(marks.Values, count => Assert.Equal(0, count));
    }

    [Fact]
    public void ThePicture_IsThere_AndSmall()
    {
        var file = new FileInfo(Path.Combine(Repository.Root, Picture));
        Assert.True(file.Exists && file.Length < BytesMax, $"{Picture}: run this class with ACCT_UPDATE_GOLDEN=1");
    }

    private static List<JsonObject> Shown(Dashboard dashboard)
    {
        var row = "";
        var shown = new List<JsonObject>();
        foreach (var panel in dashboard.Panels)
        {
            row = panel.Text("type") == "row" ? panel.Text("title") : row;
            if (panel.Text("type") is not ("row" or "text") && Rows.Contains(row)
                && !NeedTaskstats.Contains(panel.Text("title")))
            {
                shown.Add(panel);
            }
        }

        return shown;
    }
}
