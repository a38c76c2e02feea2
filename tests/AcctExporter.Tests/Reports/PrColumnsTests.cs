// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Reports;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Reports;

/// <summary>Columns on pages, against pr of GNU coreutils, and those of ours that lose nothing.</summary>
public class PrColumnsTests
{
    private static readonly DateTimeOffset At = new(2026, 7, 2, 4, 0, 0, TimeSpan.Zero);

    public static TheoryData<int, int> Amounts
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (var lines in new[] { 1, 2, 3, 4, 5, 55, 56, 57, 112, 113, 167, 168, 169, 170, 340, 1000 })
            {
                data.Add(lines, 8);
                data.Add(lines, 40);
            }

            return data;
        }
    }

    [Theory]
    [Trait("Lane", "peers")]
    [MemberData(nameof(Amounts))]
    public void ThreeColumns_AreThoseOfPr(int count, int longest)
    {
        var random = new Random(count + longest);
        var lines = Enumerable.Range(0, count)
            .Select(_ => new string('x', random.Next(1, longest + 1))).ToArray();
        var pr = ClassicTool.Run(
            Tools.Installed("/usr/bin/pr", "coreutils"), ["-3", "-h", "LAST LOGIN", "-D", "2026-07-02 04:00"], 0,
            input: Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        Assert.Equal(0, pr.ExitCode);
        Assert.Equal(pr.Text, Ours(lines, cuts: true));
    }

    [Fact]
    public void OfOurs_NoLineIsCut()
    {
        // 23 letters fit into three columns, 35 into two.
        Assert.Equal(
            ["a", "b", "c"], Body(["a", "b", "c"]).Single().Split('\t', StringSplitOptions.RemoveEmptyEntries));
        Assert.Single(Body([new('a', 23), "b", "c"]));
        Assert.Equal(2, Body([new('a', 24), "b", "c"]).Length);
        Assert.Equal(2, Body([new('a', 35), "b", "c"]).Length);
        Assert.Equal([new('a', 36), "b", "c"], Body([new('a', 36), "b", "c"]));
    }

    [Fact]
    public void WithoutLines_ThereIsNoPage() => Assert.Empty(Ours([], cuts: true));

    private static string[] Body(string[] lines) =>
        [.. Ours(lines, cuts: false).Split('\n').Skip(5).TakeWhile(line => line.Length > 0)];

    private static string Ours(string[] lines, bool cuts)
    {
        var output = new MemoryStream();
        var text = new ReportText(output);
        var pages = new PrPages(text, "LAST LOGIN", At);
        PrColumns.Write(pages, [.. lines.Select(Encoding.ASCII.GetBytes)], 3, cuts);
        pages.End();
        text.Flush();
        return Encoding.ASCII.GetString(output.ToArray());
    }
}
