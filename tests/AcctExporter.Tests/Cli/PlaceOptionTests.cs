// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.Journal;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Cli;

/// <summary>
/// Reports find the agent's journal where the agent has it: by the flag, else the variable, else the configuration
/// file that a variable names.
/// </summary>
public sealed class PlaceOptionTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");

    private readonly TemporaryDirectory folder = new();
    private readonly TestJournal three = Journal(3);
    private readonly TestJournal five = Journal(5);

    public void Dispose()
    {
        folder.Dispose();
        three.Dispose();
        five.Dispose();
    }

    [Fact]
    public void TheVariable_NamesTheJournal() =>
        Assert.Equal((0, 3, ""), Run([], ("ACCT_EXPORTER_STORAGE_PATH", PlaceOf(three))));

    [Fact]
    public void TheConfigurationFile_NamesTheJournal()
    {
        var file = Config($"storage:\n  path: {PlaceOf(three)}\n");
        Assert.Equal((0, 3, ""), Run([], ("ACCT_EXPORTER_CONFIG_FILE", file)));
        Assert.Equal(
            (0, 5, ""),
            Run([], ("ACCT_EXPORTER_CONFIG_FILE", file), ("ACCT_EXPORTER_STORAGE_PATH", PlaceOf(five))));
    }

    [Fact]
    public void TheLastFlag_IsStronger()
    {
        (string, string)[] variables =
        [
            ("ACCT_EXPORTER_STORAGE_PATH", PlaceOf(three)), ("ACCT_EXPORTER_CONFIG_FILE", "/nowhere/config.yml"),
        ];
        Assert.Equal((0, 5, ""), Run(["--storage.path", "/nowhere", "--storage.path", PlaceOf(five)], variables));
    }

    [Theory]
    [InlineData("storage:\n  path: [1]\n")]
    [InlineData("storage:\n  paht: /nowhere\n")]
    public void AWrongConfiguration_IsTold(string text)
    {
        var (code, rows, errors) = Run([], ("ACCT_EXPORTER_CONFIG_FILE", Config(text)));
        Assert.Equal((2, 0), (code, rows));
        Assert.Contains(folder.Of("config.yml"), errors, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingConfiguration_IsTold()
    {
        var (code, rows, errors) = Run([], ("ACCT_EXPORTER_CONFIG_FILE", "/nowhere/config.yml"));
        Assert.Equal((2, 0), (code, rows));
        Assert.Contains("/nowhere/config.yml", errors, StringComparison.Ordinal);
    }

    private static TestJournal Journal(int exits)
    {
        var journal = new TestJournal();
        using var writer = journal.Open();
        journal.Append(writer, exits, seed: exits);
        return journal;
    }

    private static string PlaceOf(TestJournal journal) => Path.GetDirectoryName(journal.Options.Directory)!;

    private string Config(string text)
    {
        File.WriteAllText(folder.Of("config.yml"), text);
        return folder.Of("config.yml");
    }

    private (int Code, int Rows, string Errors) Run(string[] flags, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Program, ["lastcomm", .. flags])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Count(letter => letter == '\n'), errors.Result);
    }
}
