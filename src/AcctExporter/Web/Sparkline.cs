// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Metrics;

namespace AcctExporter.Web;

/// <summary>The exits of the last quarter of an hour as one small picture, drawn by the server.</summary>
internal static class Sparkline
{
    private const int Width = 720;
    private const int Height = 88;

    /// <summary>Draws it: exits as an area, those that failed or were killed as a second one in front.</summary>
    public static void Write(HtmlBuffer html, IReadOnlyList<RateStep> steps)
    {
        var most = steps.Count == 0 ? 0 : steps.Max(step => step.Exits);
        var peak = (double)most / RecentRates.StepSeconds;
        var last = steps.Count == 0 ? 0 : (double)steps[^1].Exits / RecentRates.StepSeconds;
        var minutes = Math.Max(1, steps.Count * RecentRates.StepSeconds / 60);
        html.Raw(string.Create(CultureInfo.InvariantCulture, $"""
            <figure class="spark">
            <svg viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" role="img" aria-labelledby="spark-title">
            <title id="spark-title">Exits a second over the last {minutes} min: at most {Figures.Rate(peak)}, now {
                Figures.Rate(last)}</title>
            <line class="ground" x1="0" y1="{Height}" x2="{Width}" y2="{Height}"/>

            """));
        if (most > 0)
        {
            html.Raw("<path class=\"all\" d=\"").Raw(Area(steps, step => step.Exits, most)).Raw("\"/>\n")
                .Raw("<path class=\"ill\" d=\"").Raw(Area(steps, step => step.Failures + step.Signals, most))
                .Raw("\"/>\n");
        }

        html.Raw("</svg>\n<figcaption><span>15 min ago</span><span>peak <b>").Raw(Figures.Rate(peak))
            .Raw("</b>/s</span><span><i class=\"key\"></i>failed or killed</span><span>now</span></figcaption>\n"
                + "</figure>\n");
    }

    /// <summary>A step is a plateau: a single exit is seen as such, and not as a ramp.</summary>
    private static string Area(IReadOnlyList<RateStep> steps, Func<RateStep, uint> amountOf, uint most)
    {
        const double wide = (double)Width / RecentRates.Steps;
        var first = RecentRates.Steps - steps.Count;
        var path = new StringBuilder();
        path.Append(CultureInfo.InvariantCulture, $"M{first * wide:0.#} {Height}");
        var before = uint.MaxValue;
        for (var i = 0; i < steps.Count; i++)
        {
            var amount = amountOf(steps[i]);
            if (amount != before)
            {
                path.Append(CultureInfo.InvariantCulture,
                    $"H{(first + i) * wide:0.#}V{Height - (amount * (Height - 2.0) / most):0.#}");
                before = amount;
            }
        }

        return path.Append(CultureInfo.InvariantCulture, $"H{Width}V{Height}Z").ToString();
    }
}
