// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Cli;

namespace AcctExporter.Tests.Cli;

/// <summary>What the program says to a person who mistyped: the built program, as it is started.</summary>
public class WrongCommandLineTests
{
    [Theory]
    [InlineData("serv", "'serv': there is no such command; did you mean 'serve'?")]
    [InlineData("sadc", "'sadc': there is no such command")]
    [InlineData("--versoin", "--versoin: there is no such flag; did you mean '--version'?")]
    [InlineData("config --format=jsno", "--format: 'jsno' is none of yaml, json, markdown; did you mean 'json'?")]
    [InlineData("metrics --forma json", "--forma: there is no such flag; did you mean '--format'?")]
    [InlineData("doctor --formt=json", "--formt: there is no such flag; did you mean '--format'?")]
    [InlineData("serve --config.chek", "--config.chek: there is no such flag; did you mean '--config.check'?")]
    [InlineData("rules", "rules: nothing to try: give --try NAME or --try-file FILE")]
    [InlineData("replay --pairs.limt=3 /dev/null",
        "--pairs.limt: there is no such flag; did you mean '--pairs.limit'?")]
    [InlineData("replay --log.level=debug /dev/null", "--log.level: there is no such flag")]
    public async Task AWrongWord_IsToldWithTheRightOne(string line, string fault)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "acct-exporter"), line.Split(' '))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = (await process.StandardError.ReadToEndAsync()).Split('\n');
        await process.WaitForExitAsync();
        Assert.Equal((ExitCode.Usage, ""), (process.ExitCode, await output));
        Assert.Equal($"acct-exporter: {fault}", errors[0]);
        Assert.True(errors[1..] is [""] or ["acct-exporter: --help says what there is", ""], errors[1]);
    }
}
