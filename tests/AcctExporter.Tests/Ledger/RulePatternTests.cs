// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Ledger;

public sealed class RulePatternTests
{
    [Theory]
    [InlineData("python3", "python3", true)]
    [InlineData("python3", "python3.11", false)]
    [InlineData("python3", "a python3", false)]
    [InlineData("a|b", "ab", false)]
    [InlineData("a|b", "b", true)]
    [InlineData("^a$", "a", true)]
    [InlineData("a", "A", false)]
    [InlineData("(?i)a", "A", true)]
    [InlineData("(?i)i", "\u0130", false)]
    [InlineData("a", "a\n", false)]
    [InlineData("", "", true)]
    [InlineData(".*", "", true)]
    [InlineData(".+", "", false)]
    [InlineData("(?x) a # comment\n", "a", true)]
    [InlineData(@"\\x6fther", @"\x6fther", true)]
    public void Matches_TheWholeValue(string pattern, string value, bool matches) =>
        Assert.Equal(matches, Of(pattern).Matches(value));

    [Theory]
    [InlineData("(", "'(' is no regular expression: a ( is not closed (character 1)")]
    [InlineData("a)", "'a)' is no regular expression: a ) without its ( (character 2)")]
    [InlineData("a)(?:b", "'a)(?:b' is no regular expression: a ) without its ( (character 2)")]
    [InlineData("[a", "'[a' is no regular expression: a [ is not closed (character 2)")]
    [InlineData("[b-a]",
        "'[b-a]' is no regular expression: a range in [] whose end is before its begin (character 4)")]
    [InlineData("*.py",
        "'*.py' is no regular expression: a *, +, ? or count with nothing before it (character 1)")]
    [InlineData("a**", "'a**' is no regular expression: a *, +, ? or count right behind another (character 3)")]
    [InlineData("a{2,1}", "'a{2,1}' is no regular expression: a count {n,m} with n larger than m (character 6)")]
    [InlineData("a\\", "'a\\' is no regular expression: a \\ at the end (character 2)")]
    [InlineData(@"\q", @"'\q' is no regular expression: a \ before a letter that means nothing with it (character 2)")]
    [InlineData(@"\p{Zz}",
        @"'\p{Zz}' is no regular expression: a \p{} of a property that does not exist (character 6)")]
    [InlineData(@"\p", @"'\p' is no regular expression: a \p without its {property} (character 2)")]
    [InlineData(@"\xq",
        @"'\xq' is no regular expression: a \x or \u without its hexadecimal digits (character 2)")]
    [InlineData("(?z)", "'(?z)' is no regular expression: a (? that means nothing (character 3)")]
    [InlineData("a\n(", @"'a\u000a(' is no regular expression: a ( is not closed (character 3)")]
    [InlineData("(?=a)b", "'(?=a)b' looks ahead" + NotAllowed)]
    [InlineData("a(?!b)", "'a(?!b)' looks ahead" + NotAllowed)]
    [InlineData("(?<=a)b", "'(?<=a)b' looks behind" + NotAllowed)]
    [InlineData("(?<!a)b", "'(?<!a)b' looks behind" + NotAllowed)]
    [InlineData("(?>a)", "'(?>a)' has an atomic group" + NotAllowed)]
    [InlineData("(?(a)b|c)", "'(?(a)b|c)' has a condition" + NotAllowed)]
    [InlineData(@"(a)\1", @"'(a)\1' refers back to a group" + NotAllowed)]
    [InlineData(@"\1", @"'\1' refers back to a group" + NotAllowed)]
    [InlineData(@"[(?=](?<n>a)\\\k<n>", @"'[(?=](?<n>a)\\\k<n>' refers back to a group" + NotAllowed)]
    [InlineData(@"\Ga", @"'\Ga' asks where the last match ended (\G)" + NotAllowed)]
    [InlineData("(((a{1000}){1000}){1000})",
        "'(((a{1000}){1000}){1000})' is too large: with its counts written out it has more than 10000 steps")]
    [InlineData("(?x)a # end", "'(?x)a # end' ends in a comment (#): put a line break behind it")]
    public void Fault_SaysWhatIsWrong(string pattern, string fault)
    {
        Assert.False(RulePattern.TryParse(pattern, out _, out var said));
        Assert.Equal(fault, said);
    }

    [Fact]
    public void TooLong_IsAFault()
    {
        Assert.True(RulePattern.TryParse(new string('a', 1000), out _, out var none), none);
        Assert.False(RulePattern.TryParse(new string('a', 1001), out _, out var fault));
        Assert.Equal("the pattern is too long: 1001 characters, where 1000 are allowed", fault);
    }

    /// <summary>However long and odd a text is, there is a pattern, or one line of a fault.</summary>
    [Fact]
    public void AnyText_IsAPatternOrAFault()
    {
        const string parts = @"ab()[]{}|*+?.\^$#-,=!<>:12kdwxupGzA'\n ";
        var random = new Random(7);
        for (var round = 0; round < 3_000; round++)
        {
            var text = new string(random.GetItems<char>(parts, random.Next(1, 14)));
            var isPattern = RulePattern.TryParse(text, out var pattern, out var fault);
            Assert.Equal(isPattern, fault.Length == 0);
            Assert.DoesNotContain('\n', fault);
            _ = pattern?.Matches("ab12k") ?? true;
        }
    }

    /// <summary>With a backtracking engine this would take longer than the house stands.</summary>
    [Fact]
    public void Time_IsLinear()
    {
        var pattern = Of("(a+)+b|(a|a)*c|(.*a){12}d");
        Assert.False(pattern.Matches(new string('a', 64)));
        Assert.Equal(0UL, pattern.Timeouts);
    }

    [Fact]
    public void TooSlow_IsNoMatch_AndCounted()
    {
        Assert.True(RulePattern.TryParse("(.*[ab].{15}){4}x?", TimeSpan.FromTicks(1), out var pattern, out _));
        var slow = new string(new Random(5).GetItems<char>("abcde", 5_000));
        Assert.False(pattern.Matches(slow));
        Assert.Null(pattern.GroupsOf(slow));
        Assert.Equal(2UL, pattern.Timeouts);
    }

    [Fact]
    public void ValuesLikeEarlierOnes_AllocateNothing()
    {
        var pattern = Of("kworker/.*|(python|ruby)[0-9.]*");
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                pattern.Matches("kworker/3:1");
                pattern.Matches("python3.11");
                pattern.Matches("nginx");
            }
        }));
    }

    private const string NotAllowed =
        ": look-arounds and back-references are not allowed, for they may take for ever";

    internal static RulePattern Of(string text)
    {
        Assert.True(RulePattern.TryParse(text, out var pattern, out var fault), fault);
        Assert.Equal(text, pattern.Text);
        return pattern;
    }
}
