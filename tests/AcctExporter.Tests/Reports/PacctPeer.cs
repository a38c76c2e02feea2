// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// A report beside the real one of GNU acct, over many files: counts what was compared and keeps what differs, so that
/// one run tells of all of it. Every difference names the file's seed and the command line.
/// </summary>
internal sealed class PacctPeer : IDisposable
{
    private const int ToldDifferences = 6;
    private const int ToldLines = 4;

    /// <summary>No clock is asked.</summary>
    private const long Now = 1_811_894_400;

    private readonly TemporaryDirectory folder = new();
    private readonly List<string> differences = [];
    private readonly string name;

    /// <summary>A report by its name: <c>sa</c>, <c>lastcomm</c>, <c>dump-acct</c>.</summary>
    public PacctPeer(string name) => this.name = name;

    /// <summary>Pairs of outputs that were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>Where its files are.</summary>
    public string Folder => folder.Path;

    /// <summary>Writes a file and returns its name.</summary>
    public string Written(byte[] bytes, string file = "pacct")
    {
        File.WriteAllBytes(folder.Of(file), bytes);
        return folder.Of(file);
    }

    /// <summary>The real one's output.</summary>
    public ToolResult Theirs(string[] words, string zone = "UTC", byte[]? input = null)
    {
        var program = name switch
        {
            "sa" => ClassicTool.Sa,
            "lastcomm" => ClassicTool.Lastcomm,
            _ => ClassicTool.DumpAcct,
        };
        return ClassicTool.Run(program, words, 0, zone, input, Folder);
    }

    /// <summary>Our output, in this process.</summary>
    public ToolResult Ours(string[] words, string zone = "UTC", byte[]? input = null) =>
        Applet.Run(name, words, Now, zone, input);

    /// <summary>Keeps a difference between two outputs, if there is one.</summary>
    /// <param name="about">The file, with its seed.</param>
    /// <param name="words">Our command line.</param>
    /// <param name="theirs">What the real one wrote.</param>
    /// <param name="ours">What ours wrote.</param>
    /// <param name="status">The exit code that ours owes.</param>
    public void Compare(string about, string[] words, byte[] theirs, ToolResult ours, int status = 0)
    {
        Compared++;
        if (ours.ExitCode != status)
        {
            Differs(about, words, $"exit code {ours.ExitCode} instead of {status}: {ours.Errors.TrimEnd()}");
        }
        else if (!theirs.AsSpan().SequenceEqual(ours.Output))
        {
            Differs(about, words, Difference(Encoding.Latin1.GetString(theirs), ours.Text));
        }
    }

    /// <summary>Keeps something that is wrong.</summary>
    public void Differs(string about, string[] words, string what) => differences.Add(
        $"{about}\n  {name} {string.Join(' ', words.Select(word => word.Length == 0 ? "''" : word))}\n{what}");

    /// <summary>Fails when anything differed.</summary>
    public void AssertAgrees(int least)
    {
        Assert.True(
            differences.Count == 0,
            $"{differences.Count} of {Compared} differ:\n\n" + string.Join("\n\n", differences.Take(ToldDifferences)));
        Assert.True(Compared >= least, $"only {Compared} were compared");
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    private static string Difference(string theirs, string ours)
    {
        var (their, our) = (theirs.Split('\n'), ours.Split('\n'));
        var places = Enumerable.Range(0, Math.Max(their.Length, our.Length))
            .Where(i => At(their, i) != At(our, i)).Take(ToldLines);
        return $"  {their.Length - 1} lines of theirs, {our.Length - 1} of ours"
            + (their.Order(StringComparer.Ordinal).SequenceEqual(our.Order(StringComparer.Ordinal))
                ? ", the same in another order" : "")
            + string.Concat(places.Select(
                i => $"\n  line {i + 1}\n    theirs: {At(their, i)}\n    ours:   {At(our, i)}"));
    }

    private static string At(string[] lines, int i) =>
        i < lines.Length ? Applet.Shown(Encoding.Latin1.GetBytes(lines[i])) : "(none)";
}
