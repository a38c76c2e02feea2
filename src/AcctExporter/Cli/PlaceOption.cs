// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Config;

namespace AcctExporter.Cli;

/// <summary>
/// Where the agent keeps something, for a command that is not the agent: its flag, else what the agent would take: the
/// variable, the file that a variable names, the default. Other settings, and what is wrong with them, are no matter of
/// such a command.
/// </summary>
internal sealed class PlaceOption
{
    private readonly Setting setting;
    private readonly Func<AgentOptions, string> get;
    private string configured = "";

    /// <summary>The option for a setting that is a path.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="help">What it is for the command.</param>
    /// <param name="get">The path among the options.</param>
    public PlaceOption(string key, string help, Func<AgentOptions, string> get)
    {
        setting = SettingTable.Find(key)!;
        this.get = get;
        Option = new(setting.Flag)
        {
            Description = $"{help} (the agent's own place, {setting.Default}, unless given)",
            HelpName = "DIRECTORY",
            // Of several the last.
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => result.Tokens[^1].Value,
        };
    }

    /// <summary>The option.</summary>
    public Option<string?> Option { get; }

    /// <summary>Has the command tell what is wrong with the agent's configuration, where that is asked.</summary>
    public void AddTo(AppletCommand command)
    {
        command.AddOurs([Option]);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Option) is null)
            {
                configured = Configured(result.AddError);
            }
        });
    }

    /// <summary>True when the command line says the place.</summary>
    public bool IsGiven(ParseResult result) => result.GetResult(Option) is not null;

    /// <summary>The place.</summary>
    public string Of(ParseResult result) => result.GetValue(Option) ?? configured;

    private string Configured(Action<string> fault)
    {
        var variables = ConfigSources.Environment()
            .Where(variable => variable.Key == setting.Variable || variable.Key == SettingTable.FileVariable)
            .ToDictionary();
        if (variables.Count == 0)
        {
            return setting.Default;
        }

        var config = ConfigLoader.Load(new ConfigSources { Variables = variables });
        foreach (var text in config.Faults)
        {
            fault(text);
        }

        return get(config.Options);
    }
}
