// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;

namespace AcctExporter.Tests.Config;

public sealed class SuggestionTests
{
    private static readonly string[] Keys = ["pairs.limit", "pairs.idle-time", "source", "labels", "log.level", "log"];

    [Theory]
    [InlineData("pairs.limt", "pairs.limit")] // one left out
    [InlineData("pairs.limiit", "pairs.limit")] // one too many
    [InlineData("pairs.limir", "pairs.limit")] // one wrong
    [InlineData("pairs.limti", "pairs.limit")] // two exchanged
    [InlineData("PAIRS_LIMIT", "pairs.limit")]
    [InlineData("--pairs.limit", "pairs.limit")]
    [InlineData("limit", "pairs.limit")] // its end
    [InlineData("level", "log.level")]
    [InlineData("idle_time", "pairs.idle-time")]
    [InlineData("lgo", "log")]
    public void Near_IsFound(string text, string word) =>
        Assert.Equal(word, Suggestion.Nearest(text, Keys));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("foo")]
    [InlineData("taskstats")]
    [InlineData("mit")] // an end, but not behind a dot
    public void Far_IsNot(string text) => Assert.Null(Suggestion.Nearest(text, Keys));

    [Fact]
    public void OfTwo_TheNearerIsMeant() => 
        Assert.Equal("ab-cd", Suggestion.Nearest("ab-cde", ["ab-xxe", "ab-cd"]));

    [Fact]
    public void LongWords_AreNotCompared() =>
        Assert.Null(Suggestion.Nearest(new string('a', 201), [new string('a', 201)]));

    [Fact]
    public void Text_IsAQuestion_OrNothing()
    {
        Assert.Equal("; did you mean 'labels'?", Suggestion.For("label", Keys));
        Assert.Equal("", Suggestion.For("foo", Keys));
    }
}
