// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Logins;

/// <summary>A row in a snapshot, with labels of its own.</summary>
/// <param name="bornUnixMicroseconds">When its counters started; 0 for a row without.</param>
/// <param name="labels">
/// Keys and their values, which have no line break (<see cref="Ledger.LabelText"/>).
/// </param>
internal abstract class LabeledRow(long bornUnixMicroseconds, params ReadOnlySpan<(string Key, string Value)> labels)
{
    /// <summary>The labels themselves.</summary>
    public IReadOnlyList<(string Key, string Value)> LabelPairs { get; } = labels.ToArray();

    /// <summary>
    /// The labels as both text formats spell them: <c>user="root",scope="day"</c>, quoted once for all scrapes.
    /// </summary>
    public byte[] Labels { get; } = Encoding.UTF8.GetBytes(Spell(labels));

    /// <summary>The same labels as the protobuf format spells them.</summary>
    public byte[] LabelMessages { get; } = Ledger.LabelMessages.Of(labels);

    /// <summary>When its counters started, in microseconds since 1970.</summary>
    public long BornUnixMicroseconds { get; } = bornUnixMicroseconds;

    private static string Spell(ReadOnlySpan<(string Key, string Value)> labels)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in labels)
        {
            text.Append(text.Length > 0 ? "," : "").Append(key).Append("=\"").Append(Quote(value)).Append('"');
        }

        return text.ToString();
    }

    private static string Quote(string value) => value.Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal);
}
