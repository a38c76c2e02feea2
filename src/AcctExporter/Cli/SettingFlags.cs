// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using AcctExporter.Config;

namespace AcctExporter.Cli;

/// <summary>
/// The settings as flags of a command. The parser only tells flags from values; what a value is worth is judged by the
/// room Config, for variables and files alike.
/// </summary>
internal sealed class SettingFlags
{
    private readonly Dictionary<string, Option<string[]>> options = [];

    /// <summary>Gives the command a flag for each setting, or for some, and <c>--config.file</c>.</summary>
    public SettingFlags(Command command, params string[] only)
    {
        Add(command, SettingTable.File, "PATH", "Read settings and command rules from this file of YAML", []);
        foreach (var setting in SettingTable.All.Where(setting => only.Length == 0 || only.Contains(setting.Key)))
        {
            Add(command, setting.Key, setting.Form, setting.Help, setting.Show(new AgentOptions()));
        }
    }

    /// <summary>
    /// Parses a command line. A switch has its value behind <c>=</c> or none: the word that follows it is another's,
    /// as the file is in <c>replay --pairs.all-histograms FILE</c>.
    /// </summary>
    public static ParseResult Parse(Command command, IReadOnlyList<string> arguments)
    {
        var end = arguments.TakeWhile(text => text != "--").Count();
        // Without @FILE for more arguments: a file of settings is that of --config.file.
        return command.Parse(
            [.. arguments.Select((text, at) => at < end && IsSwitch(text) ? $"{text}=true" : text)],
            new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    /// <summary>True for the flag of a setting that needs no value.</summary>
    public static bool IsSwitch(string flag) =>
        SettingTable.All.Any(setting => setting.Arity == SettingArity.Switch && setting.Flag == flag);

    /// <summary>What flags, environment and file say together; every fault of it goes to stderr.</summary>
    /// <returns>Null when there is a fault.</returns>
    public LoadedConfig? Load(ParseResult result)
    {
        var config = ConfigLoader.Load(SourcesOf(result));
        Tell(config.Faults, result.InvocationConfiguration.Error);
        return config.Faults.Count == 0 ? config : null;
    }

    /// <summary>Where to read settings from, again and again.</summary>
    public ConfigSources SourcesOf(ParseResult result) => new()
    {
        Flags = options
            .Select(option => (option.Key, Result: result.GetResult(option.Value)))
            .Where(option => option.Result is { Implicit: false })
            .ToDictionary(option => option.Key, option => TextsOf(option.Result!)),
        CommandLineFaults = [.. UnknownOf(result)],
        Variables = ConfigSources.Environment(),
    };

    /// <summary>Everything that is wrong with a command line, and with what stands behind it.</summary>
    public static IEnumerable<string> FaultsOf(ParseResult result)
    {
        if (result.CommandResult.Command is AppletCommand
            && AppletCommand.UnknownFlags(result.CommandResult).ToArray() is { Length: > 0 } unknown)
        {
            // Without what follows them, which may be their values.
            return unknown;
        }

        if (result.CommandResult.Command is not ConfiguredCommand { Flags: var flags })
        {
            return result.UnmatchedTokens.Count == 0 ? result.Errors.Select(error => error.Message) : UnknownOf(result);
        }

        // The parser's words for what it does not know have no suggestion.
        var others = result.Errors.Select(error => error.Message)
            .Where(message =>
                !result.UnmatchedTokens.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal)));
        return others.Concat(ConfigLoader.Load(flags.SourcesOf(result)).Faults);
    }

    /// <summary>What the command does not know; behind an unknown flag, its value goes with it.</summary>
    private static IEnumerable<string> UnknownOf(ParseResult result)
    {
        var command = result.CommandResult.Command;
        var behindFlag = false;
        foreach (var text in result.UnmatchedTokens.Concat(FlagsTakenForArguments(result)))
        {
            var name = text.Split('=', 2)[0];
            if (name == "--" + SettingTable.Rules)
            {
                yield return $"{name}: {ConfigLoader.RulesAreElsewhere}";
            }
            else if (text.StartsWith('-'))
            {
                yield return $"{name}: there is no such flag"
                    + Suggestion.For(name, command.Options.Select(option => option.Name));
            }
            else if (command.Subcommands.Count > 0 && !behindFlag)
            {
                yield return $"'{text}': there is no such command"
                    + Suggestion.For(text, command.Subcommands.Select(known => known.Name));
            }
            else if (!behindFlag)
            {
                yield return $"'{text}' is no flag, and nothing else is expected here{HintFor(text)}";
            }

            behindFlag = text.StartsWith('-') && text == name;
        }
    }

    private static string HintFor(string text)
    {
        _ = TextForm.Switch.Read(text, out var problem);
        return problem.Length == 0 ? $"; a switch has its value behind '=': --pairs.all-histograms={text}" : "";
    }

    /// <summary>Writes faults, one a line, in the name of the program or of its classic command.</summary>
    public static void Tell(IEnumerable<string> faults, TextWriter errors, string name = "acct-exporter")
    {
        foreach (var fault in faults)
        {
            errors.WriteLine($"{name}: {fault}");
        }
    }

    /// <summary>
    /// What looks like a flag and became an argument, for no flag is called so: <c>replay --limit=5</c>.
    /// </summary>
    private static IEnumerable<string> FlagsTakenForArguments(ParseResult result) => result.CommandResult.Command
        .Arguments
        .SelectMany(argument => result.GetResult(argument)?.Tokens ?? [])
        .Select(token => token.Value).Where(text => text.StartsWith("--", StringComparison.Ordinal));

    private static IReadOnlyList<string> TextsOf(OptionResult result) =>
        [.. result.Tokens.Select(token => token.Value)];

    private void Add(Command command, string key, string form, string help, IReadOnlyList<string> standard)
    {
        var option = new Option<string[]>("--" + key)
        {
            Description = help,
            HelpName = form,
            Arity = ArgumentArity.ZeroOrMore,
            DefaultValueFactory = standard.Count == 0 ? null : _ => [.. standard],
        };
        options[key] = option;
        command.Add(option);
    }
}
