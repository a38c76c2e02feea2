// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>What an applet did, called within the test's process.</summary>
internal sealed record FilterResult(int ExitCode, byte[] Output, string Errors)
{
    public string Text => Encoding.Latin1.GetString(Output);
}

/// <summary>Applets that read and write login records, with a clock that stands still.</summary>
internal static class Filter
{
    /// <summary>2026-07-07 16:00:00 UTC, a Tuesday.</summary>
    public const long Now = 1_783_440_000;

    /// <summary>Runs one.</summary>
    /// <param name="command">Its name and arguments.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="now">What its clock says.</param>
    public static FilterResult Run(string[] command, byte[]? input = null, long now = Now)
    {
        using var output = new MemoryStream();
        using var errors = new StringWriter { NewLine = "\n" };
        var io = new ReportIo(new MemoryStream(input ?? []), output, errors, new StandingClock(now));
        var applet = Applets.All(io).Single(applet => applet.Name == command[0]);
        var parsed = applet.Parse([.. applet.Rewrite(command[1..])]);
        Assert.True(parsed.Errors.Count == 0, string.Join('\n', parsed.Errors));
        var code = parsed.Invoke();
        return new(code, output.ToArray(), errors.ToString());
    }

    private sealed class StandingClock(long seconds) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(seconds);
    }
}
