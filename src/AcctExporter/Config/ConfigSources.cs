// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Push;

namespace AcctExporter.Config;

/// <summary>Where settings come from, the strongest first. What a reload reads again is the file alone.</summary>
internal sealed record ConfigSources
{
    /// <summary>
    /// Flags that were given, by key, each with its texts; an empty list of texts is a flag without a value.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Flags { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What is wrong with the command line by itself: flags that nobody knows.</summary>
    public IReadOnlyList<string> CommandLineFaults { get; init; } = [];

    /// <summary>The environment.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The file that <c>--config.file</c> names, else its variable; null without one.</summary>
    public string? File =>
        Flags.TryGetValue(SettingTable.File, out var texts) && texts.Count > 0 ? Path.GetFullPath(texts[^1])
        : Variables.TryGetValue(SettingTable.FileVariable, out var path) && path.Length > 0 ? Path.GetFullPath(path)
        : null;

    /// <summary>The environment of this process.</summary>
    public static IReadOnlyDictionary<string, string> Environment() =>
        System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
}

/// <summary>The configuration as a whole: what holds, where it was said, and everything that is wrong.</summary>
/// <param name="Options">What holds; without meaning while there are faults.</param>
/// <param name="Origins">Where the value of each key was said: a flag, a variable, <c>file:line:column</c>.</param>
/// <param name="Faults">Each as <c>place: key: problem</c>; empty when all is right.</param>
/// <param name="File">The file that was read; null without one.</param>
internal sealed record LoadedConfig(
    AgentOptions Options, IReadOnlyDictionary<string, string> Origins, IReadOnlyList<string> Faults, string? File)
{
    /// <summary>What is pushed over OTLP by settings and standard variables together; empty when nothing is.</summary>
    public IReadOnlyList<OtlpSettings> Pushes { get; init; } = [];
}
