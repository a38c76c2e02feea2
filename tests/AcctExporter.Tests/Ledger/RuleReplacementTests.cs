// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Tests.Ledger;

public sealed class RuleReplacementTests
{
    [Theory]
    [InlineData("python.*", "python", "python3.11", "python")]
    [InlineData("(python|ruby)[0-9.]*", "$1", "ruby3.2", "ruby")]
    [InlineData("(a)(b)?", "${1}0-$2-$0", "a", "a0--a")]
    [InlineData("(?<name>[a-z]+)-[0-9a-f]+", "${name}-ID", "job-1f", "job-ID")]
    [InlineData("a", "$$1", "a", "$1")]
    [InlineData("(a)", "x$$$1", "a", "x$a")]
    [InlineData("(.*)(.*)", "$2", "a", @"\x00")]
    [InlineData("(.*)", "$1ther", "o", @"\x6fther")]
    [InlineData("a", "other", "a", @"\x6fther")]
    [InlineData("a", @"\x41", "a", @"\x41")]
    [InlineData(@"(\\xff)", "$1$1", @"\xff", @"\xff\xff")]
    [InlineData("(.).*", "$1", "\ud83d\ude00x", "\ufffd")]
    [InlineData("m\u00fcller", "\u00fc", "m\u00fcller", "\u00fc")]
    public void Of_IsTheLabelValue(string pattern, string text, string name, string result)
    {
        var command = RulePatternTests.Of(pattern);
        Assert.True(command.Matches(name));
        Assert.True(RuleReplacement.TryParse(text, command, out var replacement, out var fault), fault);
        Assert.Equal(result, replacement.Of(name));
        Assert.Equal(text, replacement.Text);
    }

    [Theory]
    [InlineData("(a)", "", "the replacement is empty: a command must have a name (action drop leaves its exits out)")]
    [InlineData("(a)", "$2", "the replacement '$2' uses group 2, which the pattern '(a)' does not have")]
    [InlineData("(a)", "x${n}", "the replacement 'x${n}' uses group n, which the pattern '(a)' does not have")]
    [InlineData("(a)", "$99999999999",
        "the replacement '$99999999999' uses group 99999999999, which the pattern '(a)' does not have")]
    [InlineData(null, "$1", "the replacement '$1' uses group 1, which needs a pattern for the command")]
    [InlineData("(a)", "a$",
        "the replacement 'a$' has a $ that begins no group (character 2): write $1, ${1} or ${name}, and $$ for a $")]
    [InlineData("(?<n>a)", "$n",
        "the replacement '$n' has a $ that begins no group (character 1): write $1, ${1} or ${name}, and $$ for a $")]
    [InlineData("(a)", "${1",
        "the replacement '${1' has a $ that begins no group (character 1): write $1, ${1} or ${name}, and $$ for a $")]
    [InlineData("(a)", "${}",
        "the replacement '${}' has a $ that begins no group (character 1): write $1, ${1} or ${name}, and $$ for a $")]
    [InlineData("(a)", "a\tb",
        @"the replacement 'a\u0009b' has a character that cannot be seen (U+0009): no label has one")]
    public void Fault_SaysWhatIsWrong(string? pattern, string text, string fault)
    {
        var command = pattern is null ? null : RulePatternTests.Of(pattern);
        Assert.False(RuleReplacement.TryParse(text, command, out _, out var said));
        Assert.Equal(fault, said);
    }

    [Fact]
    public void Result_IsCutAt128()
    {
        var command = RulePatternTests.Of("(.*)");
        Assert.False(RuleReplacement.TryParse(new string('a', 129), command, out _, out var fault));
        Assert.Equal("the replacement is too long: 129 characters, where 128 are allowed", fault);
        Assert.True(RuleReplacement.TryParse("$1$1$1x", command, out var replacement, out _));
        Assert.Equal(new string('a', 128), replacement.Of(new string('a', 64)));
        // No character is cut in two.
        var name = "a" + string.Concat(Enumerable.Repeat("\ud83d\ude00", 30)) + "aa";
        Assert.Equal(127, replacement.Of(name)!.Length);
    }

    [Fact]
    public void WithoutGroups_NoPatternIsNeeded()
    {
        Assert.True(RuleReplacement.TryParse("batch", null, out var replacement, out _));
        Assert.Equal("batch", replacement.Of("anything"));
    }
}
