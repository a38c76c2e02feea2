// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace AcctExporter.Web;

/// <summary>
/// A page in the making, as UTF-8. What is not written by us goes through <see cref="Text"/> or <see cref="Name"/>, in
/// elements and in attributes with quotes around them.
/// </summary>
internal sealed class HtmlBuffer
{
    private const int UsualBytes = 32 * 1024;

    private readonly ArrayBufferWriter<byte> output = new(UsualBytes);

    /// <summary>What is written so far.</summary>
    public ReadOnlyMemory<byte> Written => output.WrittenMemory;

    /// <summary>Our own markup.</summary>
    public HtmlBuffer Raw(string markup)
    {
        var room = output.GetSpan(Encoding.UTF8.GetMaxByteCount(markup.Length));
        output.Advance(Encoding.UTF8.GetBytes(markup, room));
        return this;
    }

    /// <summary>Text: escaped, and with everything hidden in it made visible.</summary>
    public HtmlBuffer Text(string text) => Raw(HtmlEncoder.Default.Encode(VisibleText.Of(text)));

    /// <summary>A number, with commas between thousands.</summary>
    public HtmlBuffer Number(ulong number) => Raw(number.ToString("N0", CultureInfo.InvariantCulture));

    /// <summary>
    /// A name that a stranger chose: kept in its own direction, in letters of one width, and broken anywhere.
    /// </summary>
    public HtmlBuffer Name(string name) => Raw("<bdi class=\"name\">").Text(name).Raw("</bdi>");

    /// <summary>A time in UTC, and how long ago it was.</summary>
    public HtmlBuffer Time(long unixSeconds, long nowUnixSeconds)
    {
        // A record's time is a number of strangers: it may lie behind the last year of a date.
        var time = DateTimeOffset.FromUnixTimeSeconds(
            Math.Clamp(unixSeconds, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
        return Raw(string.Create(CultureInfo.InvariantCulture,
            $"<time datetime=\"{time:yyyy-MM-dd'T'HH:mm:ss'Z'}\" title=\"{time:yyyy-MM-dd HH:mm:ss} UTC\">{
                Figures.Ago(nowUnixSeconds - unixSeconds)}</time>"));
    }
}
