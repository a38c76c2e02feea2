// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Suite;

namespace AcctExporter.Config;

/// <summary>
/// Reads the file of prices (<see cref="RateTable"/>): every fault of it at once, each with file, line and key.
/// </summary>
internal sealed class RateReader
{
    /// <summary>No price is higher, and no more units are free.</summary>
    private const decimal Largest = 1_000_000_000;

    private const int MostDecimals = 9;
    private const int LongestWord = 40;

    private static readonly string[] Keys =
        ["currency", "decimals", "prices", "free", "minimum", "tax", "factors"];

    private static readonly string[] Needed = ["currency", "prices"];

    private static readonly string[] Items = [.. BillItem.All.Select(item => item.Key)];

    private readonly string path;
    private readonly List<(long Line, long Column, string Text)> faults = [];
    private RateTable table = new();

    private RateReader(string path) => this.path = path;

    /// <summary>
    /// The table of a file; null when there are faults, which <paramref name="say"/> takes, one a line.
    /// </summary>
    public static RateTable? Read(string path, Action<string> say)
    {
        var reader = new RateReader(path);
        var root = YamlFile.Read(path, (line, column, problem) => reader.Tell(line, column, "", problem));
        reader.ReadRoot(root);
        foreach (var (_, _, text) in reader.faults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column))
        {
            say(ConfigLoader.OneLine(text));
        }

        return reader.faults.Count == 0 ? reader.table : null;
    }

    private void ReadRoot(YamlNode? root)
    {
        if (root is not YamlMap map)
        {
            if (faults.Count == 0)
            {
                Tell(root?.Line ?? 0, root?.Column ?? 0, "", "a table of prices is made of lines of 'key: value'");
            }

            return;
        }

        foreach (var (name, value) in Once(map, "", Keys))
        {
            ReadKey(name.Text, value);
        }

        foreach (var missing in Needed.Where(key => map.Entries.All(entry => entry.Key.Text != key)))
        {
            Tell(map.Line, map.Column, missing, "is missing");
        }

        if (faults.Count == 0)
        {
            Contradictions(map);
        }
    }

    /// <summary>What is right by itself, and not together.</summary>
    private void Contradictions(YamlMap map)
    {
        foreach (var (name, value) in map.Entries)
        {
            if (name.Text == "minimum" && table.Minimum.Scale > table.Decimals)
            {
                Tell(value.Line, value.Column, name.Text,
                    $"has more decimals than amounts have, which is {table.Decimals} (decimals)");
            }

            foreach (var (item, _) in name.Text == "free" && value is YamlMap free ? free.Entries : [])
            {
                if (!table.Prices.ContainsKey(item.Text))
                {
                    Tell(item.Line, item.Column, $"free.{item.Text}", "has no price: it costs nothing anyhow");
                }
            }
        }
    }

    private void ReadKey(string key, YamlNode value)
    {
        switch (key)
        {
            case "currency":
                table = table with { Currency = Word(value, key) };
                break;
            case "decimals":
                table = table with { Decimals = (int)(Number(value, key, 0, RateTable.MostDecimals, 0) ?? 0) };
                break;
            case "prices":
                table = table with { Prices = Numbers(value, key, Items, Largest) };
                break;
            case "free":
                table = table with { Allowances = Numbers(value, key, Items, Largest) };
                break;
            case "minimum":
                table = table with { Minimum = Number(value, key, 0, Largest, RateTable.MostDecimals) ?? 0 };
                break;
            case "tax":
                ReadTax(value);
                break;
            default:
                ReadFactors(value);
                break;
        }
    }

    private void ReadTax(YamlNode value)
    {
        foreach (var (name, node) in Group(value, "tax", ["name", "percent"]))
        {
            table = name.Text == "name" ? table with { TaxName = Word(node, "tax.name") }
                : table with { TaxPercent = Number(node, "tax.percent", 0, 1000, MostDecimals) };
        }

        if (value is YamlMap map && map.Entries.All(entry => entry.Key.Text != "percent"))
        {
            Tell(map.Line, map.Column, "tax.percent", "is missing");
        }
    }

    private void ReadFactors(YamlNode value)
    {
        foreach (var (name, node) in Group(value, "factors", ["users", "groups"]))
        {
            var factors = Numbers(node, $"factors.{name.Text}", null, 1000);
            table = name.Text == "users" ? table with { UserFactors = factors }
                : table with { GroupFactors = factors };
        }
    }

    private Dictionary<string, decimal> Numbers(YamlNode value, string key, string[]? known, decimal largest)
    {
        var numbers = new Dictionary<string, decimal>();
        foreach (var (name, node) in Group(value, key, known))
        {
            if (Number(node, $"{key}.{name.Text}", 0, largest, MostDecimals) is { } number)
            {
                numbers[name.Text] = number;
            }
        }

        return numbers;
    }

    private List<YamlEntry> Group(YamlNode value, string key, string[]? known)
    {
        if (value is YamlMap map)
        {
            return Once(map, key + ".", known);
        }

        if (value is not YamlScalar { IsEmpty: true })
        {
            Tell(value.Line, value.Column, key, "is a group, with keys beneath it"
                + (known is null ? "" : $": {string.Join(", ", known)}"));
        }

        return [];
    }

    /// <summary>The entries whose key is known and stands there for the first time; the others are told.</summary>
    private List<YamlEntry> Once(YamlMap map, string prefix, string[]? known)
    {
        var entries = new Dictionary<string, YamlEntry>();
        foreach (var entry in map.Entries)
        {
            var (name, key) = (entry.Key, prefix + entry.Key.Text);
            if (known is not null && !known.Contains(name.Text))
            {
                Tell(name.Line, name.Column, key, $"there is no such key{Suggestion.For(name.Text, known)}");
            }
            else if (!entries.TryAdd(name.Text, entry))
            {
                Tell(name.Line, name.Column, key,
                    $"stands here a second time, after line {entries[name.Text].Key.Line}");
            }
        }

        return [.. entries.Values];
    }

    private string Word(YamlNode value, string key)
    {
        var text = (value as YamlScalar)?.Text ?? "";
        if (text.Length is 0 or > LongestWord || text.Any(char.IsControl))
        {
            Tell(value.Line, value.Column, key, $"needs a word of 1 to {LongestWord} letters");
        }

        return text;
    }

    /// <summary>A number in decimal, without exponent; null when it is none, which is told.</summary>
    private decimal? Number(YamlNode value, string key, decimal least, decimal largest, int decimals)
    {
        var text = (value as YamlScalar)?.Text ?? "";
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= largest && number.Scale <= decimals)
        {
            return number;
        }

        Tell(value.Line, value.Column, key, string.Create(
            CultureInfo.InvariantCulture,
            $"'{text}' is no {(decimals == 0 ? "whole number" : "number")} from {least} to {largest}")
            + (decimals == 0 ? "" : $" with at most {decimals} decimals (0.25)"));
        return null;
    }

    private void Tell(long line, long column, string key, string problem)
    {
        var place = line == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}:{line}:{column}");
        faults.Add((line, column, key.Length > 0 ? $"{place}: {key}: {problem}" : $"{place}: {problem}"));
    }
}
