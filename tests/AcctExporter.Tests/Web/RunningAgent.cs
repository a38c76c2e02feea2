// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Metrics;
using AcctExporter.Tests.Metrics;
using AcctExporter.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AcctExporter.Tests.Web;

/// <summary>A real server on a free port of the loopback, over a pipeline that the test holds.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningAgent(WebApplication app, FakeSource source, ScrapeRenderer renderer)
    {
        this.app = app;
        Source = source;
        Renderer = renderer;
        // No redirects, no decompression: the test sees what the server sends.
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public FakeSource Source { get; }

    public ScrapeRenderer Renderer { get; }

    public HttpClient Client { get; }

    public static async Task<RunningAgent> StartAsync(
        WebOptions? options = null, Func<string?>? ailment = null, FakeSource? source = null,
        Func<CancellationToken, Task<string?>>? reload = null)
    {
        options = (options ?? new WebOptions()) with { ListenAddresses = ["127.0.0.1:0"] };
        source ??= ExpositionTests.Small();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => WebServer.Configure(server, options, []));
        var app = builder.Build();
        var renderer = source.Renderer();
        WebEndpoints.Map(
            app, renderer, options, ailment ?? (() => null), reload ?? (_ => Task.FromResult<string?>(null)));
        await app.StartAsync();
        return new RunningAgent(app, source, renderer);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, headers);

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseContentRead);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        Source.Dispose();
    }
}
