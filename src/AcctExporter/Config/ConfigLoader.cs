// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using AcctExporter.Ledger;
using AcctExporter.Push;

namespace AcctExporter.Config;

/// <summary>
/// Makes the options out of flags, environment and file: a flag wins over a variable, a variable over the file, the
/// file over the default. Every value is judged, also one that another wins over, and every fault is told.
/// </summary>
internal sealed partial class ConfigLoader
{
    /// <summary>What is said to who gives rules elsewhere than in the file.</summary>
    public const string RulesAreElsewhere = "rules stand in the file alone: see --" + SettingTable.File;

    private readonly ConfigSources sources;
    private readonly Dictionary<string, string> origins = [];
    private readonly List<(long Line, long Column, string Text)> fileFaults = [];
    private readonly List<string> faults = [];
    private readonly Dictionary<string, List<Said>> said = [];
    private readonly Dictionary<string, long> keysOfFile = [];
    private IReadOnlyList<CommandRule> rules = [];

    private ConfigLoader(ConfigSources sources) => this.sources = sources;

    /// <summary>Reads everything.</summary>
    public static LoadedConfig Load(ConfigSources sources) => new ConfigLoader(sources).Load();

    private LoadedConfig Load()
    {
        if (sources.File is { } path)
        {
            ReadFile(path);
        }

        ReadVariables();
        ReadFlags();
        var options = new AgentOptions();
        foreach (var setting in SettingTable.All)
        {
            foreach (var layer in said.GetValueOrDefault(setting.Key) ?? [])
            {
                options = setting.Read(
                    options, layer.Texts, (index, problem) => Tell(layer, layer.PlaceOf(index), problem));
                origins[setting.Key] = layer.PlaceOf(0).Text;
            }
        }

        options = options with { Ledger = options.Ledger with { Rules = rules } };
        Contradictions(options);
        // They are for other programs too: what is wrong with them is a fault where something is pushed.
        faults.AddRange(OtlpSettings.Faults(options.Push, Variable));
        var fromFile = fileFaults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column)
            .Select(fault => fault.Text);
        return new LoadedConfig(options, origins, [.. fromFile.Concat(faults).Select(OneLine)], sources.File)
        {
            Pushes = OtlpSettings.Pushed(options.Push, Variable),
        };
    }

    /// <summary>Settings that are right each by itself, and not together.</summary>
    private void Contradictions(AgentOptions options)
    {
        if (options.Capture.SourceFile is not null && options.Capture.TakeOver)
        {
            TellLast("accounting.take-over", $"contradicts {Naming("source")}: a file that is followed is never "
                + "switched; leave one of them out");
        }

        if (options.Push.Events && OtlpSettings.For(OtlpSignal.Logs, options.Push, Variable) is null)
        {
            TellLast("events.otlp", "nothing says where events are to be pushed: set --otlp.endpoint, "
                + "OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_LOGS_ENDPOINT (http://127.0.0.1:4318), and "
                + "neither OTEL_SDK_DISABLED nor OTEL_LOGS_EXPORTER=none");
        }

        if (options.Capture.FollowActive && options.Capture.TakeOver)
        {
            TellLast("accounting.take-over", $"contradicts {Naming("accounting.follow-active")}: either follow the "
                + "other program's file or take accounting over; leave one of them out");
        }
    }

    private string? Variable(string name) => sources.Variables.GetValueOrDefault(name);

    /// <summary>The setting as the reader knows it, and where it was said.</summary>
    private string Naming(string key) => said.TryGetValue(key, out var layers)
        ? layers[^1].IsOfFile ? $"{key} (line {layers[^1].Places[0].Line})" : layers[^1].PlaceOf(0).Text
        : key;

    private void TellLast(string key, string problem)
    {
        var layer = said[key][^1];
        Tell(layer, layer.PlaceOf(0), problem);
    }

    private void Tell(Said layer, Place place, string problem)
    {
        if (layer.IsOfFile)
        {
            TellFile(place.Line, place.Column, layer.Key, problem);
        }
        else
        {
            faults.Add($"{place.Text}: {problem}");
        }
    }

    private void TellFile(long line, long column, string key, string problem)
    {
        var place = PlaceInFile(line, column);
        fileFaults.Add((line, column, key.Length > 0 ? $"{place}: {key}: {problem}" : $"{place}: {problem}"));
    }

    private string PlaceInFile(long line, long column) => line == 0 ? sources.File!
        : string.Create(CultureInfo.InvariantCulture, $"{sources.File}:{line}:{column}");

    private void Add(Said layer)
    {
        if (!said.TryGetValue(layer.Key, out var layers))
        {
            said[layer.Key] = layers = [];
        }

        layers.Add(layer);
    }

    private void ReadVariables()
    {
        var known = SettingTable.All.ToDictionary(setting => setting.Variable);
        foreach (var (name, text) in sources.Variables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Setting.VariablePrefix, StringComparison.Ordinal)
                || name == SettingTable.FileVariable || IsNotOurs(name))
            {
                continue;
            }

            if (!known.TryGetValue(name, out var setting))
            {
                faults.Add($"{name}: {UnknownVariable(name[Setting.VariablePrefix.Length..])}");
                continue;
            }

            // An empty variable is how charts and units say nothing.
            if (text.Length > 0)
            {
                string[] texts = setting.Arity == SettingArity.Repeated
                    ? text.Split(',', StringSplitOptions.TrimEntries) : [text];
                Add(new Said(setting.Key, texts, [new Place(0, 0, name)], IsOfFile: false));
            }
        }
    }

    private static string UnknownVariable(string name)
    {
        var names = SettingTable.All.Select(setting => setting.Variable[Setting.VariablePrefix.Length..]);
        return name.Equals(SettingTable.Rules, StringComparison.OrdinalIgnoreCase) ? RulesAreElsewhere
            : Suggestion.Nearest(name, names) is { } near
                ? $"there is no such setting; did you mean '{Setting.VariablePrefix}{near}'?"
                : "there is no such setting";
    }

    private void ReadFlags()
    {
        faults.AddRange(sources.CommandLineFaults);
        foreach (var (key, texts) in sources.Flags)
        {
            var flag = "--" + key;
            var setting = SettingTable.Find(key);
            if (texts.Count == 0)
            {
                faults.Add($"{flag}: needs a value ({setting?.Form ?? "PATH"})");
            }
            else if (texts.Count > 1 && setting?.Arity != SettingArity.Repeated)
            {
                faults.Add($"{flag}: is given {texts.Count} times");
            }
            else if (setting is not null)
            {
                Add(new Said(key, texts, [new Place(0, 0, flag)], IsOfFile: false));
            }
        }
    }

    /// <summary>A fault is one line, whatever stands in the value that it quotes.</summary>
    internal static string OneLine(string fault) => fault.Any(char.IsControl)
        ? string.Concat(fault.Select(letter => char.IsControl(letter)
            ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}") : $"{letter}"))
        : fault;

    /// <summary>
    /// Variables that begin like ours and are not: those that Kubernetes makes for a service that is called
    /// acct-exporter (<c>ACCT_EXPORTER_PORT_9810_TCP</c>), and the one with which tests end the agent.
    /// </summary>
    private static bool IsNotOurs(string name) =>
        name is Kernel.CrashPoint.Variable or Kernel.ProcessClock.Variable || OfKubernetes().IsMatch(name);

    [GeneratedRegex(
        "_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$")]
    private static partial Regex OfKubernetes();

    /// <summary>Where a text stands: line and column in the file, or the name of a flag or variable.</summary>
    private readonly record struct Place(long Line, long Column, string Text);

    /// <summary>What one source says of one setting.</summary>
    private sealed record Said(string Key, IReadOnlyList<string> Texts, IReadOnlyList<Place> Places, bool IsOfFile)
    {
        public Place PlaceOf(int index) => Places[Math.Min(index, Places.Count - 1)];
    }
}
