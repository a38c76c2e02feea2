// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AcctExporter.Cli;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Cli;

/// <summary>The command around the examination, of an agent that only follows a file: it needs no right.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private readonly TemporaryDirectory temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Json_HasTheExitCode_AndTheFindings()
    {
        using var json = Examine(0, $"--source={temporary.File("pacct")}");
        Assert.NotEqual("", json.RootElement.GetProperty("verdict").GetString());
        Assert.Equal("warning", StateOf(json, "source-file"));
        Assert.Equal("ok", StateOf(json, "listen-address"));
        // Only where a label or a rule asks for it.
        Assert.Null(StateOf(json, "process-connector"));
    }

    [Fact]
    public void AgentThatWillNotStart_IsAFailure()
    {
        using var json = Examine(1, $"--source={temporary.Of("none")}");
        Assert.Equal("failure", StateOf(json, "source-file"));
    }

    [Fact]
    public void Table_IsWhatPeopleGet()
    {
        var text = Run(0, $"--source={temporary.File("pacct")}");
        Assert.DoesNotContain("{", text, StringComparison.Ordinal);
        Assert.Contains("source-file", text, StringComparison.Ordinal);
    }

    [Fact]
    public void RuleOfAUnit_NeedsTheProcessConnector()
    {
        var config = temporary.File("rules.yml", "rules: [{unit: cron.service, drop: true}]\n");
        using var json = Examine(0, $"--source={temporary.File("pacct")}", $"--config.file={config}");
        Assert.NotNull(StateOf(json, "process-connector"));
    }

    [Theory]
    [InlineData(1, "failure")]
    [InlineData(0, null, "--web.systemd-socket=true")]
    public void AddressInUse_Matters_UnlessSystemdListens(int code, string? state, params string[] flags)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var json = Examine(
            code, [$"--source={temporary.File("pacct")}", $"--web.listen-address={taken.LocalEndpoint}", .. flags]);
        Assert.Equal(state, StateOf(json, "listen-address"));
    }

    [Fact]
    public void FaultyConfiguration_IsAWrongCommandLine() => Assert.Equal(
        "", Run(ExitCode.Usage, $"--config.file={temporary.File("faulty.yml", "rule: []")}"));

    [Fact]
    public void OtherFormats_AreRefused() =>
        Assert.Contains("xml", Assert.Single(DoctorCommand.Create().Parse(["--format", "xml"]).Errors).Message,
            StringComparison.Ordinal);

    private static string? StateOf(JsonDocument json, string id) =>
        json.RootElement.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("id").GetString() == id)
            .Select(finding => finding.GetProperty("state").GetString()).FirstOrDefault();

    private JsonDocument Examine(int code, params string[] arguments)
    {
        var json = JsonDocument.Parse(Run(code, [.. arguments, "--format", "json"]));
        Assert.Equal(code, json.RootElement.GetProperty("exit_code").GetInt32());
        return json;
    }

    private string Run(int code, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter();
        string[] standard = arguments.Any(one => one.StartsWith("--web.listen-address", StringComparison.Ordinal))
            ? [] : ["--web.listen-address=127.0.0.1:0"];
        var ended = DoctorCommand.Create()
            .Parse([.. arguments, .. standard, "--taskstats.mode=off", $"--storage.path={temporary.Of("storage")}"])
            .Invoke(new InvocationConfiguration { Output = output, Error = errors });
        Assert.True(code == ended, $"{ended}: {output} {errors}");
        Assert.Equal(code == ExitCode.Usage, errors.ToString().Length > 0);
        return output.ToString();
    }
}
