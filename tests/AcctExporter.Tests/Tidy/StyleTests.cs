// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace AcctExporter.Tests.Tidy;

/// <summary>The house style of CONTRIBUTING.md, as far as a machine can see it.</summary>
public partial class StyleTests
{
    private const int ColumnsMax = 120;
    private const int LinesMax = 350;
    private const string Header = "// SPDX-License-Identifier: Apache-2.0";

    /// <summary>Lanes that a test may ask for (tests/run.sh); a test without one is in the lane fast.</summary>
    private static readonly string[] Lanes = ["kernel", "peers"];

    [Fact]
    public void Files_BeginWithTheLicence() => Repository.None(
        Sources().Where(path => Repository.Lines(path).FirstOrDefault() != Header)
            .Select(path => $"{path}: the first line is not '{Header}'"));

    [Fact]
    public void Files_HaveOneSubject() => Repository.None(
        from path in Sources()
        let count = Repository.Lines(path).Length
        where count > LinesMax
        select $"{path}: {count} lines, at most {LinesMax}: it has two subjects");

    [Fact]
    public void Lines_FitTheScreen() => Repository.None(
        Sources().SelectMany(path => Faults(path, TooWide, $"more than {ColumnsMax} columns")));

    [Fact]
    public void NothingIsPutOff() => Repository.None(
        Sources().SelectMany(path => Faults(path, IsPutOff, "do it, or open an issue")));

    [Fact]
    public void Metrics_AreSpelledInTheCatalogOnly() => Repository.None(
        Repository.Sources("src").Where(path => !Catalog().IsMatch(path))
            .SelectMany(path => Faults(path, SpellsAMetric, "a metric is named by its row in Metrics/Catalog")));

    [Fact]
    public void OnlyProgram_CatchesEverything() => Repository.None(
        Repository.Sources("src").Where(path => path != "src/AcctExporter/Program.cs")
            .SelectMany(path => Faults(path, CatchesEverything, "catch what can be outlived, by its type")));

    [Fact]
    public void Unsafe_IsInKernelAndOneFileOfLedger()
    {
        var files = Repository.Sources("src")
            .Where(path => !path.StartsWith("src/AcctExporter/Kernel/", StringComparison.Ordinal))
            .Where(path => Repository.Lines(path).Any(IsUnsafe))
            .ToArray();

        Repository.None(files.Where(path => !path.StartsWith("src/AcctExporter/Ledger/", StringComparison.Ordinal))
            .Select(path => $"{path}: unsafe is for Kernel, and for the one hot table of Ledger"));
        Assert.True(files.Length <= 1, $"One file of Ledger may be unsafe: {string.Join(", ", files)}");
    }

    [Fact]
    public void Lanes_AreThoseOfTheTestCommand() => Repository.None(
        from path in Repository.Sources("tests/AcctExporter.Tests")
        from line in Repository.Lines(path)
        from Match lane in Lane().Matches(Repository.Code(line))
        where !Lanes.Contains(lane.Groups[1].Value)
        select $"{path}: no lane {lane.Groups[1].Value}: {string.Join(", ", Lanes)}");

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        Assert.True(TooWide(new string('x', ColumnsMax + 1)));
        Assert.False(TooWide(new string('x', ColumnsMax)));
        Assert.True(IsPutOff("// TO" + "DO: later"));
        Assert.True(SpellsAMetric("    var name = \"acct_process_exits_total\";"));
        Assert.True(SpellsAMetric("    var name = \"acct.process.exits\";"));
        Assert.True(SpellsAMetric("  - see `acct_accounting_active` in a raw string"));
        Assert.False(SpellsAMetric("  - **Pairs** (`acct_process_*`) in a raw string"));
        Assert.False(SpellsAMetric("    /// <summary>Counted as acct_process_exits_total.</summary>"));
        Assert.True(CatchesEverything("        catch (Exception error)"));
        Assert.True(CatchesEverything("        catch"));
        Assert.True(CatchesEverything("        catch (Exception error) when (Log(error))"));
        Assert.False(CatchesEverything("catch (Exception error) when (error is IOException or FormatException)"));
        Assert.False(CatchesEverything("        catch (IOException error)"));
        Assert.True(IsUnsafe("internal static unsafe class Table"));
        Assert.False(IsUnsafe("// unsafe would be no faster here"));
        Assert.Equal("var url = \"http://x\"; ", Repository.Code("var url = \"http://x\"; // a comment"));
    }

    private static IEnumerable<string> Sources() => Repository.Sources("src").Concat(Repository.Sources("tests"));

    private static IEnumerable<string> Faults(string path, Func<string, bool> breaks, string rule) =>
        Repository.Lines(path)
            .Select((line, index) => breaks(line) ? $"{path}:{index + 1}: {rule}" : "")
            .Where(fault => fault.Length > 0);

    private static bool TooWide(string line) => line.Length > ColumnsMax;

    private static bool IsPutOff(string line) => PutOff().IsMatch(line);

    private static bool SpellsAMetric(string line) => MetricName().IsMatch(Repository.Code(line));

    private static bool CatchesEverything(string line) => CatchAll().IsMatch(Repository.Code(line));

    private static bool IsUnsafe(string line) => UnsafeWord().IsMatch(Repository.Code(line));

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|XX[X])\b")]
    private static partial Regex PutOff();

    /// <summary>A whole name, also in the text of a document; a family of names (<c>acct_x_*</c>) is none.</summary>
    [GeneratedRegex(@"\bacct_\w*[a-z0-9](?!\w)|\bacct\.process\.[a-z]")]
    private static partial Regex MetricName();

    /// <summary>The catalog may be one partial class in several files.</summary>
    [GeneratedRegex(@"^src/AcctExporter/Metrics/Catalog(\.\w+)?\.cs$")]
    private static partial Regex Catalog();

    /// <summary>With a filter by type it is a list of types, which is what is wanted.</summary>
    [GeneratedRegex(@"\bcatch\s*($|\{|\((System\.)?Exception\b(?!.*\bwhen \(\w+ is ))")]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex UnsafeWord();

    [GeneratedRegex(@"Trait\(""Lane"",\s*""(\w+)""\)")]
    private static partial Regex Lane();
}
