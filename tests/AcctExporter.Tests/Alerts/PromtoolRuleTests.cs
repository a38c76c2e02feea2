// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Alerts;

/// <summary>The rules as the servers that run them see them: Prometheus, old and new, and vmalert.</summary>
[Trait("Lane", "peers")]
public class PromtoolRuleTests
{
    public static TheoryData<string> Promtools => new(["2.42", "3"]);

    [Theory]
    [MemberData(nameof(Promtools))]
    public void Rules_HaveNoFault(string version)
    {
        var (code, said) = Run(Promtool(version), ["check", "rules", "--lint=all", "--lint-fatal", .. Rules]);
        Assert.True(code == 0, said);
        Assert.Contains($"{RuleFile.Alerts.Count} rules found", said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Promtools))]
    public void Rules_DoWhatTheirTestsSay(string version)
    {
        var (code, said) = Run(Promtool(version), ["test", "rules", .. RuleFile.TestPaths.Select(RuleFile.Full)]);
        Assert.True(code == 0, said);
    }

    /// <summary>The tests are worth something: of each alert, a rule that never or always fires is found.</summary>
    [Fact]
    public void Tests_SeeARuleThatIsWrong()
    {
        var tests = RuleFile.TestPaths.Where(path => !path.EndsWith("recording.test.yaml", StringComparison.Ordinal));
        foreach (var wrong in (string[])["vector(1) == 2", """label_replace(vector(1), "job", "x", "", "")"""])
        {
            using var folder = new TemporaryDirectory();
            Directory.CreateDirectory(folder.Of("tests"));
            folder.File("acct-alerts.yaml", "groups:\n- name: wrong\n  rules:\n" + string.Concat(
                RuleFile.Alerts.Select(rule => $"  - alert: {rule.Name}\n    expr: {wrong}\n")));
            foreach (var path in tests)
            {
                File.Copy(RuleFile.Full(path), folder.Of($"tests/{Path.GetFileName(path)}"));
            }

            var (code, said) = Run(Promtool("2.42"), ["test", "rules", .. Directory.GetFiles(folder.Of("tests"))]);
            Assert.Equal(1, code);
            Repository.None(RuleFile.Alerts
                .Where(rule => !said.Contains($"alertname: {rule.Name},", StringComparison.Ordinal))
                .Select(rule => $"{rule.Name}: no test minds that it is '{wrong}'"));
        }
    }

    /// <summary>
    /// vmalert reads them all. Its server takes the first value of a counter for an increase, so only tests without
    /// increase() are the same for both.
    /// </summary>
    [Fact]
    public void Vmalert_ReadsThem()
    {
        var tools = Path.GetDirectoryName(Tools.VictoriaMetrics)!;
        var (code, said) = Run($"{tools}/vmalert", ["-dryRun", .. Rules.Select(path => $"-rule={path}")]);
        Assert.True(code == 0, said);

        var suite = RuleFile.TestPaths.Single(path => path.EndsWith("/suite.test.yaml", StringComparison.Ordinal));
        (code, said) = Run(
            $"{tools}/vmalert-tool", ["unittest", "--disableAlertgroupLabel", $"--files={RuleFile.Full(suite)}"]);
        Assert.True(code == 0, said);
        Assert.Contains("SUCCESS", said, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Rules => RuleFile.Paths.Select(RuleFile.Full);

    private static string Promtool(string version) => version == "3" ? Tools.Promtool3 : Tools.Promtool;

    private static (int Code, string Said) Run(string program, IEnumerable<string> arguments)
    {
        using var folder = new TemporaryDirectory();
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
