// SPDX-License-Identifier: Apache-2.0
using System.Net;
using AcctExporter.Web;

namespace AcctExporter.Tests.Web;

public class WebEndpointsTests
{
    [Fact]
    public async Task Responses_DoNotNameTheServer()
    {
        await using var agent = await RunningAgent.StartAsync();
        using var response = await agent.GetAsync("/");
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Healthy_IsAboutTheLoop_AndNotAboutReadiness()
    {
        var alive = true;
        await using var agent = await RunningAgent.StartAsync(ailment: () => alive ? null : "stands still");
        agent.Source.Status = agent.Source.Status with { Ready = false };
        Assert.Equal("200 healthy\n", await StatusAndBody(agent, "/-/healthy"));
        alive = false;
        Assert.StartsWith("503 not healthy", await StatusAndBody(agent, "/-/healthy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadyAndMetrics_Answer_OnlyWhenTheBacklogIsCounted()
    {
        await using var agent = await RunningAgent.StartAsync();
        agent.Source.Status = agent.Source.Status with { Ready = false };
        Assert.StartsWith("503 not ready", await StatusAndBody(agent, "/-/ready"), StringComparison.Ordinal);
        using (var refused = await agent.GetAsync("/metrics"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("5", Header(refused, "Retry-After"));
            Assert.StartsWith("not ready", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        agent.Source.Status = agent.Source.Status with { Ready = true };
        Assert.Equal("200 ready\n", await StatusAndBody(agent, "/-/ready"));
        using var answered = await agent.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Theory]
    [InlineData("/metric")]
    [InlineData("/metrics/")]
    [InlineData("/../etc/passwd")]
    public async Task OtherPaths_AreToldWhatThereIs(string path)
    {
        await using var agent = await RunningAgent.StartAsync();
        using var response = await agent.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("/metrics", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthy_SaysWhatAils()
    {
        await using var agent = await RunningAgent.StartAsync(ailment: () => "stands still");
        Assert.Equal("503 not healthy: stands still\n", await StatusAndBody(agent, "/-/healthy"));
    }

    [Fact]
    public async Task TelemetryPath_IsWhereTheMetricsAre_AndOnlyThere()
    {
        await using var agent = await RunningAgent.StartAsync(new WebOptions { TelemetryPath = "/acct/v1.metrics" });
        Assert.Contains("acct_exits_total", await StatusAndBody(agent, "/acct/v1.metrics"), StringComparison.Ordinal);
        Assert.Equal("404 not here; there is /, /acct/v1.metrics, /-/healthy and /-/ready\n",
            await StatusAndBody(agent, "/metrics"));
        Assert.Contains("href=\"./acct/v1.metrics\"", await StatusAndBody(agent, "/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("metrics")]
    [InlineData("/")]
    [InlineData("/-")]
    [InlineData("/-/healthy")]
    [InlineData("/-/other")]
    [InlineData("/a b")]
    [InlineData("/a?b")]
    [InlineData("/a%20b")]
    [InlineData("/\"><script>")]
    [InlineData("/m\u00e9trique")]
    [InlineData("/a/../b")]
    [InlineData("/.")]
    public void TelemetryPath_ThatCannotBeServed_IsAFault(string path) =>
        Assert.Single(new WebOptions { TelemetryPath = path }.Faults());

    [Fact]
    public async Task Reload_IsForbidden_UnlessItIsAllowed()
    {
        var calls = 0;
        await using var agent = await RunningAgent.StartAsync(reload: _ =>
        {
            calls++;
            return Task.FromResult<string?>(null);
        });
        using var response = await agent.SendAsync(HttpMethod.Post, "/-/reload");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("--web.enable-lifecycle", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("PUT", true)]
    [InlineData("OPTIONS", true)]
    public async Task Reload_TakesPostOnly(string method, bool isAllowed)
    {
        await using var agent = await RunningAgent.StartAsync(
            new WebOptions { EnableLifecycle = isAllowed }, reload: _ => throw new InvalidOperationException());
        using var response = await agent.SendAsync(new HttpMethod(method), "/-/reload");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("POST", string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData(null, 200, "the configuration was read anew\n")]
    [InlineData("rules[2]: what is 'x'?", 500,
        "the configuration in force stays as it was: rules[2]: what is 'x'?\n")]
    public async Task Reload_SaysWhetherItWorked(string? fault, int code, string body)
    {
        await using var agent = await RunningAgent.StartAsync(
            new WebOptions { EnableLifecycle = true }, reload: _ => Task.FromResult(fault));
        using var response = await agent.SendAsync(HttpMethod.Post, "/-/reload");
        Assert.Equal(code, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        // As curl -X POST sends it: no length, no body. And as others do: a length of 0.
        using var empty = await agent.Client.PostAsync("/-/reload", new ByteArrayContent([]));
        Assert.Equal(code, (int)empty.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/metrics")]
    [InlineData("PUT", "/")]
    [InlineData("DELETE", "/-/healthy")]
    [InlineData("OPTIONS", "/-/ready")]
    public async Task OtherMethods_AreRefused(string method, string path)
    {
        await using var agent = await RunningAgent.StartAsync();
        using var response = await agent.SendAsync(new HttpMethod(method), path);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("GET, HEAD", string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/metrics")]
    [InlineData("/-/healthy")]
    [InlineData("/-/ready")]
    public async Task Head_HasHeadersAndNoBody(string path)
    {
        await using var agent = await RunningAgent.StartAsync();
        using var head = await agent.SendAsync(HttpMethod.Head, path);
        using var get = await agent.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task RequestWithABody_IsRefused()
    {
        await using var agent = await RunningAgent.StartAsync();
        using var response = await agent.Client.PostAsync("/metrics", new StringContent("x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public void Options_TellEveryFault() =>
        Assert.Equal(
            5, new WebOptions
            {
                ListenAddresses = ["9810", ":x", ":80", ":80"],
                MaxScrapes = 0,
                TelemetryPath = "metrics",
            }.Faults().Count());

    [Fact]
    public void Options_AreFaultless_WhenNothingIsSaid() => Assert.Empty(new WebOptions().Faults());

    internal static string Header(HttpResponseMessage response, string name) =>
        string.Join(", ", response.Headers.GetValues(name));

    private static async Task<string> StatusAndBody(RunningAgent agent, string path)
    {
        using var response = await agent.GetAsync(path);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }
}
