// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// Runs acctcms, acctprc, acctprc1 and acctprc2 on a host where 1001 is alice, 1002 bob and 1003 carol, on 2026-07-08
/// in UTC, with the holidays of the examples.
/// </summary>
internal sealed class SuiteRun : IDisposable
{
    private static readonly UserNames Users = new(uid => uid switch
    {
        1001 => "alice"u8.ToArray(),
        1002 => "bob"u8.ToArray(),
        1003 => "carol-the-third"u8.ToArray(),
        _ => null,
    });

    private readonly TemporaryDirectory folder = new();

    public SuiteRun(string holidays = Calendar.H) => File.WriteAllText(Of("holidays"), holidays);

    /// <summary>Whether <c>--holidays</c> is given.</summary>
    public bool NamesHolidays { get; init; } = true;

    public string Of(string name) => folder.Of(name);

    /// <summary>A file with some content.</summary>
    public string Put(string name, byte[] content)
    {
        File.WriteAllBytes(Of(name), content);
        return Of(name);
    }

    public (int Code, byte[] Output, string Errors) Bytes(string name, byte[] input, params string[] arguments)
    {
        using var output = new MemoryStream();
        var errors = new StringWriter();
        var io = new ReportIo(new MemoryStream(input), output, errors, new Clock(Calendar.At("2026-07-08 00:00:00")));
        var command = name switch
        {
            "acctcms" => AcctcmsApplet.Create(io),
            "acctprc" => AcctprcApplets.CreateTotals(io, Users),
            "acctprc1" => AcctprcApplets.CreateLines(io, Users),
            _ => AcctprcApplets.CreateSums(io),
        };
        string[] own = name != "acctprc2" && NamesHolidays ? ["--holidays", Of("holidays")] : [];
        var parsed = command.Parse([.. command.Rewrite([.. arguments, .. own])]);
        Assert.Empty(parsed.Errors);
        var code = parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
        return (code, output.ToArray(), errors.ToString());
    }

    /// <summary>The output as text, when all went well.</summary>
    public string Text(string name, byte[] input, params string[] arguments)
    {
        var (code, output, errors) = Bytes(name, input, arguments);
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        return Encoding.UTF8.GetString(output);
    }

    public void Dispose() => folder.Dispose();

    private sealed class Clock(long seconds) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(seconds);
    }
}
