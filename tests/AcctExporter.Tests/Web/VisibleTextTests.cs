// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Tests.Properties;
using AcctExporter.Web;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Web;

/// <summary>Names of strangers on the page.</summary>
public sealed class VisibleTextTests
{
    /// <summary>Letters that mean something to HTML, to direction or to width, and others.</summary>
    private const string Letters =
        "<>&\"'`=/ \t\n\r\0aZ-!;#x\\\u200b\u202e\u2066\u2069\u0301\u0300\u3164\u2800\u00a0\u3000\ufe0f\ufeff\ue000"
        + "\u05d0\u0628\u65e5\u00e9";

    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.Elements(Letters.ToCharArray()).ArrayOf().Resize(15).Select(letters => new string(letters)),
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().Resize(15).Select(name => LabelText.Escape(name)),
        Gen.Choose(0, 0xffff).Select(value => (char)value).ArrayOf().Resize(15).Select(units => new string(units)));

    [Theory]
    [InlineData("sh", "sh")]
    [InlineData("caf\u00e9", "caf\u00e9")]
    [InlineData("\u65e5\u672c\u8a9e", "\u65e5\u672c\u8a9e")]
    [InlineData("\ud83d\ude00", "\ud83d\ude00")]
    [InlineData(@"\x1b", @"\x1b")]
    [InlineData("a\u202egpj.exe", @"a\u{202e}gpj.exe")]
    [InlineData("a\u200bb", @"a\u{200b}b")]
    [InlineData("\u3164", @"\u{3164}")]
    [InlineData("\u2800", @"\u{2800}")]
    [InlineData("a\u00a0b", @"a\u{a0}b")]
    [InlineData("a\nb", @"a\u{a}b")]
    [InlineData("\u0301a", @"\u{301}a")]
    [InlineData("e\u0301", "e\u0301")]
    [InlineData("e\u0301\u0301\u0301\u0301", "e\u0301\u0301\\u{301}\\u{301}")]
    [InlineData("  a b ", @"\u{20}\u{20}a b\u{20}")]
    [InlineData("\ue000", @"\u{e000}")]
    [InlineData("a\udb40\udd00b", @"a\u{e0100}b")]
    public void WhatHides_IsMadeVisible(string name, string shown) => Assert.Equal(shown, VisibleText.Of(name));

    [Fact]
    public void WhatIsNotKnown_IsADash() =>
        Assert.Equal(("\u2013", "\u2013"), (Figures.Rate(double.NaN), Figures.Percent(double.NaN)));

    [Fact]
    public void HalfACharacter_IsReplaced() => Assert.Equal("a\ufffdb", VisibleText.Of("a\ud800b"));

    [Fact]
    public void NoNameHidesAnything() => Holds.ForAll(Names, 20_000, name =>
        VisibleText.Of(name).EnumerateRunes().All(rune => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
            (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse)));

    /// <summary>The markup is our own element around text; a reader of HTML gets back what is to be shown.</summary>
    [Fact]
    public void NoNameIsMarkup() => Holds.ForAll(Names, 20_000, name =>
    {
        const string before = "<bdi class=\"name\">";
        const string behind = "</bdi>";
        var html = Encoding.UTF8.GetString(new HtmlBuffer().Name(name).Written.Span);
        var inner = html[before.Length..^behind.Length];
        return html.StartsWith(before, StringComparison.Ordinal) && html.EndsWith(behind, StringComparison.Ordinal)
            && inner.AsSpan().IndexOfAny("<>\"'") < 0 && WebUtility.HtmlDecode(inner) == VisibleText.Of(name);
    });

    [Theory]
    [InlineData(0, "0", "0", "0.0 ms", "0%")]
    [InlineData(0.0004, "0", "0.00", "0.4 ms", "<0.1%")]
    [InlineData(0.5, "0", "0.5", "0.50 s", "50%")]
    [InlineData(12.34, "12", "12.3", "12.3 s", "1234%")]
    [InlineData(9999, "9,999", "9,999", "2.8 h", "999900%")]
    [InlineData(12_345, "12.3k", "12.3k", "3.4 h", "1234500%")]
    [InlineData(1_234_567, "1.23M", "1.23M", "14.3 d", "123456700%")]
    public void Figures_AreReadAtAGlance(double value, string count, string rate, string seconds, string percent) =>
        Assert.Equal(
            (count, rate, seconds, percent),
            (Figures.Count(value), Figures.Rate(value), Figures.Seconds(value), Figures.Percent(value)));

    [Theory]
    [InlineData(-5, "just now")]
    [InlineData(119, "119 s ago")]
    [InlineData(120, "2 min ago")]
    [InlineData(7200, "2 h ago")]
    [InlineData(172_800, "2 d ago")]
    public void Times_AreSaidByTheirAge(long seconds, string text) => Assert.Equal(text, Figures.Ago(seconds));

    /// <summary>A record's time is a number of strangers.</summary>
    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void AnyTime_IsWritten(long seconds) => Assert.StartsWith("<time datetime=\"", Encoding.UTF8.GetString(
        new HtmlBuffer().Time(seconds, 1_700_000_000).Written.Span), StringComparison.Ordinal);
}
