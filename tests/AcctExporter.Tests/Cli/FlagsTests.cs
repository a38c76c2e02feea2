// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Capture;
using AcctExporter.Cli;

namespace AcctExporter.Tests.Cli;

public class FlagsTests
{
    [Theory]
    [InlineData("on", TaskStatsMode.On)]
    [InlineData("OFF", TaskStatsMode.Off)]
    [InlineData("auto", TaskStatsMode.Auto)]
    public void Choice_TakesTheWords(string word, object mode) =>
        Assert.Equal(mode, Parse(word, out var flag).GetValue(flag));

    /// <summary>A number is not a word either, though it is a value of the enumeration.</summary>
    [Theory]
    [InlineData("maybe")]
    [InlineData("1")]
    [InlineData("")]
    public void Choice_NamesTheWords_ToWhoeverGivesAnother(string word)
    {
        var error = Assert.Single(Parse(word, out _).Errors);
        Assert.Equal($"--taskstats: '{word}' is none of auto, on, off", error.Message);
    }

    private static ParseResult Parse(string word, out Option<TaskStatsMode> flag)
    {
        flag = Flags.Choice("--taskstats", "", TaskStatsMode.Auto);
        return new RootCommand { flag }.Parse(["--taskstats", word]);
    }
}
