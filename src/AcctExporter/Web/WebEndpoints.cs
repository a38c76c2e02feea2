// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Metrics;

namespace AcctExporter.Web;

/// <summary>
/// Everything that the agent answers: the page, the metrics, <c>/-/healthy</c>, <c>/-/ready</c>. All of it is read
/// only but <c>POST /-/reload</c>, which must be allowed; whatever else is asked gets a line that says what there is.
/// </summary>
internal sealed class WebEndpoints : IDisposable
{
    private const string ReloadPath = "/-/reload";

    /// <summary>Pages sent at the same time.</summary>
    private const int MaxPages = 8;

    private readonly ScrapeRenderer renderer;
    private readonly MetricsEndpoint metrics;
    private readonly PageEndpoint page;
    private readonly WebOptions options;
    private readonly Func<string?> ailment;
    private readonly Func<CancellationToken, Task<string?>> reload;

    private WebEndpoints(ScrapeRenderer renderer, WebOptions options, Func<string?> ailment,
        Func<CancellationToken, Task<string?>> reload)
    {
        this.renderer = renderer;
        this.options = options;
        this.ailment = ailment;
        this.reload = reload;
        metrics = new MetricsEndpoint(renderer, options.MaxScrapes);
        page = new PageEndpoint(renderer, options.TelemetryPath, MaxPages);
    }

    /// <summary>Makes <paramref name="app"/> answer.</summary>
    /// <param name="app">The server.</param>
    /// <param name="renderer">What is scraped.</param>
    /// <param name="options">Which paths there are.</param>
    /// <param name="ailment">Null as long as the capture loop turns; else what ails it, for people.</param>
    /// <param name="reload">
    /// Reads the configuration anew: null when that is done, else the fault. Called for one request at a time or for
    /// many.
    /// </param>
    public static void Map(IApplicationBuilder app, ScrapeRenderer renderer, WebOptions options, Func<string?> ailment,
        Func<CancellationToken, Task<string?>> reload)
    {
        var endpoints = new WebEndpoints(renderer, options, ailment, reload);
        var lifetime = app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopped.Register(endpoints.Dispose);
        app.Run(endpoints.AnswerAsync);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        metrics.Dispose();
        page.Dispose();
    }

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
        var path = context.Request.Path.Value;
        if (path == ReloadPath)
        {
            return AnswerReloadAsync(context);
        }

        RequestDelegate? endpoint = path switch
        {
            "/" or "" => page.AnswerAsync,
            "/-/healthy" => AnswerHealthyAsync,
            "/-/ready" => AnswerReadyAsync,
            _ when path == options.TelemetryPath => metrics.AnswerAsync,
            _ => null,
        };
        if (endpoint is null)
        {
            return AnswerAsync(context, StatusCodes.Status404NotFound,
                $"not here; there is /, {options.TelemetryPath}, /-/healthy and /-/ready");
        }

        var method = context.Request.Method;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return AnswerAsync(context, StatusCodes.Status405MethodNotAllowed,
                "only GET and HEAD: nothing can be changed here");
        }

        return endpoint(context);
    }

    private Task AnswerHealthyAsync(HttpContext context) => ailment() is { } what
        ? AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, $"not healthy: {what}")
        : AnswerAsync(context, StatusCodes.Status200OK, "healthy");

    private Task AnswerReadyAsync(HttpContext context) => renderer.IsReady
        ? AnswerAsync(context, StatusCodes.Status200OK, "ready")
        : AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, MetricsEndpoint.NotReady);

    private async Task AnswerReloadAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await AnswerAsync(context, StatusCodes.Status405MethodNotAllowed,
                "only POST: it reads the configuration anew");
            return;
        }

        if (!options.EnableLifecycle)
        {
            await AnswerAsync(context, StatusCodes.Status403Forbidden,
                "Lifecycle API is not enabled: --web.enable-lifecycle allows it, and SIGHUP does the same");
            return;
        }

        // Not cut off with the request: half a reload would be worse than one that nobody waits for.
        if (await reload(CancellationToken.None) is { } fault)
        {
            await AnswerAsync(context, StatusCodes.Status500InternalServerError,
                $"the configuration in force stays as it was: {fault}");
            return;
        }

        await AnswerAsync(context, StatusCodes.Status200OK, "the configuration was read anew");
    }

    private static Task AnswerAsync(HttpContext context, int status, string line)
    {
        context.Response.StatusCode = status;
        return WriteLineAsync(context, line);
    }
}
