// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AcctExporter.Doctor;

/// <summary>An examination for programs. The keys and the ids of findings are stable; the sentences are not.</summary>
internal static class ExaminationJson
{
    /// <summary>One object: verdict, exit_code, findings (id, state, what, means, mend).</summary>
    public static void Write(Examination examination, int exitCode, Stream output)
    {
        // It goes to a terminal or a program, never into a page: quotes and the like stay as they are.
        using var json = new Utf8JsonWriter(
            output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("verdict", examination.Verdict);
        json.WriteNumber("exit_code", exitCode);
        json.WriteStartArray("findings");
        foreach (var finding in examination.Findings)
        {
            json.WriteStartObject();
            json.WriteString("id", finding.Id);
            json.WriteString("state", NameOf(finding.State));
            json.WriteString("what", finding.What);
            json.WriteString("means", finding.Means);
            json.WriteStartArray("mend");
            foreach (var command in finding.Mend)
            {
                json.WriteStringValue(command);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>As it is written there.</summary>
    public static string NameOf(FindingState state) => state switch
    {
        FindingState.Ok => "ok",
        FindingState.Note => "note",
        FindingState.Unknown => "unknown",
        FindingState.Warning => "warning",
        _ => "failure",
    };
}
