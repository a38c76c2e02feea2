// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Text;
using AcctExporter.Web;

namespace AcctExporter.Tests.Web;

/// <summary>Names and passwords, the rate, and the headers of every answer.</summary>
public sealed class RequestGuardTests
{
    private const string Hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"; // U*U
    private const string Slow = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi"; // fakepassword

    private static readonly WebConfig Guarded = new()
    {
        Users = new Dictionary<string, string> { ["prom"] = Hash, ["Jörg"] = Hash },
    };

    [Theory]
    [InlineData("prom:U*U", 200)]
    [InlineData("Jörg:U*U", 200)]
    [InlineData("prom:U*U*", 401)]
    [InlineData("prom:", 401)]
    [InlineData("prom", 401)]
    [InlineData("prom:U*U\0x", 401)]
    [InlineData("Prom:U*U", 401)]
    [InlineData("nobody:U*U", 401)]
    [InlineData(":U*U", 401)]
    [InlineData("", 401)]
    [InlineData(null, 401)]
    public async Task APassword_IsAskedForEverywhere(string? login, int status)
    {
        await using var server = await GuardedServer.StartAsync(Guarded);
        // The second is answered from memory.
        foreach (var path in new[] { "/metrics", "/metrics", "/", "/-/healthy", "/-/ready" })
        {
            using var answer = await server.GetAsync(path, login);
            Assert.Equal((path, status), (path, (int)answer.StatusCode));
            Assert.Equal(status == 401 ? "Basic realm=\"acct-exporter\", charset=\"UTF-8\"" : "",
                answer.Headers.WwwAuthenticate.ToString());
            var body = await answer.Content.ReadAsStringAsync();
            Assert.Equal(status == 401, body == "a name and a password are needed here\n");
        }

        Assert.Equal(status == 401 ? 5UL : 0, server.Security.Refusals.Passwords);
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !")]
    [InlineData("Basic /w==")]
    [InlineData("Bearer cHJvbTpVKlU=")]
    [InlineData("cHJvbTpVKlU=")]
    public void WhatIsNoLogin_IsNone(string header) => Assert.False(RequestGuard.TryRead(header, out _, out _));

    [Fact]
    public void ALogin_IsReadFromItsHeader_AndAPasswordMayHaveColons()
    {
        Assert.True(RequestGuard.TryRead("bAsIc cHJvbTphOmI=", out var name, out var password));
        Assert.Equal(("prom", "a:b"), (name, Encoding.UTF8.GetString(password)));
    }

    /// <summary>Nobody learns by the clock who is a user: both take one whole check.</summary>
    [Fact]
    public async Task AStranger_TakesAsLongAsAUser()
    {
        var users = new Dictionary<string, string> { ["prom"] = Slow };
        using var check = new PasswordCheck(AcctExporter.Kernel.PasswordLibrary.Names);
        await check.CheckAsync(users, "prom", "first"u8.ToArray(), null);
        var (user, stranger) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < 5; i++)
        {
            var password = Encoding.UTF8.GetBytes($"wrong {i}");
            var clock = Stopwatch.StartNew();
            Assert.Equal(PasswordVerdict.Wrong, await check.CheckAsync(users, "prom", password, null));
            user = clock.Elapsed < user ? clock.Elapsed : user;
            clock.Restart();
            Assert.Equal(PasswordVerdict.Wrong, await check.CheckAsync(users, $"stranger {i}", password, null));
            stranger = clock.Elapsed < stranger ? clock.Elapsed : stranger;
        }

        // One that were not checked would take a thousandth.
        Assert.InRange(stranger / user, 0.2, 5);
    }

