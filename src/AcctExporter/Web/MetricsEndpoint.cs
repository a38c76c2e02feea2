// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using AcctExporter.Metrics;
using Microsoft.Extensions.Primitives;

namespace AcctExporter.Web;

/// <summary>Answers <c>/metrics</c>: at most so many at a time, within the time that the scraper gives.</summary>
internal sealed class MetricsEndpoint(ScrapeRenderer renderer, int maxScrapes) : IDisposable
{
    /// <summary>What is said until the backlog of the start is counted.</summary>
    public const string NotReady = "not ready: the exits on hand at start are still being counted";

    private const string TimeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds";
    private const int NotReadyRetrySeconds = 5;
    private const int BusyRetrySeconds = 1;

    /// <summary>How much text the compressor gets at once.</summary>
    private const int CompressedChunkBytes = 64 * 1024;

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    // Whatever the scraper says: an answer that takes longer keeps a place from the others.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim places = new(maxScrapes);

    /// <inheritdoc/>
    public void Dispose() => places.Dispose();

    /// <summary>One scrape.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (!renderer.IsReady)
        {
            await RefuseAsync(context, NotReadyRetrySeconds, NotReady);
            return;
        }

        if (!places.Wait(0, CancellationToken.None))
        {
            renderer.Figures.Refuse();
            await RefuseAsync(context, BusyRetrySeconds, string.Create(CultureInfo.InvariantCulture,
                $"too many scrapes: {maxScrapes} are running"));
            return;
        }

        try
        {
            await ScrapeAsync(context);
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>The time that the scraper gives; anything that is no sensible time is ignored.</summary>
    public static TimeSpan? TimeoutOf(StringValues header) =>
        double.TryParse(header, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds > 0 && seconds <= LongestTimeout.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private async Task ScrapeAsync(HttpContext context)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var given = TimeoutOf(context.Request.Headers[TimeoutHeader]);
        timeout.CancelAfter(given < LongestAnswer ? given.Value : LongestAnswer);

        ScrapeStart start;
        try
        {
            start = await renderer.BeginAsync(timeout.Token);
            timeout.Token.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            await RefuseAsync(context, BusyRetrySeconds, "the scraper's time was over before the answer began");
            return;
        }

        // From here on half an answer must not look like a whole one: the connection ends without the last chunk.
        try
        {
            await WriteAsync(context, start, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        catch (IOException)
        {
            context.Abort();
        }
    }

    private async Task WriteAsync(HttpContext context, ScrapeStart start, CancellationToken cancellation)
    {
        var (request, response) = (context.Request, context.Response);
        var content = Negotiation.ContentFor(request.Headers.Accept);
        response.ContentType = content.ContentType;
        response.Headers.Vary = "Accept, Accept-Encoding";
        response.Headers.CacheControl = "no-store";
        var gzip = Negotiation.AllowsGzip(request.Headers.AcceptEncoding);
        if (gzip)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        if (HttpMethods.IsHead(request.Method))
        {
            return;
        }

        if (!gzip)
        {
            await renderer.WriteAsync(start, response.BodyWriter, content.Format, cancellation);
            return;
        }

        await using var compressor = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        var output = PipeWriter.Create(compressor, new StreamPipeWriterOptions(
            minimumBufferSize: CompressedChunkBytes, leaveOpen: true));
        await renderer.WriteAsync(start, output, content.Format, cancellation);
        await output.CompleteAsync();
    }

    private static Task RefuseAsync(HttpContext context, int retrySeconds, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = retrySeconds.ToString(CultureInfo.InvariantCulture);
        return WebEndpoints.WriteLineAsync(context, reason);
    }
}
