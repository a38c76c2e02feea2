// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Service;

/// <summary>
/// One message as one line: <c>time</c> (RFC 3339, UTC, milliseconds), <c>level</c>, <c>source</c>, <c>msg</c>, then
/// what the message names, each under a key of its own; a duration is in seconds and its key says so.
/// </summary>
/// <remarks>
/// No priority of the journal (<c>&lt;4&gt;</c>) stands before a line, also where stderr is the journal's: no other
/// exporter writes one, and a line must be the same wherever it is read.
/// </remarks>
internal sealed class LogLine(LogFormat format)
{
    /// <summary>Fields of one message that are written; none of ours has half as many.</summary>
    private const int MostFields = 16;

    private const string TemplateKey = "{OriginalFormat}";

    private readonly StringBuilder line = new();
    private readonly List<string> keys = [];

    /// <summary>The word for a severity.</summary>
    public static string WordOf(LogSeverity severity) => severity switch
    {
        LogSeverity.Debug => "debug",
        LogSeverity.Info => "info",
        LogSeverity.Warn => "warn",
        _ => "error",
    };

    /// <summary>The line with its end, in UTF-8. One thread at a time.</summary>
    /// <param name="time">When.</param>
    /// <param name="severity">How much it matters.</param>
    /// <param name="source">Who says it: a part of the agent, or a category of the server.</param>
    /// <param name="message">What is said.</param>
    /// <param name="fields">What it names; null for nothing.</param>
    /// <param name="error">What went wrong, with its stack; null for nothing.</param>
    public byte[] Write(DateTimeOffset time, LogSeverity severity, string source, string message,
        IReadOnlyList<KeyValuePair<string, object?>>? fields = null, Exception? error = null)
    {
        line.Clear();
        keys.Clear();
        Append("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        Append("level", WordOf(severity));
        Append("source", source);
        Append("msg", message);
        for (var i = 0; fields is not null && i < fields.Count && keys.Count < MostFields; i++)
        {
            if (fields[i].Key != TemplateKey)
            {
                AppendField(LogText.KeyOf(fields[i].Key), fields[i].Value);
            }
        }

        if (error is not null)
        {
            Append("error", error.ToString());
        }

        line.Append(format == LogFormat.Json ? "}\n" : "\n");
        return Encoding.UTF8.GetBytes(line.ToString());
    }

    private void AppendField(string key, object? value)
    {
        switch (value)
        {
            case TimeSpan span:
                AppendBare(key + "_seconds", span.TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
                break;
            case null:
                AppendBare(key, "null");
                break;
            case bool yes:
                AppendBare(key, yes ? "true" : "false");
                break;
            case byte or sbyte or short or ushort or int or uint or long or ulong or decimal:
                AppendBare(key, ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                AppendBare(key, number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case IFormattable formattable:
                Append(key, formattable.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                Append(key, value.ToString() ?? "");
                break;
        }
    }

    private void Append(string key, string value)
    {
        if (!TryBegin(key))
        {
            return;
        }

        if (format == LogFormat.Json)
        {
            LogText.AppendQuoted(line, value);
        }
        else
        {
            LogText.AppendLogfmt(line, value);
        }
    }

    /// <summary>A value that needs no quotes in either form.</summary>
    private void AppendBare(string key, string value)
    {
        if (TryBegin(key))
        {
            line.Append(value);
        }
    }

    /// <summary>False when the line has this key: the first one counts.</summary>
    private bool TryBegin(string key)
    {
        if (key.Length == 0 || keys.Contains(key))
        {
            return false;
        }

        if (format == LogFormat.Json)
        {
            line.Append(keys.Count == 0 ? '{' : ',').Append('"').Append(key).Append("\":");
        }
        else
        {
            line.Append(keys.Count == 0 ? "" : " ").Append(key).Append('=');
        }

        keys.Add(key);
        return true;
    }
}
