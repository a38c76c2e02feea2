// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.RegularExpressions;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Grafana;

/// <summary>What the servers' own tools say of the files that <c>deploy/compose.yaml</c> mounts.</summary>
[Trait("Lane", "peers")]
public partial class ComposeToolTests
{
    private const string Rules = "/etc/prometheus/rules";

    [Fact]
    public void Promtool_TakesTheConfiguration_WithTheRules()
    {
        var text = ComposeTests.Text("deploy/compose/prometheus.yml");
        Assert.Contains($"{Rules}/*.yaml", text, StringComparison.Ordinal);
        var here = text.Replace(Rules, Path.Combine(Repository.Root, "grafana/alerts"), StringComparison.Ordinal);
        foreach (var program in (string[])[Tools.Promtool, Tools.Promtool3])
        {
            var (code, said) = Check(program, "check config", here);
            Assert.True(code == 0, said);
            Assert.Contains("rules found", said, StringComparison.Ordinal);
            Assert.NotEqual(0, Check(program, "check config", here.Replace("targets:", "tragets:")).Code);
        }
    }

    [Fact]
    public void Amtool_TakesTheConfiguration()
    {
        var text = ComposeTests.Text("deploy/compose/alertmanager.yml");
        var amtool = Tools.Installed("/usr/bin/amtool", "prometheus-alertmanager");
        var (code, said) = Check(amtool, "check-config", text);
        Assert.True(code == 0, said);
        // What is commented out is right as well, once it is no comment any more.
        var (full, fullSaid) = Check(amtool, "check-config", Commented().Replace(text, "  "));
        Assert.True(full == 0, fullSaid);
        Assert.Contains("3 receivers", fullSaid, StringComparison.Ordinal);
        Assert.NotEqual(0, Check(amtool, "check-config", text.Replace("receiver: nobody", "receiver: x")).Code);
    }

    /// <summary>Before a line of YAML; prose has no indent and no dash.</summary>
    [GeneratedRegex("^  # (?=- |  )", RegexOptions.Multiline)]
    private static partial Regex Commented();

    private static (int Code, string Said) Check(string program, string command, string text)
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.Of("file.yml"), text);
        using var process = Process.Start(new ProcessStartInfo(program, [.. command.Split(' '), folder.Of("file.yml")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said + errors.Result);
    }
}
