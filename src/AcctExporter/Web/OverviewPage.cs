// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Metrics;

namespace AcctExporter.Web;

/// <summary>
/// The page at <c>/</c>: what this host does with its ended processes. The frame here never changes; what does is in
/// <c>main</c>, which the script fetches again.
/// </summary>
internal static class OverviewPage
{
    /// <summary>Where the documents are.</summary>
    public const string Project = "https://github.com/acct-exporter/acct-exporter/blob/main/";

    private const int RefreshSeconds = 10;

    /// <summary>The whole page as UTF-8.</summary>
    /// <param name="overview">What it says.</param>
    /// <param name="telemetryPath">Where the metrics are.</param>
    public static ReadOnlyMemory<byte> Render(HostOverview overview, string telemetryPath)
    {
        var html = new HtmlBuffer();
        WriteHead(html, overview);
        WriteHeader(html, overview, telemetryPath);
        html.Raw("<main class=\"wrap\">\n");
        WriteVerdict(html, overview);
        ActivitySections.WriteFigures(html, overview);
        ActivitySections.WriteRates(html, overview);
        ActivitySections.WriteTops(html, "recent", "The last five minutes",
            "By commands and users of what ended in them. CPU is counted when a process ends, for its whole life.",
            overview.Recent);
        ActivitySections.WriteTops(html, "ever", "Since counting began",
            "The same over all restarts of the agent, of the pairs of user and command that have series.",
            overview.Ever);
        ActivitySections.WriteDeaths(html, overview);
        WriteSources(html, overview);
        html.Raw("</main>\n");
        WriteFooter(html, overview);
        return html.Written;
    }

    private static void WriteHead(HtmlBuffer html, HostOverview overview)
    {
        html.Raw("<!DOCTYPE html>\n<html lang=\"en\" data-build=\"").Text(BuildOf(overview)).Raw("\">\n<head>\n")
            .Raw("<meta charset=\"utf-8\">\n<title>");
        if (overview.Host.Length > 0)
        {
            html.Text(overview.Host).Raw(" \u00b7 ");
        }

        html.Raw("acct-exporter</title>\n")
            .Raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
            .Raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
            .Raw(string.Create(CultureInfo.InvariantCulture,
                $"<noscript><meta http-equiv=\"refresh\" content=\"{RefreshSeconds}\"></noscript>\n"))
            .Raw($"<link rel=\"icon\" href=\"{PageStyle.Icon}\">\n<style>").Raw(PageStyle.Css)
            .Raw("</style>\n</head>\n<body>\n");
    }

    private static void WriteHeader(HtmlBuffer html, HostOverview overview, string telemetryPath)
    {
        html.Raw("<header><div class=\"wrap\"><h1>acct-exporter");
        if (overview.Host.Length > 0)
        {
            html.Raw(" <span>on <bdi>").Text(overview.Host).Raw("</bdi></span>");
        }

        // Relative, so that a proxy may serve the page below a path of its own.
        html.Raw("</h1>\n<span id=\"live\"></span><button id=\"pause\" type=\"button\" hidden>Pause</button>\n")
            .Raw("<nav aria-label=\"Links\"><a href=\".").Text(telemetryPath).Raw("\">Metrics</a>\n")
            .Raw("<a href=\"./-/healthy\">Health</a>\n<a href=\"./-/ready\">Readiness</a>\n");
        Document(html, "docs/page.md", "What this page says");
        Document(html, "docs/README.md", "Documents");
        html.Raw("</nav></div></header>\n");
    }

    private static void WriteVerdict(HtmlBuffer html, HostOverview overview)
    {
        if (!overview.Ready)
        {
            WriteBacklog(html, overview);
            return;
        }

        var counts = overview.Sources[0];
        var (kind, verdict) = counts.Health == SourceHealth.Bad ? ("bad", "Ended processes are not being recorded")
            : overview.Losses.Count > 0 ? ("lacking", "Ended processes are counted; some were lost")
            : ("good", "Every ended process is counted");
        html.Raw($"<div class=\"verdict {kind}\">\n<p>{verdict}</p>\n");
        if (counts.Health == SourceHealth.Bad)
        {
            html.Raw("<p>").Text(counts.Says).Raw(" ").Text(counts.Mend).Raw("</p>\n");
        }
        else if (overview.Exits == 0)
        {
            html.Raw("<p>Nothing has ended yet. Try it: run the line below in a shell on this host, and look here "
                + "again.</p>\n<pre>sh -c 'exit 3'; sleep 1 &amp; kill -9 $!</pre>\n");
        }
        else
        {
            html.Raw("<p>Each exit once, with its command, user, CPU time and how it ended.");
            WriteWhatLacks(html, overview);
            html.Raw("</p>\n");
        }

        html.Raw("</div>\n");
    }

