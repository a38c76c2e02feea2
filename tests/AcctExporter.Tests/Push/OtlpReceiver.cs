// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using AcctExporter.Tests.RealSystem;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AcctExporter.Tests.Push;

/// <summary>What a receiver does with what arrives.</summary>
internal enum ReceiverMood
{
    /// <summary>It takes it.</summary>
    Takes,

    /// <summary>It answers 503, or gRPC's status 14 (unavailable): come again later.</summary>
    Refuses,

    /// <summary>It answers 400, or gRPC's status 3 (invalid argument): never come again with this.</summary>
    Rejects,

    /// <summary>It reads it and never answers.</summary>
    Hangs,
}

/// <summary>
/// A receiver of OTLP on 127.0.0.1: http/protobuf on one port, gRPC (HTTP/2 without TLS) on another. It decodes what
/// arrives by code of its own and keeps it. It listens from the constructor to its end; a test that wants it absent
/// chooses the ports before and makes it later.
/// </summary>
internal sealed class OtlpReceiver : IDisposable
{
    private const int FrameSize = 5;
    private const string MetricsMethod = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    private const string LogsMethod = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly WebApplication app;
    private readonly ConcurrentQueue<OtlpRequest> requests = new();
    private readonly ConcurrentQueue<string> faults = new();
    private readonly CancellationTokenSource ending = new();
    private volatile ReceiverMood mood;

