// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Metrics;

namespace AcctExporter.Web;

/// <summary>
/// Answers <c>/</c>, of memory alone: it opens no file and asks nobody. Only few pages are sent at a time, so that
/// those who look on take nothing from those who scrape.
/// </summary>
internal sealed class PageEndpoint(ScrapeRenderer renderer, string telemetryPath, int maxPages) : IDisposable
{
    private readonly SemaphoreSlim places = new(maxPages);

    /// <inheritdoc/>
    public void Dispose() => places.Dispose();

    /// <summary>One page.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (!places.Wait(0, CancellationToken.None))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            await WebEndpoints.WriteLineAsync(context, string.Create(CultureInfo.InvariantCulture,
                $"too many pages: {maxPages} are being sent"));
            return;
        }

        try
        {
            await WriteAsync(context);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task WriteAsync(HttpContext context)
    {
        var body = OverviewPage.Render(renderer.Overview(), telemetryPath);
        var response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.ContentSecurityPolicy = PageStyle.ContentSecurityPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