    /// <summary>Wrong passwords, as many as come: few wait, the rest is told to; who is known passes.</summary>
    [Fact]
    public async Task AFlood_IsToldToComeAgain_AndWhoIsKnownPasses()
    {
        var users = new Dictionary<string, string> { ["prom"] = Slow };
        using var check = new PasswordCheck(AcctExporter.Kernel.PasswordLibrary.Names);
        var right = "fakepassword"u8.ToArray();
        Assert.Equal(PasswordVerdict.Right, await check.CheckAsync(users, "prom", right, null));
        var flood = Enumerable.Range(0, 1000).Select(i => check.CheckAsync(
            users, "prom", Encoding.UTF8.GetBytes($"guess {i}"), IPAddress.Parse("192.0.2.1"))).ToList();
        var known = check.CheckAsync(users, "prom", right, IPAddress.Parse("192.0.2.1"));
        Assert.True(known.IsCompletedSuccessfully);
        Assert.Equal(PasswordVerdict.Right, await known);
        // Another address still has a place.
        var other = check.CheckAsync(users, "prom", "other"u8.ToArray(), IPAddress.Parse("192.0.2.2"));
        var verdicts = await Task.WhenAll(flood);
        Assert.Equal(PasswordCheck.MostOfOneAddress, verdicts.Count(one => one == PasswordVerdict.Wrong));
        Assert.Equal(1000 - PasswordCheck.MostOfOneAddress, verdicts.Count(one => one == PasswordVerdict.Busy));
        Assert.Equal(PasswordVerdict.Wrong, await other);
    }

    [Fact]
    public async Task ManyAddresses_ShareTheQueue_AndAHashThatChangedIsAskedAnew()
    {
        var users = new Dictionary<string, string> { ["prom"] = Slow };
        using var check = new PasswordCheck(AcctExporter.Kernel.PasswordLibrary.Names);
        var flood = Enumerable.Range(0, 100).Select(i => check.CheckAsync(
            users, "prom", Encoding.UTF8.GetBytes($"guess {i}"), new IPAddress([192, 0, 2, (byte)i]))).ToList();
        Assert.Equal(PasswordCheck.MostWaiting, (await Task.WhenAll(flood)).Count(one => one == PasswordVerdict.Wrong));

        var right = "fakepassword"u8.ToArray();
        Assert.Equal(PasswordVerdict.Right, await check.CheckAsync(users, "prom", right, null));
        users["prom"] = Hash;
        Assert.Equal(PasswordVerdict.Wrong, await check.CheckAsync(users, "prom", right, null));
        Assert.Equal(PasswordVerdict.Right, await check.CheckAsync(users, "prom", "U*U"u8.ToArray(), null));
    }

    [Fact]
    public async Task TheRate_IsABucketOfTokens()
    {
        await using var server = await GuardedServer.StartAsync(
            new WebConfig { RateInterval = TimeSpan.FromHours(1), RateBurst = 2 });
        Assert.Equal(200, await server.StatusAsync("/-/healthy"));
        Assert.Equal(200, await server.StatusAsync("/metrics"));
        using var third = await server.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal("1", third.Headers.RetryAfter!.ToString());
        Assert.Equal(1UL, server.Security.Refusals.Rate);
    }

    [Fact]
    public async Task EveryAnswer_BearsTheHeadersOfSafety()
    {
        await using var server = await GuardedServer.StartAsync(Guarded);
        foreach (var path in new[] { "/metrics", "/-/healthy", "/-/reload", "/nowhere", "/" })
        {
            foreach (var login in new[] { "prom:U*U", "prom:wrong" })
            {
                using var answer = await server.GetAsync(path, login);
                Assert.Equal(("nosniff", "deny", "no-referrer", ""),
                    (One(answer, "X-Content-Type-Options"), One(answer, "X-Frame-Options"),
                    One(answer, "Referrer-Policy"), One(answer, "Strict-Transport-Security")));
                Assert.Contains("default-src 'none'", One(answer, "Content-Security-Policy"), StringComparison.Ordinal);
                Assert.Contains("frame-ancestors 'none'", One(answer, "Content-Security-Policy"),
                    StringComparison.Ordinal);
                Assert.False(answer.Headers.Contains("Server"));
            }
        }
    }

    [Fact]
    public async Task HeadersOfTheFile_Win_AndAnEmptyOneTakesOursAway()
    {
        await using var server = await GuardedServer.StartAsync(new WebConfig
        {
            Headers =
            [
                new("Strict-Transport-Security", "max-age=7"), new("X-Frame-Options", ""),
                new("Content-Security-Policy", "default-src 'self'"),
            ],
        });
        foreach (var path in new[] { "/", "/metrics" })
        {
            using var answer = await server.GetAsync(path);
            Assert.Equal(("max-age=7", "", "default-src 'self'", "nosniff"),
                (One(answer, "Strict-Transport-Security"), One(answer, "X-Frame-Options"),
                One(answer, "Content-Security-Policy"), One(answer, "X-Content-Type-Options")));
        }
    }

    private static string One(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : "";
}