    /// <summary>Listens.</summary>
    public OtlpReceiver(int? httpPort = null, int? grpcPort = null, ReceiverMood mood = ReceiverMood.Takes)
    {
        HttpPort = httpPort ?? PeerServer.FreePort();
        GrpcPort = grpcPort ?? PeerServer.FreePort();
        this.mood = mood;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.Limits.MaxRequestBodySize = null;
            server.Listen(IPAddress.Loopback, HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
            server.Listen(IPAddress.Loopback, GrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        app = builder.Build();
        app.Run(ReceiveAsync);
        app.StartAsync().GetAwaiter().GetResult();
    }

    public int HttpPort { get; }

    public int GrpcPort { get; }

    /// <summary>The base to which <c>/v1/metrics</c> and <c>/v1/logs</c> are added.</summary>
    public string HttpEndpoint => $"http://127.0.0.1:{HttpPort}";

    /// <summary>Where gRPC is answered.</summary>
    public string GrpcEndpoint => $"http://127.0.0.1:{GrpcPort}";

    /// <summary>What it does with the next request.</summary>
    public ReceiverMood Mood
    {
        get => mood;
        set => mood = value;
    }

    /// <summary>What arrived, oldest first, taken or not. A request that could not be decoded fails the test.</summary>
    public IReadOnlyList<OtlpRequest> Requests => faults.IsEmpty
        ? [.. requests] : throw new InvalidDataException(string.Join("; ", faults));

    /// <summary>Every log record that it took, in the order of arrival.</summary>
    public IEnumerable<OtlpLog> Logs => Requests.Where(request => request.Taken).SelectMany(request => request.Logs);

    /// <summary>Every metric that it took, in the order of arrival: each push has all of them once.</summary>
    public IEnumerable<OtlpMetric> Metrics =>
        Requests.Where(request => request.Taken).SelectMany(request => request.Metrics);

    /// <summary>
    /// The last point that it took of each series, by the name of the metric and the attributes in one spelling.
    /// </summary>
    public Dictionary<(string Name, string Attributes), OtlpPoint> Last()
    {
        var last = new Dictionary<(string, string), OtlpPoint>();
        foreach (var metric in Metrics)
        {
            foreach (var point in metric.Points)
            {
                last[(metric.Name, point.Attributes.ToString())] = point;
            }
        }

        return last;
    }

    /// <summary>Forgets what arrived.</summary>
    public void Forget() => requests.Clear();

    /// <summary>Waits for a condition of what arrived.</summary>
    public void Until(Func<OtlpReceiver, bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition(this))
        {
            if (clock.Elapsed > Limit)
            {
                throw new TimeoutException($"not '{what}' after {clock.Elapsed}; {requests.Count} requests");
            }

            Thread.Sleep(20);
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        app.StopAsync().GetAwaiter().GetResult();
        app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        ending.Dispose();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var isGrpc = context.Connection.LocalPort == GrpcPort;
        var signal = (isGrpc, context.Request.Path.Value) switch
        {
            (false, "/v1/metrics") or (true, MetricsMethod) => "metrics",
            (false, "/v1/logs") or (true, LogsMethod) => "logs",
            _ => null,
        };
        if (signal is null || context.Request.Method != "POST")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var now = mood;
        Keep(context, signal, isGrpc, buffer.ToArray(), now == ReceiverMood.Takes);
        if (now == ReceiverMood.Hangs)
        {
            await HangAsync(context.RequestAborted);
            return;
        }

        await (isGrpc ? AnswerGrpcAsync(context.Response, now) : AnswerHttpAsync(context.Response, now));
    }

    private async Task HangAsync(CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, ending.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Task AnswerHttpAsync(HttpResponse response, ReceiverMood mood)
    {
        response.ContentType = "application/x-protobuf";
        response.ContentLength = 0;
        response.StatusCode = mood switch
        {
            ReceiverMood.Takes => StatusCodes.Status200OK,
            ReceiverMood.Refuses => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        };
        return Task.CompletedTask;
    }

    /// <summary>gRPC answers 200, a framed message (here an empty one) and its status in a trailer.</summary>
    private static async Task AnswerGrpcAsync(HttpResponse response, ReceiverMood mood)
    {
        response.ContentType = "application/grpc";
        var status = mood switch
        {
            ReceiverMood.Takes => "0",
            ReceiverMood.Refuses => "14",
            _ => "3",
        };
        var trailers = response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()!.Trailers;
        trailers["grpc-status"] = status;
        if (mood == ReceiverMood.Takes)
        {
            await response.Body.WriteAsync(new byte[FrameSize]);
        }
    }

    private void Keep(HttpContext context, string signal, bool isGrpc, byte[] body, bool taken)
    {
        try
        {
            var message = isGrpc ? Unframed(body, context.Request.Headers["grpc-encoding"].ToString())
                : Inflated(body, context.Request.Headers.ContentEncoding.ToString());
            requests.Enqueue(new OtlpRequest
            {
                Signal = signal,
                Protocol = isGrpc ? "grpc" : "http/protobuf",
                Taken = taken,
                SentBytes = body.Length,
                MessageBytes = message.Length,
                Headers = context.Request.Headers.ToDictionary(
                    header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
                Arrived = DateTimeOffset.UtcNow,
                Metrics = signal == "metrics" ? OtlpDecoder.Metrics(message) : [],
                Logs = signal == "logs" ? OtlpDecoder.Logs(message) : [],
            });
        }
        catch (Exception error)
            when (error is InvalidDataException or ArgumentException or IndexOutOfRangeException)
        {
            faults.Enqueue($"{context.Request.Path} of {body.Length} bytes cannot be decoded: {error.Message}");
        }
    }

    private static byte[] Unframed(byte[] body, string encoding)
    {
        var length = body.Length < FrameSize ? -1 : BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1));
        return length != body.Length - FrameSize
            ? throw new InvalidDataException($"a frame says {length} bytes")
            : Inflated(body[FrameSize..], body[0] == 0 ? "" : encoding);
    }

    private static byte[] Inflated(byte[] body, string encoding)
    {
        switch (encoding)
        {
            case "" or "identity":
                return body;
            case "gzip":
                using (var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress))
                using (var plain = new MemoryStream())
                {
                    gzip.CopyTo(plain);
                    return plain.ToArray();
                }

            default:
                throw new InvalidDataException($"the encoding {encoding}");
        }
    }
}
