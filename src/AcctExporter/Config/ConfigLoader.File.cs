// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Config;

/// <summary>The file: its mappings become keys with dots, its values texts with places.</summary>
internal sealed partial class ConfigLoader
{
    private static readonly string[] Groups =
        [.. SettingTable.All.Where(setting => setting.Key.Contains('.', StringComparison.Ordinal))
            .Select(setting => setting.Key[..setting.Key.LastIndexOf('.')]).Distinct()];

    private static readonly string[] Keys = [.. SettingTable.All.Select(setting => setting.Key), SettingTable.Rules];

    private void ReadFile(string path)
    {
        switch (YamlFile.Read(path, (line, column, problem) => TellFile(line, column, "", problem)))
        {
            case YamlMap map:
                ReadMap(map, "");
                break;
            case null or YamlScalar { IsEmpty: true }:
                break;
            case var other:
                TellFile(other.Line, other.Column, "", "a configuration is made of lines of 'key: value'");
                break;
        }
    }

    private void ReadMap(YamlMap map, string prefix)
    {
        foreach (var (name, value) in map.Entries)
        {
            var key = prefix + name.Text;
            if (key == SettingTable.Rules)
            {
                ReadRules(name, value);
            }
            else if (SettingTable.Find(key) is { } setting)
            {
                ReadSetting(setting, name, value);
            }
            else if (Groups.Contains(key))
            {
                ReadGroup(key, value);
            }
            else
            {
                TellFile(name.Line, name.Column, key, UnknownKey(key));
            }
        }
    }

    private static string UnknownKey(string key) => key is SettingTable.File or "config"
        ? "is for the command line and the environment: a file cannot name itself"
        : key.Length == 0 || key.EndsWith('.') ? "a key is missing before the ':'"
        : $"there is no such key{Suggestion.For(key, [.. Keys, .. Groups])}";

    private void ReadGroup(string group, YamlNode value)
    {
        if (value is YamlMap map)
        {
            ReadMap(map, group + ".");
        }
        else if (value is not YamlScalar { IsEmpty: true })
        {
            var within = SettingTable.All
                .Where(setting => setting.Key.StartsWith(group + ".", StringComparison.Ordinal))
                .Select(setting => setting.Key[(group.Length + 1)..]);
            TellFile(value.Line, value.Column, group, $"is a group, with keys beneath it: {string.Join(", ", within)}");
        }
    }

    private void ReadSetting(Setting setting, YamlScalar name, YamlNode value)
    {
        if (!CheckOnce(setting.Key, name))
        {
            return;
        }

        switch (value)
        {
            case YamlScalar { IsEmpty: true }:
                TellFile(name.Line, name.Column, setting.Key, "has no value; leave the line out to have the default");
                break;
            case YamlScalar scalar:
                Add(new Said(setting.Key, [scalar.Text], [PlaceOf(scalar)], IsOfFile: true));
                break;
            case YamlList list when setting.Arity is SettingArity.Words or SettingArity.Repeated:
                ReadList(setting, list);
                break;
            default:
                TellFile(
                    value.Line, value.Column, setting.Key,
                    setting.Arity is SettingArity.Words or SettingArity.Repeated
                        ? "needs one value or a list" : "needs one value");
                break;
        }
    }

    private void ReadList(Setting setting, YamlList list)
    {
        foreach (var item in list.Items.Where(item => item is not YamlScalar { IsEmpty: false }))
        {
            TellFile(item.Line, item.Column, setting.Key, "each item of the list is one value");
        }

        var items = list.Items.OfType<YamlScalar>().Where(item => !item.IsEmpty).ToArray();
        if (items.Length < list.Items.Count)
        {
            return;
        }

        if (items.Length == 0)
        {
            TellFile(list.Line, list.Column, setting.Key, "the list is empty; leave it out to have the default");
        }
        else if (setting.Arity == SettingArity.Words)
        {
            var text = string.Join(',', items.Select(item => item.Text));
            Add(new Said(setting.Key, [text], [PlaceOf(items[0])], IsOfFile: true));
        }
        else
        {
            Add(new Said(
                setting.Key, [.. items.Select(item => item.Text)], [.. items.Select(PlaceOf)], IsOfFile: true));
        }
    }

    /// <summary>A key that stands twice is a fault, whichever way it is spelled.</summary>
    private bool CheckOnce(string key, YamlScalar name)
    {
        if (keysOfFile.TryAdd(key, name.Line))
        {
            return true;
        }

        TellFile(name.Line, name.Column, key, $"stands here a second time, after line {keysOfFile[key]}");
        return false;
    }

    private void ReadRules(YamlScalar name, YamlNode value)
    {
        if (CheckOnce(SettingTable.Rules, name))
        {
            origins[SettingTable.Rules] = PlaceInFile(value.Line, value.Column);
            rules = RuleReader.Read(value, (node, key, problem) => TellFile(node.Line, node.Column, key, problem),
                node => $"{Path.GetFileName(sources.File)}:{node.Line}");
        }
    }

    private Place PlaceOf(YamlScalar scalar) =>
        new(scalar.Line, scalar.Column, PlaceInFile(scalar.Line, scalar.Column));
}