    private static void WriteWhatLacks(HtmlBuffer html, HostOverview overview)
    {
        var lacking = overview.Sources
            .Where(source => source.Health is SourceHealth.Lacking or SourceHealth.Bad).Select(source => source.Name)
            .ToList();
        if (lacking.Count > 0)
        {
            html.Raw(" <b class=\"lacks\">Could be better: ").Text(string.Join(", ", lacking))
                .Raw("</b> (<a href=\"#sources\">what mends it</a>).");
        }
    }

    /// <summary>How far counting is with what gathered while the agent was away.</summary>
    private static void WriteBacklog(HtmlBuffer html, HostOverview overview)
    {
        const int recordBytes = 64;
        // What waits was measured when counting began.
        var all = Math.Max((ulong)(overview.BytesBehind / recordBytes), overview.CountedSinceStart);
        html.Raw("<div class=\"verdict busy\">\n<p>Counting what ended while the agent was away</p>\n<p>")
            .Number(overview.CountedSinceStart).Raw(" of about ").Number(all)
            .Raw(" exits so far. Until it is done the metrics say \u201cnot ready\u201d, so that no counter falls; "
                + "nothing is lost meanwhile.</p>\n")
            .Raw(string.Create(CultureInfo.InvariantCulture,
                $"<progress max=\"{Math.Max(all, 1)}\" value=\"{overview.CountedSinceStart}\" "))
            .Raw("aria-label=\"Backlog counted\"></progress>\n</div>\n");
    }

    private static void WriteSources(HtmlBuffer html, HostOverview overview)
    {
        html.Raw("""
            <section aria-labelledby="sources">
            <h2 id="sources">Sources</h2>
            <p class="note">Where the figures come from and where they go. The first one decides that an exit
            happened; all others add to it.</p>
            <table class="sources">
            <thead><tr><th scope="col">Source</th><th scope="col">State</th>
            <th scope="col">What it does</th></tr></thead>
            <tbody>

            """);
        foreach (var source in overview.Sources.OrderBy(source => source.Health == SourceHealth.Off))
        {
            var (kind, word) = source.Health switch
            {
                SourceHealth.Good => ("good", "works"),
                SourceHealth.Lacking => ("lacking", "lacking"),
                SourceHealth.Bad => ("bad", "down"),
                _ => ("off", "off"),
            };
            html.Raw($"<tr class=\"{kind}\"><th scope=\"row\">{source.Name}</th>")
                .Raw($"<td><span class=\"badge {kind}\">{word}</span></td><td>").Text(source.Says);
            if (source.Mend.Length > 0)
            {
                html.Raw("<span class=\"mend\">").Text(source.Mend);
                if (source.Document.Length > 0)
                {
                    html.Raw(" ");
                    Document(html, source.Document, "More");
                }

                html.Raw("</span>");
            }

            html.Raw("</td></tr>\n");
        }

        html.Raw("</tbody></table>\n</section>\n");
    }

    private static void WriteFooter(HtmlBuffer html, HostOverview overview)
    {
        html.Raw("<footer><div class=\"wrap\"><span>").Text(BuildOf(overview)).Raw("</span>\n<span>");
        Document(html, "docs/troubleshooting.md", "Troubleshooting");
        Document(html, "docs/limits.md", "What cannot be seen");
        html.Raw("</span>\n<noscript><span>Loaded anew every ")
            .Raw(RefreshSeconds.ToString(CultureInfo.InvariantCulture)).Raw(" seconds.</span></noscript>")
            .Raw("</div></footer>\n<script>").Raw(PageStyle.Script).Raw("</script>\n</body>\n</html>\n");
    }

    private static string BuildOf(HostOverview overview) => $"{overview.Build.Version} ({overview.Build.Revision})";

    private static void Document(HtmlBuffer html, string path, string text) =>
        html.Raw("<a href=\"").Raw(Project).Raw(path).Raw("\">").Raw(text).Raw("</a>\n");
}
