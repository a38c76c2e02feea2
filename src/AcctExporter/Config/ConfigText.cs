// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using AcctExporter.Ledger;
using AcctExporter.Push;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AcctExporter.Config;

/// <summary>
/// Writes the configuration that holds, each value with the place where it was said: as YAML, which can be used as a
/// file, or as JSON.
/// </summary>
internal static class ConfigText
{
    private const string Default = "default";

    /// <summary>YAML with the origins as comments.</summary>
    public static void WriteYaml(TextWriter output, LoadedConfig config)
    {
        var group = "";
        foreach (var setting in SettingTable.All.OrderBy(setting => GroupOf(setting.Key).Length > 0))
        {
            var values = setting.Show(config.Options);
            var newGroup = GroupOf(setting.Key);
            if (newGroup != group && newGroup.Length > 0)
            {
                output.Write($"{newGroup}:\n");
            }

            group = newGroup;
            var line = $"{(group.Length > 0 ? "  " : "")}{(values.Count == 0 ? "# " : "")}{NameOf(setting.Key)}:"
                + (values.Count switch
                {
                    0 => "",
                    1 => " " + Quoted(values[0]),
                    _ => $" [{string.Join(", ", values.Select(Quoted))}]",
                });
            output.Write($"{line}  # {OriginOf(setting.Key, config)}\n");
        }

        // Other than above: variables that are not ours have their say in it.
        foreach (var push in config.Pushes)
        {
            output.Write($"# {push.Data} are pushed by {push.ProtocolWord} to {push.Endpoint}"
                + (push.Signal == OtlpSignal.Metrics ? $" every {Seconds(push.Interval)} s\n" : "\n"));
        }

        var rules = config.Options.Ledger.Rules;
        output.Write(rules.Count == 0 ? "" : $"rules:  # {OriginOf(SettingTable.Rules, config)}\n");
        foreach (var rule in rules)
        {
            var lead = "  - ";
            foreach (var (key, value) in KeysOf(rule))
            {
                output.Write($"{lead}{key}: {Quoted(value)}\n");
                lead = "    ";
            }
        }
    }

    /// <summary>
    /// One object: <c>settings</c>, a list of key, value (text, list of texts, or null), origin and whether a reload
    /// changes it; <c>rules</c>; <c>pushes</c>; <c>file</c>.
    /// </summary>
    public static void WriteJson(Stream output, LoadedConfig config)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("file", config.File);
        json.WriteStartArray("settings");
        foreach (var setting in SettingTable.All)
        {
            json.WriteStartObject();
            json.WriteString("key", setting.Key);
            var values = setting.Show(config.Options);
            if (setting.Arity == SettingArity.Repeated)
            {
                json.WriteStartArray("value");
                foreach (var value in values)
                {
                    json.WriteStringValue(value);
                }

                json.WriteEndArray();
            }
            else
            {
                json.WriteString("value", values.Count == 0 ? null : values[0]);
            }

            json.WriteString("origin", OriginOf(setting.Key, config));
            json.WriteBoolean("reloads", setting.Reloads);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rules");
        foreach (var rule in config.Options.Ledger.Rules)
        {
            json.WriteStartObject();
            foreach (var (key, value) in KeysOf(rule))
            {
                json.WriteString(key, value);
            }

            json.WriteString("origin", rule.Place);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("pushes");
        foreach (var push in config.Pushes)
        {
            json.WriteStartObject();
            json.WriteString("data", push.Data);
            json.WriteString("protocol", push.ProtocolWord);
            json.WriteString("endpoint", push.Endpoint.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<(string Key, string Value)> KeysOf(CommandRule rule)
    {
        foreach (var (key, pattern) in new[]
            { ("command", rule.Command), ("user", rule.User), ("exe", rule.Exe), ("unit", rule.Unit) })
        {
            if (pattern is not null)
            {
                yield return (key, pattern.Text);
            }
        }

        yield return rule.Action switch
        {
            RuleAction.Drop => ("drop", "true"),
            RuleAction.Keep => ("keep", "true"),
            _ => ("replace", rule.Replacement!.Text),
        };
    }

    private static string OriginOf(string key, LoadedConfig config) => config.Origins.GetValueOrDefault(key, Default);

    private static string GroupOf(string key) => key.LastIndexOf('.') is > 0 and var dot ? key[..dot] : "";

    private static string NameOf(string key) => key[(key.LastIndexOf('.') + 1)..];

    /// <summary>A value as YAML spells it, in quotes where it needs them.</summary>
    private static string Quoted(string value)
    {
        // Without quotes these are no value at all.
        if (value is "" or "~" or "null")
        {
            return $"'{value}'";
        }

        var text = new StringWriter();
        var yaml = new Emitter(text, new EmitterSettings(2, int.MaxValue, false, int.MaxValue));
        yaml.Emit(new StreamStart());
        yaml.Emit(new DocumentStart(null, null, isImplicit: true));
        // Inside a list the flow's own characters are quoted, too.
        yaml.Emit(new SequenceStart(default, default, isImplicit: true, SequenceStyle.Flow));
        yaml.Emit(new Scalar(default, default, value, ScalarStyle.Any, true, true));
        yaml.Emit(new SequenceEnd());
        yaml.Emit(new DocumentEnd(isImplicit: true));
        yaml.Emit(new StreamEnd());
        return text.ToString().Trim()[1..^1].Trim();
    }
}
