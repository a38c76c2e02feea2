// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Tests.RealSystem;

/// <summary><c>timex -p</c> on the real kernel: the exits are those of the test's command alone.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class TimexExitsTests : IDisposable
{
    /// <summary>
    /// Six processes: the shell, a parent that ends before its child, that child and what it runs, and two more.
    /// </summary>
    private const string Family =
        "(sh -c 'sleep 0.3; exit 5' & exit 4); /bin/true; sleep 0.6; exit 3";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void WithTheKernelsFile_ListsTheFamilyAndNobodyElse()
    {
        var file = lab.File("pacct");
        lab.Inside.Run("accton", file);
        IsListed("--file", file);
    }

    [Fact]
    public void WithTheAgentsJournal_WaitsUntilItHasCounted()
    {
        lab.Serve("--accounting.on-exit=off");
        IsListed("--storage.path", lab.Of("storage"));
    }

    [Fact]
    public void WithoutAccounting_SaysWhatIsMissing_AndKeepsTheExitCode()
    {
        var run = Timex("--file", lab.File("empty"), "-po", "sh", "-c", "exit 3");
        Assert.Equal(3, run.Code);
        Assert.Contains("real ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("timex: there is no exit of pid ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("No process records found!", run.Errors, StringComparison.Ordinal);
    }

    private void IsListed(params string[] from)
    {
        // Strangers, meanwhile.
        using var others = lab.Inside.Start("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do /bin/false; sleep 0.1; done");
        var run = Timex([.. from, "-pof", "sh", "-c", Family]);
        others.WaitForExit();

        Assert.Equal(3, run.Code);
        var lines = run.Errors.Split('\n');
        var heading = Array.FindIndex(lines, line => line.StartsWith("NAME ", StringComparison.Ordinal));
        Assert.EndsWith("  F STAT", lines[heading], StringComparison.Ordinal);
        var rows = lines[(heading + 1)..].TakeWhile(line => line.Length > 0).ToArray();
        Assert.Equal(
            ["sh 4", "true 0", "sleep 0", "sh 5", "sleep 0", "sh 3"],
            rows.Select(row => $"{row.Split(' ')[0].TrimStart('#')} {row.Split(' ')[^1]}"));
        // Where the agent knows I/O, or a kernel writes it, the sums; else nobody does.
        Assert.Contains(
            $"CHARS TRNSFD = {Sum(rows, 7)}\nBLOCKS READ  = {Sum(rows, 8)}\n", run.Errors, StringComparison.Ordinal);
    }

    private static string Sum(string[] rows, int column)
    {
        var cells = rows.Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[column]).ToArray();
        var known = cells.Where(cell => cell != "-").ToArray();
        return known.Length == 0 ? "-" : $"{known.Sum(cell => long.Parse(cell, CultureInfo.InvariantCulture))}";
    }

    private (int Code, string Errors) Timex(params string[] arguments)
    {
        using var process = lab.Inside.Start(Program, ["timex", .. arguments]);
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
