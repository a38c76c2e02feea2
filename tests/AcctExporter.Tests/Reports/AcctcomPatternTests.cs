// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;
using System.Text;
using System.Text.RegularExpressions;

namespace AcctExporter.Tests.Reports;

/// <summary>The patterns of <c>acctcom -n</c>, by the words of regcmp(3), and beside .NET's expressions.</summary>
public class AcctcomPatternTests
{
    [Theory]
    [InlineData("cc1", "cc1", true)]
    [InlineData("c", "cc1", true)]
    [InlineData("", "cc1", true)]
    [InlineData("^c1", "cc1", false)]
    [InlineData("^cc", "cc1", true)]
    [InlineData("c$", "cc1", false)]
    [InlineData("c1$", "cc1", true)]
    [InlineData("^$", "", true)]
    [InlineData("^$", "x", false)]
    [InlineData("^.$", "x", true)]
    [InlineData("^c+1", "cc1", true)]
    [InlineData("^d*c", "cc1", true)]
    [InlineData("[0-9]", "cc1", true)]
    [InlineData("[^c1]", "cc1", false)]
    [InlineData("[]x]", "a]", true)]
    [InlineData("[a-]$", "x-", true)]
    [InlineData("^c{2}1", "cc1", true)]
    [InlineData("^c{3,}", "cc1", false)]
    [InlineData("^c{1,2}1$", "cc1", true)]
    [InlineData("^c{1}1$", "cc1", false)]
    [InlineData("^(ab)+$", "ababab", true)]
    [InlineData("^(ab)+$", "ababa", false)]
    [InlineData("^(a)$0b", "ab", true)]
    [InlineData("^((a*)b{2,3})*c", "abbbbbabbc", true)]
    [InlineData(@"\.", "a.b", true)]
    [InlineData(@"\.", "ab", false)]
    [InlineData(@"a\$", "a$", true)]
    [InlineData("a|b", "a", false)]
    [InlineData("a|b", "a|b", true)]
    [InlineData("a?b", "b", false)]
    [InlineData("a$b", "a$b", true)]
    [InlineData("*a", "*a", true)]
    public void APattern_MeansWhatRegcmpSays(string pattern, string name, bool matches) =>
        Assert.Equal(matches, Of(pattern).Matches(CommandName.From(Encoding.UTF8.GetBytes(name))));

    [Fact]
    public void TheClassicCommand_LooksAtEightLetters_UpToABlank()
    {
        Assert.False(Of("d$", compat: true).Matches(CommandName.From("kernel-l d"u8)));
        Assert.True(Of("-l$", compat: true).Matches(CommandName.From("kernel-long"u8)));
        Assert.True(Of("^ab$", compat: true).Matches(CommandName.From("ab c"u8)));
        Assert.False(Of("^ab$").Matches(CommandName.From("ab c"u8)));
    }

    [Theory]
    [InlineData("[a", "there is a [ without a ]")]
    [InlineData("(a", "there is a ( without a )")]
    [InlineData("a)", "there is a ) without a (")]
    [InlineData(@"a\", @"nothing follows the \ at its end")]
    [InlineData("a{", "how often? {m}, {m,} or {m,n}, up to 255")]
    [InlineData("a{2,1}", "how often? {m}, {m,} or {m,n}, up to 255")]
    [InlineData("a{256}", "how often? {m}, {m,} or {m,n}, up to 255")]
    [InlineData("a{-1}", "how often? {m}, {m,} or {m,n}, up to 255")]
    public void WhatIsNoPattern_IsSaid(string pattern, string fault)
    {
        Assert.False(AcctcomPattern.TryRead(pattern, false, out _, out var said));
        Assert.Equal(fault, said);
    }

    [Fact]
    public void TooMuch_IsRefused()
    {
        Assert.False(AcctcomPattern.TryRead(new string('a', 257), false, out _, out var fault));
        Assert.Equal("it is longer than 256 bytes", fault);
        Assert.False(AcctcomPattern.TryRead(new string('(', 17) + new string(')', 17), false, out _, out fault));
        Assert.Equal("more than 16 ( in one another", fault);
    }

    /// <summary>What makes others take for ever: it ends, with the right answer.</summary>
    [Fact]
    public void CountsInCounts_Match()
    {
        const string inner = "((((((((((a*)*)*)*{255})+)*{9,255})*)+)*)*)*b";
        Assert.False(Of($"^{inner}$").Matches(CommandName.From("aaaaaaaaaaaaaaac"u8)));
        Assert.True(Of($"^{inner}$").Matches(CommandName.From("aaaaaaaaaaaaaaab"u8)));
    }

    /// <summary>Patterns of what both have, made at random.</summary>
    [Fact]
    public void AnyPattern_MeansWhatDotNetSays() => Holds.ForAll(Gen.Choose(0, int.MaxValue - 1), 3000, seed =>
    {
        var random = new Random(seed);
        var pattern = Random(random, 3);
        var name = string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => "abc"[random.Next(3)]));
        return Of(pattern).Matches(CommandName.From(Encoding.UTF8.GetBytes(name)))
            == Regex.IsMatch(name, $"(?s){pattern.TrimEnd('$')}{(pattern.EndsWith('$') ? @"\z" : "")}");
    });

    private static string Random(Random random, int depth)
    {
        var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(depth > 0 ? 6 : 4) switch
        {
            0 => ".",
            1 => "[a-b]",
            2 => "[^b]",
            3 => "abc"[random.Next(3)].ToString(),
            _ => $"({Inner(random, depth - 1)})",
        } + random.Next(6) switch { 0 => "*", 1 => "+", 2 => "{2}", 3 => "{1,2}", _ => "" });
        return (random.Next(3) == 0 ? "^" : "") + string.Concat(parts) + (random.Next(3) == 0 ? "$" : "");
    }

    private static string Inner(Random random, int depth) => Random(random, depth).TrimStart('^').TrimEnd('$');

    private static AcctcomPattern Of(string pattern, bool compat = false) =>
        AcctcomPattern.TryRead(pattern, compat, out var read, out var fault) ? read
            : throw new InvalidOperationException(fault);
}
