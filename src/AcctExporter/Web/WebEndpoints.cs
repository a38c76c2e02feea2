// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Metrics;

namespace AcctExporter.Web;

/// <summary>
/// Everything that the agent answers: the page, <c>/metrics</c>, <c>/-/healthy</c>, <c>/-/ready</c>. All of it is read
/// only; whatever else is asked gets a line that says what there is.
/// </summary>
internal sealed class WebEndpoints : IDisposable
{
    private readonly ScrapeRenderer renderer;
    private readonly MetricsEndpoint metrics;
    private readonly Func<bool> isAlive;

    private WebEndpoints(ScrapeRenderer renderer, WebOptions options, Func<bool> isAlive)
    {
        this.renderer = renderer;
        this.isAlive = isAlive;
        metrics = new MetricsEndpoint(renderer, options.MaxScrapes);
    }

    /// <summary>
    /// Makes <paramref name="app"/> answer. <paramref name="isAlive"/> is true as long as the capture loop turns.
    /// </summary>
    public static void Map(IApplicationBuilder app, ScrapeRenderer renderer, WebOptions options, Func<bool> isAlive)
    {
        var endpoints = new WebEndpoints(renderer, options, isAlive);
        var lifetime = app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopped.Register(endpoints.Dispose);
        app.Run(endpoints.AnswerAsync);
    }

    /// <inheritdoc/>
    public void Dispose() => metrics.Dispose();

    /// <summary>Answers with one line of text.</summary>
    public static Task WriteLineAsync(HttpContext context, string line)
    {
        var body = Encoding.UTF8.GetBytes(line + "\n");
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        RequestDelegate? endpoint = context.Request.Path.Value switch
        {
            "/" or "" => AnswerPageAsync,
            "/metrics" => metrics.AnswerAsync,
            "/-/healthy" => AnswerHealthyAsync,
            "/-/ready" => AnswerReadyAsync,
            _ => null,
        };
        var method = context.Request.Method;
        if (endpoint is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return WriteLineAsync(context, "not here; there is /, /metrics, /-/healthy and /-/ready");
        }

        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return WriteLineAsync(context, "only GET and HEAD: nothing can be changed here");
        }

        return endpoint(context);
    }

    private Task AnswerPageAsync(HttpContext context) => LandingPage.WriteAsync(context, renderer.Summarize());

    private Task AnswerHealthyAsync(HttpContext context) =>
        AnswerStateAsync(context, isAlive(), "healthy", "not healthy: exits are no longer being read");

    private Task AnswerReadyAsync(HttpContext context) =>
        AnswerStateAsync(context, renderer.IsReady, "ready", MetricsEndpoint.NotReady);

    private static Task AnswerStateAsync(HttpContext context, bool good, string yes, string no)
    {
        context.Response.StatusCode = good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return WriteLineAsync(context, good ? yes : no);
    }
}
