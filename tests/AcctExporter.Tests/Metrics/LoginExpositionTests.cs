// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Logins;
using AcctExporter.Metrics;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Metrics;

public sealed class LoginExpositionTests
{
    private const string Series = "acct_connect_time_seconds_total";

    [Fact]
    public void WithoutLogins_ThereIsNothingOfThem()
    {
        using var source = new FakeSource();
        var text = source.Scrape();
        Assert.All(
            Catalog.All.Where(family => family.Scope == MetricScope.Logins),
            family => Assert.DoesNotContain(family.Name, text, StringComparison.Ordinal));
        Assert.DoesNotContain("acct_exporter_login", text, StringComparison.Ordinal);
        Assert.DoesNotContain("wtmp", text, StringComparison.Ordinal);
    }

    /// <summary>A source that was never there: it is down, and nothing is 0.</summary>
    [Fact]
    public void WithoutASource_ItIsDown_AndNothingIsZero()
    {
        using var source = new FakeSource();
        source.Snapshot = new LoginSnapshot { WtmpUp = false, WtmpdbUp = false, BtmpUp = false };
        var text = source.Scrape();
        foreach (var name in (string[])["wtmp", "wtmpdb", "btmp"])
        {
            Assert.Contains($"\nacct_exporter_source_up{{source=\"{name}\"}} 0\n", text, StringComparison.Ordinal);
        }

        Assert.All(
            Catalog.All.Where(family => family.Scope == MetricScope.Logins),
            family => Assert.DoesNotContain($"{family.Name} ", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_AreThoseOfTheSnapshot()
    {
        using var source = ExpositionTests.Small();
        var samples = ExpositionReader.Read(source.Scrape(ExpositionFormat.OpenMetrics, created: true));
        Assert.Equal("30", ExpositionTests.Only(samples, Series, ("user", "root"), ("period", "prime")).Text);
        Assert.Equal("7", ExpositionTests.Only(samples, Series, ("user", "root"), ("period", "nonprime")).Text);
        Assert.Equal("2", ExpositionTests.Only(samples, "acct_sessions", ("user", "root"), ("line", "pts")).Text);
        Assert.Equal("0", ExpositionTests.Only(samples, "acct_sessions", ("user", "root"), ("line", "tty")).Text);
        Assert.Equal(2, samples.Count(sample => sample.Name == "acct_sessions"));
        Assert.Equal("40", ExpositionTests.Only(samples, "acct_failed_logins_total", ("known_user", "false")).Text);
        Assert.Equal(
            "37", ExpositionTests.Only(samples, "acct_line_connect_time_seconds_total", ("tty", "pts/0")).Text);
        Assert.Equal(
            "1699999940",
            ExpositionTests.Only(samples, "acct_last_login_timestamp_seconds", ("user", "root")).Text);
        Assert.Equal(
            "1699999940",
            ExpositionTests.Only(
                samples, "acct_connect_time_seconds_created", ("user", "root"), ("period", "prime")).Text);
        Assert.Equal("1699996400", ExpositionTests.Only(samples, "acct_logins_created", ("line", "tty")).Text);
        Assert.Contains(samples, sample => sample.Name == Series && sample.Label("user") == "a\"b\\x0a");
    }

    /// <summary>The first reading of the logins is waited for.</summary>
    [Fact]
    public void Readiness_WaitsForLogins()
    {
        using var source = ExpositionTests.Small();
        Assert.True(source.Renderer().IsReady);
        source.IsReady = false;
        Assert.False(source.Renderer().IsReady);
    }

    [Fact]
    public void AScrape_AllocatesNothing_ForAUserOrALine()
    {
        using var few = With(10);
        using var many = With(300);
        var (fewBytes, manyBytes) = (BytesOf(few), BytesOf(many));
        Assert.InRange(manyBytes - fewBytes, -2048, 2048);
    }

    private static FakeSource With(int rows)
    {
        var source = ExpositionTests.Small();
        source.Snapshot = LoginSamples.Small with
        {
            Users = [.. Enumerable.Range(0, rows).Select(i => new LoginUserRow(new LoginUser($"u{i}", 1), new int[6]))],
            Lines = [.. Enumerable.Range(0, rows).Select(i => new LoginLineRow(new LoginLineUse($"pts/{i}", 1)))],
        };
        return source;
    }

    private static long BytesOf(FakeSource source)
    {
        var renderer = source.Renderer();
        var output = new ArrayBufferWriter<byte>(1 << 20);
        return Allocated.By(() =>
        {
            output.Clear();
            renderer.Write(output, ExpositionFormat.Text);
        });
    }
}
