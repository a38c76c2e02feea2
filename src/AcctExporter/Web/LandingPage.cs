// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using AcctExporter.Metrics;

namespace AcctExporter.Web;

/// <summary>
/// The page at <c>/</c>: what this is, whether it works, where the metrics are. No script, no outside content.
/// </summary>
internal static class LandingPage
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
        + "body{color:#1b1f24;background:#fff}"
        + "th{text-align:left;font-weight:400;color:#57606a;padding-right:2rem}td{font-variant-numeric:tabular-nums}"
        + "@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}th{color:#8d96a0}a{color:#58a6ff}}";

    private static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{StyleHash()}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Answers with the page.</summary>
    public static Task WriteAsync(HttpContext context, ScrapeSummary summary, string telemetryPath)
    {
        var response = context.Response;
        var body = Encoding.UTF8.GetBytes(Html(summary, telemetryPath));
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static string StyleHash() => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    private static string Html(ScrapeSummary summary, string telemetryPath)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<title>acct-exporter</title>\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<style>").Append(Style)
            .Append("</style>\n</head>\n<body>\n<h1>acct-exporter</h1>\n")
            .Append("<p>Every process that ended on this host, counted once.</p>\n")
            .Append("<p><a href=\"").Append(telemetryPath).Append("\">Metrics</a> ")
            .Append("&middot; <a href=\"/-/healthy\">Healthy?</a> &middot; ")
            .Append("<a href=\"/-/ready\">Ready?</a></p>\n<table>\n");
        Row(html, "Version", $"{summary.Build.Version} ({summary.Build.Revision})");
        Row(html, "Source", $"{summary.Source}: {summary.Path}");
        Row(html, "Source readable", YesNo(summary.SourceUp));
        Row(html, "Accounting active", YesNo(summary.AccountingActive));
        Row(html, "Taskstats", summary.TaskStats);
        Row(html, "Ready", YesNo(summary.Ready));
        Row(html, "Exits counted", summary.Exits.ToString("N0", CultureInfo.InvariantCulture));
        Row(html, "Pairs of user and command",
            string.Create(CultureInfo.InvariantCulture, $"{summary.Pairs:N0} of at most {summary.PairLimit:N0}"));
        return html.Append("</table>\n</body>\n</html>\n").ToString();
    }

    private static void Row(StringBuilder html, string name, string value) =>
        html.Append("<tr><th scope=\"row\">").Append(name).Append("</th><td>").Append(HtmlEncoder.Default.Encode(value))
            .Append("</td></tr>\n");

    private static string YesNo(bool value) => value ? "yes" : "no";
}
