// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// Runs a command of connect accounting on records, on a host where alice is 1001, bob 1002, carol 1003 and dave 1004,
/// at a standing time in UTC.
/// </summary>
internal sealed class ConnectRun : IDisposable
{
    public static readonly LoginAccounts Accounts = new(
        name => name switch { "alice" => 1001, "bob" => 1002, "carol" => 1003, "dave" or "dave2" => 1004, _ => null },
        line => line.StartsWith("pts/", StringComparison.Ordinal)
            ? 34816 + uint.Parse(line[4..], System.Globalization.CultureInfo.InvariantCulture) : null);

    private readonly TemporaryDirectory folder = new();

    public ConnectRun(string holidays = Calendar.H) => File.WriteAllText(Of("holidays"), holidays);

    public string Now { get; init; } = "2026-07-08 00:00:00";

    public string Of(string name) => folder.Of(name);

    public string Text(string name) => File.ReadAllText(Of(name));

    public (int Code, string Output, string Errors) Run(string name, byte[] input, params string[] arguments)
    {
        using var output = new MemoryStream();
        var errors = new StringWriter();
        var io = new ReportIo(new MemoryStream(input), output, errors, new Clock(Calendar.At(Now)));
        var command = name switch
        {
            "acctcon" => AcctconApplet.Create(io, Accounts),
            "acctcon1" => Acctcon1Applet.Create(io, Accounts),
            "acctcon2" => CtmpApplets.CreateTotals(io),
            "prctmp" => CtmpApplets.CreatePages(io),
            "lineuse" => LineReportApplets.CreateLineUse(io),
            _ => LineReportApplets.CreateReboots(io),
        };
        string[] own = name is "acctcon" or "acctcon1" && !arguments.Contains("--holidays")
            ? ["--holidays", Of("holidays")] : [];
        var parsed = command.Parse([.. command.Rewrite([.. arguments, .. own])]);
        Assert.Empty(parsed.Errors);
        var code = parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
        return (code, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }

    public void Dispose() => folder.Dispose();

    private sealed class Clock(long seconds) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(seconds);
    }
}
