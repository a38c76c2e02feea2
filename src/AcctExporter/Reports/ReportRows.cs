// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace AcctExporter.Reports;

/// <summary>
/// Rows of named values as JSON or CSV: stable names, base units (seconds, bytes), instants as RFC 3339 in UTC. Each
/// row gives a value, or nothing, for every column in the order of their names. Bytes that are no UTF-8 become U+FFFD.
/// </summary>
internal sealed class ReportRows
{
    private static readonly JavaScriptEncoder Escapes = JavaScriptEncoder.Create(UnicodeRanges.All);

    private readonly ReportText text;
    private readonly bool json;
    private readonly byte[][] names;
    private long rows;
    private int column;
    private bool inRow;

    /// <summary>Begins the output.</summary>
    /// <param name="text">Where it goes.</param>
    /// <param name="format">JSON or CSV.</param>
    /// <param name="names">The columns: lower case with underscores, the unit last (<c>connect_seconds</c>).</param>
    public ReportRows(ReportText text, ReportFormat format, params string[] names)
    {
        this.text = text;
        json = format == ReportFormat.Json;
        this.names = [.. names.Select(Encoding.UTF8.GetBytes)];
        if (json)
        {
            text.Add((byte)'[');
        }
        else
        {
            text.Add(Encoding.UTF8.GetBytes(string.Join(',', names)));
            text.Add("\r\n"u8);
        }
    }

    /// <summary>Begins a row, and ends the one before.</summary>
    public void Row()
    {
        EndRow();
        if (json)
        {
            text.Add(rows == 0 ? "\n{"u8 : ",\n{"u8);
        }

        rows++;
        column = 0;
        inRow = true;
    }

    /// <summary>A text.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        Begin();
        if (json)
        {
            text.Add((byte)'"');
            AddEscaped(value);
            text.Add((byte)'"');
        }
        else
        {
            AddField(value);
        }
    }

    /// <summary>A text.</summary>
    public void Add(string value) => Add(Encoding.UTF8.GetBytes(value));

    /// <summary>A whole number.</summary>
    public void Add(long value)
    {
        Begin();
        text.Add(value);
    }

    /// <summary>True or false.</summary>
    public void Add(bool value)
    {
        Begin();
        text.Add(value ? "true"u8 : "false"u8);
    }

    /// <summary>A number with a fraction; what is no number is left out.</summary>
    public void Add(double value)
    {
        if (!double.IsFinite(value))
        {
            AddNothing();
            return;
        }

        Begin();
        Utf8Formatter.TryFormat(value, text.Room(32), out var written);
        text.Advance(written);
    }

    /// <summary>An instant: <c>2026-07-02T07:30:00Z</c>, with microseconds when it has some.</summary>
    public void AddInstant(long unixSeconds, int microseconds = 0)
    {
        if (unixSeconds is < -62_135_596_800 or > 253_402_300_799)
        {
            AddNothing();
            return;
        }

        Begin();
        var instant = DateTimeOffset.FromUnixTimeSeconds(unixSeconds).UtcDateTime.AddMicroseconds(microseconds);
        var format = microseconds == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
        var quote = json ? 1 : 0;
        var room = text.Room(32);
        room[0] = (byte)'"';
        instant.TryFormat(room[quote..], out var written, format, System.Globalization.CultureInfo.InvariantCulture);
        text.Advance(written + quote);
        if (json)
        {
            text.Add((byte)'"');
        }
    }

    /// <summary>What is not known: null in JSON, an empty field in CSV.</summary>
    public void AddNothing()
    {
        Begin();
        if (json)
        {
            text.Add("null"u8);
        }
    }

    /// <summary>Everything so far to the output, the last row whole.</summary>
    public void Flush()
    {
        EndRow();
        text.Flush();
    }

    /// <summary>Ends the output; call it once, also without rows.</summary>
    public void End()
    {
        EndRow();
        if (json)
        {
            text.Add(rows == 0 ? "]\n"u8 : "\n]\n"u8);
        }

        text.Flush();
    }

    private void EndRow()
    {
        if (inRow)
        {
            text.Add(json ? "}"u8 : "\r\n"u8);
            inRow = false;
        }
    }

    private void Begin()
    {
        if (column > 0)
        {
            text.Add((byte)',');
        }

        if (json)
        {
            text.Add((byte)'"');
            text.Add(names[column]);
            text.Add("\":"u8);
        }

        column++;
    }

    private void AddEscaped(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            var room = text.Room(1024);
            Escapes.EncodeUtf8(value, room, out var consumed, out var written);
            text.Advance(written);
            value = value[consumed..];
        }
    }

    private void AddField(ReadOnlySpan<byte> value)
    {
        if (value.IndexOfAny(",\"\r\n"u8) < 0 && Utf8.IsValid(value))
        {
            text.Add(value);
            return;
        }

        var escaped = Encoding.UTF8.GetString(value).Replace("\"", "\"\"", StringComparison.Ordinal);
        text.Add((byte)'"');
        text.Add(Encoding.UTF8.GetBytes(escaped));
        text.Add((byte)'"');
    }
}
