// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.RegularExpressions;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Reports;

/// <summary>The columns of rows for programs are those that docs/processes.md lists, in its order.</summary>
public sealed partial class RowColumnsTests
{
    private const long Now = 1_811_894_400;

    private static readonly string Document = string.Join('\n', Repository.Lines("docs/processes.md"));

    [Theory]
    [InlineData("lastcomm -f")]
    [InlineData("dump-acct")]
    [InlineData("sa -u")]
    [InlineData("acctcom")]
    public void Exits_HaveTheColumnsOfTheDocument(string command)
    {
        var listed = Names(Between("each exit is a row:", "What a record does not know"));
        Assert.Equal(23, listed.Length);
        HasColumns(listed, command);
    }

    [Fact]
    public void Sums_HaveTheColumnsOfTheDocument()
    {
        // Of each row of the table the first cell.
        var table = Between("| column | unit | what |\n| --- | --- | --- |\n", "\n\n").Split('\n');
        string[] figures = [.. table.SelectMany(line => Names(line.Split('|')[1]))];
        Assert.Equal(13, figures.Length);
        HasColumns(["command", "forked_without_exec", .. figures], "sa");
        HasColumns(["user", .. figures], "sa -m");
        HasColumns(["group", .. figures], "sa -M");
        var keys = Names(Between("`--by` makes a row for each combination of", "; `--sort`"));
        Assert.Equal(13, keys.Length);
        HasColumns([.. keys, .. figures], $"sa --by {string.Join(',', keys)}");
    }

    [Fact]
    public void Commands_HaveTheColumnsOfTheDocument()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.Of("holidays"), Calendar.H);
        var listed = Names(Between("have both kinds of time:", "\n\n"));
        Assert.Equal(14, listed.Length);
        HasColumns(listed, $"acctcms --holidays {folder.Of("holidays")}");
    }

    private static void HasColumns(string[] expected, string command)
    {
        string[] words = command.Split(' ');
        var file = PacctFixture.PathOf("synth-mix");
        string[] own = words is [.., "-f"] ? [.. words[1..], file] : [.. words[1..], file];
        var csv = Applet.Run(words[0], ["--format", "csv", .. own], Now);
        Assert.Equal(0, csv.ExitCode);
        Assert.Equal(string.Join(',', expected), csv.Text.Split("\r\n")[0]);
        using var json = JsonDocument.Parse(Applet.Run(words[0], ["--format", "json", .. own], Now).Output);
        Assert.NotEqual(0, json.RootElement.GetArrayLength());
        Assert.All(json.RootElement.EnumerateArray(), row => Assert.Equal(
            expected, row.EnumerateObject().Select(member => member.Name)));
    }

    private static string Between(string begin, string end)
    {
        var at = Document.IndexOf(begin, StringComparison.Ordinal);
        Assert.True(at >= 0, begin);
        at += begin.Length;
        return Document[at..Document.IndexOf(end, at, StringComparison.Ordinal)];
    }

    private static string[] Names(string text) => [.. Quoted().Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Quoted();
}
