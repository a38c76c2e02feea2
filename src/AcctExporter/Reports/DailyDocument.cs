// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// The daily report as one document of JSON. Its names are stable; a part whose file cannot be read, or is not kept of
/// an earlier day, is null. Users and commands have the columns that <c>prtacct</c> and <c>acctcms</c> have as rows.
/// </summary>
internal static partial class DailyDocument
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary>Writes all of it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Stream output, DailyReport report) => Write(output, report, "daily", json =>
    {
        WriteReboots(json, report.Reboots);
        WriteLines(json, report.LineUse);
        Rows(json, "users", report.Users, UserRows);
        Rows(json, "commands", report.Commands, (stream, summary) =>
            CommandRows.Write(stream, ReportFormat.Json, summary, CommandPage.Rows(summary)));
        Rows(json, "period_commands", report.PeriodCommands, (stream, summary) =>
            CommandRows.Write(stream, ReportFormat.Json, summary, CommandPage.Rows(summary)));
        WriteLastLogins(json, report.LastLogins);
        WriteStates(json, report.States);
    });

    /// <summary>Writes the exceptions only.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="report">The report.</param>
    /// <param name="ofCommands">Those of commands.</param>
    /// <param name="ofUsers">Those of users.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteExceptions(Stream output, DailyReport report, bool ofCommands, bool ofUsers) =>
        Write(output, report, "exceptions", json =>
        {
            if (ofCommands)
            {
                Rows(json, "commands", report.Commands, (stream, summary) =>
                    CommandRows.Write(stream, ReportFormat.Json, summary, DailyExceptions.Of(summary)));
            }

            if (ofUsers)
            {
                Rows(json, "users", report.Users, (stream, users) => UserRows(stream, DailyExceptions.Of(users)));
            }
        });

    private static void Write(Stream output, DailyReport report, string kind, Action<Utf8JsonWriter> parts)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("report", kind);
            json.WriteString("host", report.Head.Host);
            json.WriteString("day", report.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteString(
                "time", report.Head.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            parts(json);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
        output.Flush();
    }

    private static void UserRows(Stream stream, UserTable<TacctSums> users) =>
        DailyRows.Write(stream, ReportFormat.Json, users);

    private static void Rows<T>(Utf8JsonWriter json, string name, T? part, Action<Stream, T> write)
        where T : class
    {
        json.WritePropertyName(name);
        if (part is null)
        {
            json.WriteNullValue();
            return;
        }

        var memory = new MemoryStream();
        write(memory, part);
        json.WriteRawValue(memory.GetBuffer().AsSpan(0, (int)memory.Length).TrimEnd((byte)'\n'));
    }

    private static void WriteReboots(Utf8JsonWriter json, byte[]? reboots)
    {
        json.WritePropertyName("reboots");
        if (reboots is null)
        {
            json.WriteNullValue();
            return;
        }

        var lines = LoginlogText.Split(reboots).Select(Encoding.UTF8.GetString).ToArray();
        json.WriteStartObject();
        WriteDate(json, "from_local", Array.Find(lines, line => line.StartsWith("from ", StringComparison.Ordinal)));
        WriteDate(json, "to_local", Array.Find(lines, line => line.StartsWith("to ", StringComparison.Ordinal)));
        json.WriteStartArray("reasons");
        foreach (var reason in lines.Select(line => Reason().Match(line)).Where(match => match.Success))
        {
            json.WriteStartObject();
            json.WriteString("reason", reason.Groups[2].Value);
            json.WriteNumber("count", long.Parse(reason.Groups[1].Value, CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A line with a date as <c>ctime</c> writes it, which does not say its zone.</summary>
    private static void WriteDate(Utf8JsonWriter json, string name, string? line)
    {
        var words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..] ?? [];
        if (DateTime.TryParseExact(
            string.Join(' ', words), "ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var date))
        {
            json.WriteString(name, date.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteLines(Utf8JsonWriter json, byte[]? lineuse)
    {
        json.WritePropertyName("line_use");
        if (lineuse is null)
        {
            json.WriteNullValue();
            return;
        }

        var use = LineUseLines.Of(lineuse);
        json.WriteStartObject();
        json.WritePropertyName("duration_minutes");
        json.WriteRawValue(use.DurationMinutes?.ToString(CultureInfo.InvariantCulture) ?? "null");
        json.WriteStartArray("lines");
        foreach (var line in use.Lines)
        {
            json.WriteStartObject();
            json.WriteString("line", line.Line);
            json.WriteNumber("connect_minutes", line.Minutes);
            json.WriteNumber("percent", line.Percent);
            json.WriteNumber("sessions", line.Sessions);
            json.WriteNumber("logins", line.Logins);
            json.WriteNumber("logouts", line.Logouts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLastLogins(Utf8JsonWriter json, byte[]? loginlog)
    {
        json.WritePropertyName("last_logins");
        if (loginlog is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (var (name, day) in LoginlogText.Entries(loginlog))
        {
            json.WriteStartObject();
            json.WriteString("user", name);
            json.WriteString("day", day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteStates(Utf8JsonWriter json, IReadOnlyList<DailyState> states)
    {
        json.WriteStartArray("states");
        foreach (var state in states)
        {
            json.WriteStartObject();
            json.WriteString("state", state.Name);
            json.WriteString("outcome", state.Outcome);
            json.WriteNumber("warnings", state.Warnings);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    [GeneratedRegex(@"^(\d{1,18})\t(.*)$", RegexOptions.Singleline)]
    private static partial Regex Reason();
}
