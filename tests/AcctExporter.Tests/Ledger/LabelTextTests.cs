// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Tests.Properties;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Ledger;

/// <summary>Bytes that anybody chose become label values: one to one, and harmless.</summary>
public sealed class LabelTextTests
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// What an escape is made of, what looks like one, and what UTF-8 is made of: pieces that could be confused.
    /// </summary>
    private static readonly byte[][] Confusing =
    [
        [.. @"\"u8], [.. "x"u8], [.. @"\x"u8], [.. "ff"u8], [.. "5c"u8], [0xff], [0xc3], [0xa9], [.. "é"u8],
        [.. "other"u8], [.. @"\x6fther"u8], [.. @"\x5c"u8], [.. @"\xff"u8], [.. "00"u8], [.. "o"u8], [.. "ther"u8],
        [.. "\n"u8], [.. "n"u8], [.. "\""u8], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [.. "😀"u8], [0x7f], [0xc2, 0x85],
        [.. "\u2028"u8], [.. "\u202e"u8], [.. "\ufffd"u8], [.. "\ufeff"u8], [0xc0, 0x80], [.. " "u8],
        [.. "\\\\"u8], [1],
    ];

    private static Gen<byte[]> Names { get; } = Gen.OneOf(
        Gen.Choose(1, 255).ArrayOf().Resize(20).Select(bytes => bytes.Select(value => (byte)value).ToArray()),
        Gen.Elements(Confusing).ArrayOf().Resize(6).Select(parts => parts.SelectMany(part => part).ToArray()));

    [Theory]
    [InlineData("sh", "sh")]
    [InlineData("kworker/3:1", "kworker/3:1")]
    [InlineData("two words", "two words")]
    [InlineData("caf\u00e9", "caf\u00e9")]
    [InlineData("say \"hi\"", "say \"hi\"")]
    [InlineData(@"back\slash", @"back\slash")]
    [InlineData(@"\n", @"\n")]
    [InlineData("line\nbreak", @"line\x0abreak")]
    [InlineData(@"\xff", @"\x5cxff")]
    [InlineData(@"\\x", @"\\x5cx")]
    [InlineData("other", @"\x6fther")]
    [InlineData("others", "others")]
    [InlineData("", @"\x00")]
    [InlineData("\u2028", @"\xe2\x80\xa8")]
    [InlineData("\u202etxt", @"\xe2\x80\xaetxt")]
    [InlineData("\u0085", @"\xc2\x85")]
    public void Escape_GivesTheLabelValue(string name, string label) =>
        Assert.Equal(label, LabelText.Escape(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("ff", @"\xff")]
    [InlineData("c328", @"\xc3(")]
    [InlineData("61edA080", @"a\xed\xa0\x80")]
    [InlineData("5cff", @"\\xff")]
    public void Escape_SpellsBytes_ThatAreNoUtf8(string hex, string label) =>
        Assert.Equal(label, LabelText.Escape(Convert.FromHexString(hex)));

    /// <summary>Whoever knows the rule can read the name back: so no two names share a label value.</summary>
    [Fact]
    public void Escape_IsOneToOne() => Holds.ForAll(
        Names, 20_000, name => Unescape(LabelText.Escape(name)).AsSpan().SequenceEqual(name));

    [Fact]
    public void Escape_KeepsApart_WhatIsMadeToCollide()
    {
        var labels = new Dictionary<string, string>();
        var names = from a in Confusing from b in Confusing from c in Confusing select (byte[])[.. a, .. b, .. c];
        foreach (var name in names)
        {
            var hex = Convert.ToHexString(name);
            var label = LabelText.Escape(name);
            Assert.True(labels.TryAdd(label, hex) || labels[label] == hex, $"{label}: {labels[label]} and {hex}");
        }
    }

    [Fact]
    public void Escape_IsHarmlessText() => Holds.ForAll(Names, 20_000, name =>
    {
        var label = LabelText.Escape(name);
        return label.Length > 0 && label != LabelText.Other && Strict.GetByteCount(label) >= 0
            && label.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
                or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));
    });

    [Fact]
    public void Escape_FitsTheRoomThatItAsksFor() => Holds.ForAll(Names, 20_000, name =>
    {
        var room = new char[Math.Max(8, name.Length * LabelText.LongestEscape)];
        var written = LabelText.Escape(name, room);
        return new string(room, 0, written) == LabelText.Escape(name);
    });

    private static byte[] Unescape(string label)
    {
        if (label == @"\x00")
        {
            return [];
        }

        var name = new List<byte>();
        for (var at = 0; at < label.Length;)
        {
            if (label.AsSpan(at).StartsWith(@"\x"))
            {
                name.AddRange(Convert.FromHexString(label.AsSpan(at + 2, 2)));
                at += 4;
            }
            else
            {
                var rune = Rune.GetRuneAt(label, at);
                name.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
                at += rune.Utf16SequenceLength;
            }
        }

        return [.. name];
    }
}
