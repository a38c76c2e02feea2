// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Tests.Metrics;

/// <summary>One line of an exposition, taken apart.</summary>
internal sealed record Sample(string Name, SortedDictionary<string, string> Labels, string Text, string Exemplar)
{
    public double Value => Text == "+Inf" ? double.PositiveInfinity : double.Parse(Text, CultureInfo.InvariantCulture);

    public string Label(string key) => Labels.TryGetValue(key, out var value) ? value : "";

    /// <summary>Name and labels as one text, for comparisons.</summary>
    public string Series => $"{Name}{{{string.Join(',', Labels.Select(label => $"{label.Key}={label.Value}"))}}}";
}

/// <summary>
/// The plainest reader of the two text formats that the formats' own words allow, written without a look at the writer.
/// </summary>
internal static class ExpositionReader
{
    /// <summary>All samples, in their order.</summary>
    public static List<Sample> Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var samples = new List<Sample>();
        foreach (var line in text[..^1].Split('\n'))
        {
            if (!line.StartsWith('#'))
            {
                samples.Add(ReadLine(line));
            }
        }

        return samples;
    }

    private static Sample ReadLine(string line)
    {
        var at = line.IndexOfAny(['{', ' ']);
        var name = line[..at];
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                var equals = line.IndexOf('=', at);
                var key = line[at..equals];
                Assert.Equal('"', line[equals + 1]);
                labels.Add(key, ReadQuoted(line, equals + 2, out at));
                if (line[at] == ',')
                {
                    at++;
                }
            }

            at++;
        }

        Assert.Equal(' ', line[at]);
        var value = line[(at + 1)..];
        var hash = value.IndexOf(" # ", StringComparison.Ordinal);
        var exemplar = hash < 0 ? "" : value[(hash + 3)..];
        value = hash < 0 ? value : value[..hash];
        Assert.DoesNotContain(' ', value);
        return new Sample(name, labels, value, exemplar);
    }

    private static string ReadQuoted(string line, int at, out int end)
    {
        var value = new StringBuilder();
        for (; line[at] != '"'; at++)
        {
            if (line[at] != '\\')
            {
                value.Append(line[at]);
                continue;
            }

            at++;
            value.Append(line[at] switch
            {
                'n' => '\n',
                '\\' => '\\',
                '"' => '"',
                _ => throw new FormatException(line),
            });
        }

        end = at + 1;
        return value.ToString();
    }
}
