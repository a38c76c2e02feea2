// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;

namespace AcctExporter.Tests.Metrics;

[Trait("Lane", "peers")]
public class PromtoolTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Scrape_IsCleanToPromtool(bool allHistograms)
    {
        using var source = ExpositionTests.Small();
        var (status, said) = await CheckAsync(
            source.Scrape(allHistograms: allHistograms, process: ExpositionTests.Process));
        Assert.True(status == 0 && said.Length == 0, $"promtool check metrics: status {status}\n{said}");
    }

    [Fact]
    public async Task EmptyLedger_IsCleanToPromtool()
    {
        using var source = new FakeSource();
        var (status, said) = await CheckAsync(source.Scrape());
        Assert.True(status == 0 && said.Length == 0, $"promtool check metrics: status {status}\n{said}");
    }

    /// <summary>The test's own test: a faulty name is a finding.</summary>
    [Fact]
    public async Task Promtool_FindsWhatIsWrong()
    {
        var (status, said) = await CheckAsync("# HELP x_count A count.\n# TYPE x_count counter\nx_count 1\n");
        Assert.NotEqual(0, status);
        Assert.Contains("_total", said, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Said)> CheckAsync(string text)
    {
        var start = new ProcessStartInfo("promtool")
        {
            ArgumentList = { "check", "metrics" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process? promtool = null;
        try
        {
            promtool = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Fail("promtool is not installed: ./tests/run.sh installs what the tests need");
        }

        using (promtool)
        {
            var output = promtool.StandardOutput.ReadToEndAsync();
            var errors = promtool.StandardError.ReadToEndAsync();
            await promtool.StandardInput.WriteAsync(text);
            promtool.StandardInput.Close();
            await promtool.WaitForExitAsync();
            return (promtool.ExitCode, await output + await errors);
        }
    }
}
