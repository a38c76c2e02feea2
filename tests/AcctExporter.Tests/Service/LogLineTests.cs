// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using AcctExporter.Service;
using AcctExporter.Tests.Properties;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Service;

public class LogLineTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 13, 30, 0, 123, TimeSpan.FromHours(1));

    /// <summary>Any unit of UTF-16, and those that mean something to a reader or a terminal as often.</summary>
    private static readonly Gen<char> Units = Gen.OneOf(
        Gen.Choose(0, char.MaxValue).Select(number => (char)number), Gen.Choose(0, 0xa0).Select(number => (char)number),
        Gen.Choose(0xd800, 0xdfff).Select(number => (char)number), Gen.Elements('\n', '\r', '"', '\\', '=', '\u2028'));

    [Fact]
    public void Logfmt_HasTheMessageAndWhatItNames() =>
        Assert.Equal(
            "time=2026-11-22T12:30:00.123Z level=warn source=capture msg=\"free: 1.0 %\" path=/run/a free_ratio=0.01 "
            + "delay_seconds=1.5 exits=7 nothing=null on=true\n",
            Text(LogFormat.Logfmt, "free: 1.0 %", new("Path", "/run/a"), new("FreeRatio", 0.01),
                new("Delay", TimeSpan.FromSeconds(1.5)), new("Exits", 7UL), new("Nothing", null), new("On", true),
                new("{OriginalFormat}", "free: {FreeRatio}")));

    [Fact]
    public void Json_HasTheSameKeys() =>
        Assert.Equal(
            "{\"time\":\"2026-11-22T12:30:00.123Z\",\"level\":\"warn\",\"source\":\"capture\",\"msg\":\"m\","
            + "\"path\":\"/run/a\",\"free_ratio\":0.01,\"delay_seconds\":1.5,\"exits\":7,\"nothing\":null,"
            + "\"on\":true}\n",
            Text(LogFormat.Json, "m", new("Path", "/run/a"), new("FreeRatio", 0.01),
                new("Delay", TimeSpan.FromSeconds(1.5)), new("Exits", 7UL), new("Nothing", null), new("On", true)));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [InlineData("back\\slash", "\"back\\\\slash\"")]
    [InlineData("x\nlevel=error", "\"x\\nlevel=error\"")]
    [InlineData("x\r\ny\tz", "\"x\\r\\ny\\tz\"")]
    [InlineData("\u001b[2J\u001b]0;owned\u0007", "\"\\u001b[2J\\u001b]0;owned\\u0007\"")]
    [InlineData("\u009b2J", "\"\\u009b2J\"")] // CSI as one character
    [InlineData("a\u2028b\u2029c\u0085d", "\"a\\u2028b\\u2029c\\u0085d\"")]
    [InlineData("\u202etxt.exe", "\"\\u202etxt.exe\"")] // right to left
    [InlineData("a\u200bb", "\"a\\u200bb\"")] // no width
    [InlineData("a\u00a0b", "\"a\\u00a0b\"")] // no break
    [InlineData("\udb40\udc41", "\"\\udb40\\udc41\"")] // a tag: not seen, and beyond the first plane
    [InlineData("\0", "\"\\u0000\"")]
    [InlineData("gr\u00fc\u00df \ud83d\ude00", "\"gr\u00fc\u00df \ud83d\ude00\"")]
    [InlineData("caf\u00e9", "caf\u00e9")]
    public void Value_IsOneValue_WhateverIsInIt(string value, string written)
    {
        var line = Text(LogFormat.Logfmt, "m", new KeyValuePair<string, object?>("Name", value));
        Assert.EndsWith($" msg=m name={written}\n", line, StringComparison.Ordinal);
        using var json =
            JsonDocument.Parse(Text(LogFormat.Json, value, new KeyValuePair<string, object?>("Name", value)));
        Assert.Equal(value, json.RootElement.GetProperty("name").GetString());
        Assert.Equal(value, json.RootElement.GetProperty("msg").GetString());
    }

    [Fact]
    public void HalfACharacter_IsShownAsNone() =>
        Assert.EndsWith(" msg=a\ufffdb\n", Text(LogFormat.Logfmt, "a\ud800b"), StringComparison.Ordinal);

    [Fact]
    public void AnyText_IsOneLine_AndComesBack() =>
        Holds.ForAllOf(Units, 40, 500, units =>
        {
            var value = new string(units);
            var readable = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
            var field = new KeyValuePair<string, object?>("Name", value);
            var logfmt = Text(LogFormat.Logfmt, value, field);
            var json = Text(LogFormat.Json, value, field);
            Assert.All([logfmt, json], line =>
            {
                Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
                Assert.DoesNotContain(line[..^1], letter => char.IsControl(letter));
            });
            using var parsed = JsonDocument.Parse(json);
            return parsed.RootElement.GetProperty("name").GetString() == readable;
        });

    [Fact]
    public void LongValue_IsCut_AndSaysSo()
    {
        var path = new KeyValuePair<string, object?>("Path", "\ud83d\ude00" + new string('y', 5000));
        var line = Text(LogFormat.Json, new string('x', 100_000), path);
        using var json = JsonDocument.Parse(line);
        Assert.Equal(
            new string('x', LogText.LongestValue) + "... (95904 more)",
            json.RootElement.GetProperty("msg").GetString());
        Assert.EndsWith("y... (906 more)", json.RootElement.GetProperty("path").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void KeysOfTheLine_AreNotTaken_AndNoneComesTwice()
    {
        var line = Text(LogFormat.Json, "m", new("Level", "x"), new("Source", "x"), new("Path", 1), new("Path", 2),
            new("Msg", "x"), new("", "x"), new("a b\nc\"", 3));
        Assert.EndsWith(",\"msg\":\"m\",\"path\":1,\"a_b_c_\":3}\n", line, StringComparison.Ordinal);
        Assert.Contains("\"level\":\"warn\",\"source\":\"capture\"", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Path", "path")]
    [InlineData("FreeRatio", "free_ratio")]
    [InlineData("free_ratio", "free_ratio")]
    [InlineData("ConnectionId", "connection_id")]
    [InlineData("0", "0")]
    public void Key_IsTheParameterInSnakeCase(string parameter, string key) =>
        Assert.Equal(key, LogText.KeyOf(parameter));

    [Fact]
    public void NumbersThatJsonDoesNotKnow_AreStrings()
    {
        using var json = JsonDocument.Parse(
            Text(LogFormat.Json, "m", new("Ratio", double.NaN), new("Other", double.NegativeInfinity)));
        Assert.Equal("NaN", json.RootElement.GetProperty("ratio").GetString());
    }

    [Fact]
    public void Exception_IsAField()
    {
        var line = Encoding.UTF8.GetString(new LogLine(LogFormat.Logfmt).Write(
            Noon, LogSeverity.Error, "web", "m", null, new IOException("no\nroom")));
        Assert.EndsWith(" error=\"System.IO.IOException: no\\nroom\"\n", line, StringComparison.Ordinal);
    }

    private static string Text(LogFormat format, string message, params KeyValuePair<string, object?>[] fields) =>
        Encoding.UTF8.GetString(new LogLine(format).Write(Noon, LogSeverity.Warn, "capture", message, fields));
}
