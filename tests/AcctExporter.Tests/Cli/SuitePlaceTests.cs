// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Reports;

namespace AcctExporter.Tests.Cli;

/// <summary>All commands of the suite find its files where the agent has them.</summary>
public sealed class SuitePlaceTests : IDisposable
{
    /// <summary>2026-07-02, at four.</summary>
    private const long Now = 1_782_964_800;

    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EachCommand_KnowsTheSettings()
    {
        var applets = Applets.All(new ReportIo(Stream.Null, Stream.Null, TextWriter.Null, TimeProvider.System))
            .ToDictionary(applet => applet.Name);
        foreach (var name in (string[])
        [
            "runacct", "monacct", "ckpacct", "dodisk", "chargefee", "pac", "prdaily", "bill", "startup", "shutacct",
            "remove",
        ])
        {
            Assert.Superset(
                new HashSet<string> { "--storage.path", "--suite.path", "--config.file" },
                applets[name].Options.Select(option => option.Name).ToHashSet());
        }
    }

    [Fact]
    public void AConfiguredFolder_IsThatOfAll()
    {
        Directory.CreateDirectory(folder.Of("walked"));
        var config = "--config.file=" + folder.File("config.yml", $"""
            storage:
              path: {folder.Of("storage")}
            suite:
              path: {folder.Of("elsewhere")}
              disk-paths: [{folder.Of("walked")}]
            logins:
              source: off
            """);
        Assert.Equal(0, Run("chargefee", "root", "5", config).ExitCode);
        Assert.Equal(0, Run("dodisk", config).ExitCode);
        File.WriteAllText(folder.Of("elsewhere/nite/x.new"), "");
        Assert.Equal(0, Run("remove", config).ExitCode);
        Assert.False(File.Exists(folder.Of("elsewhere/nite/x.new")));
        Assert.Equal(2, Run("runacct", config, "--suite.minimum-free=1").ExitCode);
        var report = Run("prdaily", config, "--format", "csv");
        Assert.Equal(0, report.ExitCode);
        Assert.Contains("root", System.Text.Encoding.UTF8.GetString(report.Output));
        Assert.True(File.Exists(folder.Of("elsewhere/sum/disktacct0702")));
        Assert.Equal(0, Run("monacct", config).ExitCode);
        Assert.False(Directory.Exists(folder.Of("storage/suite")));
    }

    /// <summary>The word behind a switch is another's.</summary>
    [Fact]
    public void ASwitch_TakesNoWord()
    {
        var ran = Run("runacct", "--suite.groups", "0230", "--storage.path", folder.Path);
        Assert.Equal((2, "runacct: '0230' is no day: 0702, or 2026-07-02\n"), (ran.ExitCode, ran.Errors));
        Assert.Equal(2, Run("runacct", "--suite.groups=maybe", "--storage.path", folder.Path).ExitCode);
        Assert.False(Directory.Exists(folder.Of("suite")));
    }

    /// <summary>Files that may not be read are not files that are not there.</summary>
    [Theory]
    [InlineData("pac")]
    [InlineData("prdaily")]
    [InlineData("bill")]
    [InlineData("remove")]
    public void AFolderThatCannotBeRead_IsTold(string name)
    {
        File.CreateSymbolicLink(folder.Of("loop"), folder.Of("loop"));
        var ran = Run(name, "--suite.path=" + folder.Of("loop"));
        Assert.Equal((3, ""), (ran.ExitCode, System.Text.Encoding.UTF8.GetString(ran.Output)));
        Assert.StartsWith($"{name}: cannot read {folder.Of("loop")}", ran.Errors);
    }

    private static ToolResult Run(string name, params string[] arguments) => Applet.Run(name, arguments, Now);
}
