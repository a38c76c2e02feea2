// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Metrics;
using static AcctExporter.Tests.Metrics.FakeSource;

namespace AcctExporter.Tests.Metrics;

public class ExemplarTests
{
    private const uint Core = 0x80;

    [Fact]
    public void Deaths_HaveTheLastOne_InOpenMetrics()
    {
        using var source = Deaths();
        var samples = ExpositionReader.Read(source.Scrape(ExpositionFormat.OpenMetrics, created: true));
        // Without and with a core together: the later of the two.
        Assert.Equal("2 {pid=\"7\"} 1 1700000003.25", Of("acct_process_signals_total", ("command", "a")));
        Assert.Equal("1 {pid=\"6\"} 1 1700000002.25", Of("acct_process_core_dumps_total", ("command", "a")));
        Assert.Equal("3 {pid=\"4294967295\"} 1 1700000009", Of("acct_signals_total", ("signal", "SIGSEGV")));
        Assert.Equal("1 {pid=\"6\"} 1 1700000002.25", Of("acct_core_dumps_total", ("signal", "SIGSEGV")));
        Assert.Equal("0 ", Of("acct_signals_total", ("signal", "SIGKILL")));
        Assert.All(samples.Where(sample => sample.Exemplar.Length > 0), sample =>
        {
            Assert.EndsWith("_total", sample.Name, StringComparison.Ordinal);
            // OpenMetrics 1.0: names and values of an exemplar's labels have 128 characters at most.
            Assert.InRange(sample.Exemplar.Length, 1, 128);
        });

        string Of(string name, (string Key, string Value) label)
        {
            var sample = ExpositionTests.Only(samples, name, label);
            return $"{sample.Text} {sample.Exemplar}";
        }
    }

    [Fact]
    public void Exemplars_AreNotInText_AndNotWithoutTheOption()
    {
        using var source = Deaths();
        Assert.DoesNotContain(" # {", source.Scrape(), StringComparison.Ordinal);
        Assert.Contains(" # {", source.Scrape(ExpositionFormat.OpenMetrics), StringComparison.Ordinal);
        Assert.DoesNotContain(" # {", source.Scrape(ExpositionFormat.OpenMetrics, exemplars: false),
            StringComparison.Ordinal);
    }

    /// <summary>Records before v3 have no process id.</summary>
    [Fact]
    public void DeathWithoutPid_HasNone()
    {
        using var source = new FakeSource();
        source.Count(Exit("a", exitCode: 11) with { Pid = 0, BeginUnixSeconds = 1_700_000_000 });
        Assert.DoesNotContain(" # {", source.Scrape(ExpositionFormat.OpenMetrics), StringComparison.Ordinal);
    }

    private static FakeSource Deaths()
    {
        var source = new FakeSource();
        source.Count(
            Exit("a", exitCode: 11 | Core, elapsed: 250_000) with { Pid = 6, BeginUnixSeconds = 1_700_000_002 },
            Exit("a", exitCode: 11, elapsed: 250_000) with { Pid = 7, BeginUnixSeconds = 1_700_000_003 },
            Exit("b", exitCode: 11) with { Pid = uint.MaxValue, BeginUnixSeconds = 1_700_000_009 });
        return source;
    }
}
