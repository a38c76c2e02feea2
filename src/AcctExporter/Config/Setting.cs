// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Config;

/// <summary>How many texts a setting takes.</summary>
internal enum SettingArity
{
    /// <summary>One.</summary>
    Single,

    /// <summary>One, and as a flag alone it means true.</summary>
    Switch,

    /// <summary>One with commas in it, which YAML may write as a list.</summary>
    Words,

    /// <summary>Any number: the flag is repeated, the variable has commas, YAML has a list.</summary>
    Repeated,
}

/// <summary>
/// One thing that can be set: the only place that knows its names, what it takes, what it means, and which option of
/// which room it becomes. <see cref="SettingTable"/> lists them all.
/// </summary>
/// <param name="Key">As YAML has it, with dots for its levels: <c>pairs.limit</c>.</param>
/// <param name="Arity">How many texts it takes.</param>
/// <param name="Form">What a value looks like, for help: <c>DURATION</c>.</param>
/// <param name="Help">What it means, in a sentence without a full stop.</param>
internal abstract record Setting(string Key, SettingArity Arity, string Form, string Help)
{
    /// <summary>What every variable of the environment begins with.</summary>
    public const string VariablePrefix = "ACCT_EXPORTER_";

    /// <summary>The flag of the command line: <c>--pairs.limit</c>.</summary>
    public string Flag => "--" + Key;

    /// <summary>The variable of the environment: <c>ACCT_EXPORTER_PAIRS_LIMIT</c>.</summary>
    public string Variable => VariablePrefix + Key.ToUpperInvariant().Replace('.', '_').Replace('-', '_');

    /// <summary>A reload changes it; all else needs a restart.</summary>
    public bool Reloads { get; init; }

    /// <summary>
    /// The value in the form that <see cref="Read"/> reads as the same; none where there is no value.
    /// </summary>
    public abstract IReadOnlyList<string> Show(AgentOptions options);

    /// <summary>
    /// Puts the value that the texts say into the options. What is wrong is told to <paramref name="fault"/> with the
    /// index of the text; then the options stay as they are.
    /// </summary>
    public abstract AgentOptions Read(AgentOptions options, IReadOnlyList<string> texts, Action<int, string> fault);

    /// <summary>Takes the value of this setting over from other options.</summary>
    public abstract AgentOptions Take(AgentOptions options, AgentOptions from);

    /// <summary>The default as people write it; empty without one.</summary>
    public string Default => string.Join(",", Show(new AgentOptions()));
}

/// <summary>A setting of one value.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Text">What its value looks like.</param>
/// <param name="Help">What it means.</param>
/// <param name="Get">Its value among the options; null where there is none.</param>
/// <param name="With">The options with another value.</param>
internal sealed record Setting<T>(
    string Key, TextForm<T> Text, string Help, Func<AgentOptions, T?> Get, Func<AgentOptions, T?, AgentOptions> With)
    : Setting(Key, Text.Arity, Text.Placeholder, Help)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Show(AgentOptions options) =>
        Get(options) is { } value ? [Text.Format(value)] : [];

    /// <inheritdoc/>
    public override AgentOptions Read(AgentOptions options, IReadOnlyList<string> texts, Action<int, string> fault)
    {
        if (Text.Read(texts[0], out var problem) is { } value && problem.Length == 0)
        {
            return With(options, value);
        }

        fault(0, problem);
        return options;
    }

    /// <inheritdoc/>
    public override AgentOptions Take(AgentOptions options, AgentOptions from) => With(options, Get(from));
}

/// <summary>A setting of several values.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Text">What one value looks like.</param>
/// <param name="Help">What it means.</param>
/// <param name="Get">Its values among the options.</param>
/// <param name="With">The options with other values.</param>
internal sealed record SettingList(
    string Key, TextForm<string> Text, string Help, Func<AgentOptions, IReadOnlyList<string>> Get,
    Func<AgentOptions, IReadOnlyList<string>, AgentOptions> With)
    : Setting(Key, SettingArity.Repeated, Text.Placeholder, Help)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Show(AgentOptions options) => Get(options);

    /// <inheritdoc/>
    public override AgentOptions Read(AgentOptions options, IReadOnlyList<string> texts, Action<int, string> fault)
    {
        var right = true;
        for (var i = 0; i < texts.Count; i++)
        {
            Text.Read(texts[i], out var problem);
            if (problem.Length == 0 && texts.Take(i).Contains(texts[i]))
            {
                problem = $"'{texts[i]}' is given twice";
            }

            if (problem.Length > 0)
            {
                fault(i, problem);
                right = false;
            }
        }

        return right ? With(options, texts) : options;
    }

    /// <inheritdoc/>
    public override AgentOptions Take(AgentOptions options, AgentOptions from) => With(options, Get(from));
}
