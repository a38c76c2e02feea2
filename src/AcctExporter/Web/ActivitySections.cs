// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Metrics;

namespace AcctExporter.Web;

/// <summary>The parts of the page that say what ended: figures, rates, who cost most, deaths.</summary>
internal static class ActivitySections
{
    private const int MicrosecondsPerSecond = 1_000_000;
    private const int StepsOfTenSeconds = 10 / RecentRates.StepSeconds;
    private const int StepsOfAMinute = 60 / RecentRates.StepSeconds;
    private const double FewFree = 1.5;
    private const double NearlyFull = 0.9;

    /// <summary>The few figures to begin with.</summary>
    public static void WriteFigures(HtmlBuffer html, HostOverview overview)
    {
        var now = overview.UnixMicroseconds / MicrosecondsPerSecond;
        html.Raw("<section class=\"figures\" aria-label=\"Figures\">\n");
        Begin(html, "Exits counted").Raw(Figures.Count(overview.Exits));
        End(html);
        if (overview.CountingSinceUnixMicroseconds > 0)
        {
            html.Raw("counting began ").Time(overview.CountingSinceUnixMicroseconds / MicrosecondsPerSecond, now);
        }
        else
        {
            html.Raw("since counting began");
        }

        Close(html);
        Begin(html, "Failed").Raw(Figures.Count(overview.Failures));
        End(html).Raw(ShareOf(overview.Failures, overview.Exits)).Raw("ended with a code other than 0");
        Close(html);
        Begin(html, "Killed").Raw(Figures.Count(overview.Signals));
        End(html).Raw(ShareOf(overview.Signals, overview.Exits)).Raw("ended by a signal");
        Close(html);
        WriteLost(html, overview);
        var isFull = overview.Folded > 0 || overview.Pairs >= NearlyFull * overview.PairLimit;
        Begin(html, "Pairs", isFull ? "warn" : "").Raw(Figures.Count(overview.Pairs));
        End(html).Raw("of user and command, of at most ").Number((ulong)overview.PairLimit);
        if (overview.Folded > 0)
        {
            html.Raw("; ").Raw(Figures.Count(overview.Folded)).Raw(" exits are in <span class=\"name\">other</span>");
        }

        Close(html);
        WriteFree(html, overview);
        html.Raw("</section>\n");
    }

    /// <summary>Exits a second, in numbers and as a picture.</summary>
    public static void WriteRates(HtmlBuffer html, HostOverview overview)
    {
        html.Raw("<section aria-labelledby=\"rates\">\n<h2 id=\"rates\">Exits a second</h2>\n"
            + "<p class=\"note\">How many processes end, by when they were counted: over ten seconds, a minute and a "
            + "quarter of an hour, from the start of the agent on.</p>\n<div class=\"live\">\n<dl class=\"rates\">\n");
        Rate(html, "now", overview.Rate(StepsOfTenSeconds));
        Rate(html, "1 min", overview.Rate(StepsOfAMinute));
        Rate(html, "15 min", overview.Rate(RecentRates.Steps));
        html.Raw("</dl>\n");
        Sparkline.Write(html, overview.Steps);
        html.Raw("</div>\n</section>\n");
    }

    /// <summary>The first of commands and users.</summary>
    public static void WriteTops(HtmlBuffer html, string id, string title, string meaning, TopLists tops)
    {
        html.Raw($"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n")
            .Raw($"<p class=\"note\">{meaning}</p>\n");
        if (tops.CommandsByExits.Lines.Count == 0)
        {
            html.Raw("<p class=\"quiet\">Nothing has ended.</p>\n</section>\n");
            return;
        }

        html.Raw("<div class=\"tops\">\n");
        Top(html, "Commands by CPU time", "Command", "CPU", tops.CommandsByCpu, Figures.Seconds);
        Top(html, "Commands by exits", "Command", "Exits", tops.CommandsByExits, Figures.Count);
        Top(html, "Users by CPU time", "User", "CPU", tops.UsersByCpu, Figures.Seconds);
        Top(html, "Users by exits", "User", "Exits", tops.UsersByExits, Figures.Count);
        html.Raw("</div>\n</section>\n");
    }

    /// <summary>Deaths by signal, and the last cores and kills.</summary>
    public static void WriteDeaths(HtmlBuffer html, HostOverview overview)
    {
        html.Raw("""
            <section aria-labelledby="deaths">
            <h2 id="deaths">Cores and kills</h2>
            <p class="note">First all deaths by signal since counting began. Then the last processes that left a core or
            were ended by force, since the start of the agent: hang-ups, interrupts and requests to end are left
            out.</p>
            <div class="pair">

            """);
        BySignal(html, overview);
        LastDeaths(html, overview);
        html.Raw("</div>\n</section>\n");
    }

