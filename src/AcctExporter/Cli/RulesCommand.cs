// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Ledger;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter rules</c>: what the rules of a configuration make of names, before an agent does.
/// </summary>
internal static class RulesCommand
{
    private const string Text = "text";
    private const string Json = "json";

    /// <summary>The command.</summary>
    public static ConfiguredCommand Create()
    {
        var names = new Option<string[]>("--try")
        {
            Description = "Name of a program, as in /proc/PID/comm; may be repeated",
            HelpName = "NAME",
        };
        var file = new Option<string?>("--try-file")
        {
            Description = "File with a name on each line, or a user, a tab and a name; - is standard input",
            HelpName = "FILE",
        };
        var user = Input("--user", "User of the programs", "root");
        var exe = Input("--exe", "Path of their executable; without it, it is not known", "");
        var unit = Input("--unit", "Their unit of systemd; without it, they are in none", "");
        var format = FormatOption.Of("text for people, json for programs: an object on each line", Text, Json);
        var command = new ConfiguredCommand(
            "rules", "Say what the rules for commands make of names of programs, and why", "pairs.fold-kernel-threads")
        {
            names, file, user, exe, unit, format,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(names) is null && result.GetResult(file) is null)
            {
                result.AddError("rules: nothing to try: give --try NAME or --try-file FILE");
            }
        });
        command.SetAction(result =>
        {
            if (command.Flags.Load(result) is not { Options.Ledger: var limits })
            {
                return ExitCode.Usage;
            }

            var common = new RuleTrialInput(
                "", result.GetRequiredValue(user), result.GetRequiredValue(exe), result.GetRequiredValue(unit));
            var inputs = (result.GetValue(names) ?? []).Select(name => common with { Command = name }).ToList();
            if (result.GetValue(file) is { } path
                && !TryRead(path, common, inputs, result.InvocationConfiguration.Error))
            {
                return ExitCode.CannotRead;
            }

            var rules = new CommandRules(limits.Rules, limits.FoldKernelThreads);
            Action<TextWriter, CommandRules, IEnumerable<RuleTrialInput>> write =
                result.GetValue(format) == Json ? RuleTrial.WriteJson : RuleTrial.Write;
            write(result.InvocationConfiguration.Output, rules, inputs);
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string> Input(string name, string help, string standard) => new(name)
    {
        Description = help,
        HelpName = "TEXT",
        DefaultValueFactory = _ => standard,
    };

    private static bool TryRead(string path, RuleTrialInput common, List<RuleTrialInput> inputs, TextWriter errors)
    {
        try
        {
            // An empty line has no name to try.
            var lines = path == "-" ? LinesOf(Console.In) : File.ReadLines(path);
            inputs.AddRange(lines.Where(line => line.Length > 0).Select(line => InputOf(line, common)));
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"acct-exporter: cannot read {path}: {error.Message}");
            return false;
        }
    }

    private static RuleTrialInput InputOf(string line, RuleTrialInput common)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        return tab < 0
            ? common with { Command = line }
            : common with { User = line[..tab], Command = line[(tab + 1)..] };
    }

    private static IEnumerable<string> LinesOf(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