    private static void BySignal(HtmlBuffer html, HostOverview overview)
    {
        if (overview.BySignal.Count == 0)
        {
            html.Raw("<p class=\"quiet\">No process was ended by a signal.</p>\n");
            return;
        }

        html.Raw("<table><caption class=\"hidden\">Deaths by signal</caption><thead><tr><th scope=\"col\">Signal</th>"
            + "<th scope=\"col\" class=\"num\">Deaths</th><th scope=\"col\" class=\"num\">Cores</th></tr></thead>\n"
            + "<tbody>\n");
        foreach (var line in overview.BySignal)
        {
            html.Raw("<tr><th scope=\"row\">").Raw(line.Signal).Raw("</th><td class=\"num\">")
                .Raw(Figures.Count(line.Deaths)).Raw("</td><td class=\"num\">").Raw(Figures.Count(line.Cores))
                .Raw("</td></tr>\n");
        }

        html.Raw("</tbody></table>\n");
    }

    private static void LastDeaths(HtmlBuffer html, HostOverview overview)
    {
        if (overview.Deaths.Count == 0)
        {
            html.Raw("<p class=\"quiet\">None since the agent was started.</p>\n");
            return;
        }

        html.Raw("""
            <table><caption class="hidden">The last cores and kills</caption><thead><tr><th scope="col">Ended</th>
            <th scope="col">Command</th><th scope="col">User</th><th scope="col" class="num">Pid</th>
            <th scope="col">Signal</th><th scope="col" class="num far">Exit</th></tr></thead>
            <tbody>

            """);
        var now = overview.UnixMicroseconds / MicrosecondsPerSecond;
        foreach (var death in overview.Deaths)
        {
            html.Raw("<tr><td>").Time(death.UnixSeconds, now).Raw("</td><td>").Name(death.Command).Raw("</td><td>")
                .Name(death.User).Raw("</td><td class=\"num\">")
                .Raw(death.Pid == 0 ? "\u2013" : death.Pid.ToString(CultureInfo.InvariantCulture))
                .Raw("</td><td>").Raw(death.Signal).Raw(death.Core ? " <span class=\"badge bad\">core</span>" : "")
                .Raw(string.Create(CultureInfo.InvariantCulture,
                    $"</td><td class=\"num far\">{death.ShellCode}</td></tr>\n"));
        }

        html.Raw("</tbody></table>\n");
    }

    private static void WriteLost(HtmlBuffer html, HostOverview overview)
    {
        var records = overview.Losses.Aggregate(0UL, (sum, loss) => sum + loss.Records);
        var gaps = overview.Losses.Aggregate(0UL, (sum, loss) => sum + loss.Gaps);
        Begin(html, "Lost", records + gaps > 0 ? "bad" : "").Raw(Figures.Count(records));
        End(html);
        if (overview.Losses.Count == 0)
        {
            html.Raw("no record is missing");
        }
        else
        {
            html.Raw("records known to be lost; ").Raw(Figures.Count(gaps)).Raw(" times an unknown number: ")
                .Text(string.Join("; ", overview.Losses.Select(loss => loss.Reason)));
        }

        Close(html);
    }

    private static void WriteFree(HtmlBuffer html, HostOverview overview)
    {
        var kind = overview.FreeRatio <= overview.SuspendRatio ? "bad"
            : overview.FreeRatio <= overview.ResumeRatio * FewFree ? "warn" : "";
        Begin(html, "Free space", kind).Raw(Figures.Percent(overview.FreeRatio));
        End(html).Raw("for records; the kernel stops at ").Raw(Figures.Percent(overview.SuspendRatio))
            .Raw(", goes on at ").Raw(Figures.Percent(overview.ResumeRatio));
        Close(html);
    }

    private static void Rate(HtmlBuffer html, string over, double rate) =>
        html.Raw($"<div><dt>{over}</dt><dd class=\"big\">{Figures.Rate(rate)}</dd></div>\n");

    private static void Top(
        HtmlBuffer html, string title, string name, string amount, TopList top, Func<double, string> spell)
    {
        html.Raw($"<div><h3>{title}</h3>\n<table><thead class=\"hidden\"><tr><th scope=\"col\">{name}</th>")
            .Raw($"<th scope=\"col\" class=\"num\">{amount}</th></tr></thead><tbody>\n");
        var most = top.Lines.Count == 0 ? 1 : top.Lines[0].Amount;
        foreach (var line in top.Lines)
        {
            html.Raw("<tr><td>").Name(line.Name).Raw(string.Create(CultureInfo.InvariantCulture,
                    $"""
                    <svg class="bar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
                    <rect width="{100 * line.Amount / most:0.#}" height="3"/></svg></td><td class="num">
                    """))
                .Raw(spell(line.Amount)).Raw("</td></tr>\n");
        }

        html.Raw("</tbody></table></div>\n");
    }

    private static string ShareOf(ulong part, ulong all) =>
        all == 0 ? "" : $"{Figures.Percent((double)part / all)} ";

    private static HtmlBuffer Begin(HtmlBuffer html, string name, string kind = "") =>
        html.Raw($"<div><dl><dt>{name}</dt><dd class=\"big {kind}\">");

    private static HtmlBuffer End(HtmlBuffer html) => html.Raw("</dd><dd class=\"note\">");

    private static void Close(HtmlBuffer html) => html.Raw("</dd></dl></div>\n");
}
