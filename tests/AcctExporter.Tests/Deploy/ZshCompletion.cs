// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Tests.Deploy;

/// <summary>Completion for zsh (<c>_arguments</c>).</summary>
internal static class ZshCompletion
{
    private const string Head =
        """
        #compdef acct-exporter
        # SPDX-License-Identifier: Apache-2.0
        #
        # Completion for acct-exporter, made of the program's own help by a test: ACCT_UPDATE_GOLDEN=1 makes it anew.
        # Belongs into a directory of $fpath. For links of classic names: compdef _acct-exporter sa last ac

        _acct-exporter() {
          local curcontext="$curcontext" state line command=${service:t}
          typeset -A opt_args
          local -a commands

        """;

    private const string Middle =
        """
          if (( ! ${commands[(I)${command}:*]} )); then
            _arguments -C '(- *)--help[What it can do]' '(- *)--version[The version]' '1: :->command' '*:: :->rest'
            case $state in
              command)
                _describe command commands
                return
                ;;
              rest) command=$words[1] ;;
              *) return ;;
            esac
          fi

          case $command in

        """;

    /// <summary>The script.</summary>
    public static string Text()
    {
        var text = new StringBuilder(Head);
        text.Append("  commands=(\n");
        foreach (var command in DescribedCommand.All)
        {
            text.Append($"    '{command.Name}:{Quoted(command.Help)}'\n");
        }

        text.Append("  )\n").Append(Middle);
        foreach (var command in DescribedCommand.All)
        {
            text.Append($"    {command.Name})\n      _arguments -s -S");
            foreach (var option in command.Options)
            {
                foreach (var name in option.Names)
                {
                    text.Append($" \\\n        '*{Spec(name, option)}'");
                }
            }

            foreach (var argument in command.Arguments)
            {
                var form = Quoted(argument.Value.Form).Replace(":", "\\:");
                text.Append($" \\\n        '{(argument.IsRepeated ? "*" : "")}:{form}:"
                    + $"{Action(argument.Value)}'");
            }

            text.Append("\n      ;;\n");
        }

        return text.Append("  esac\n}\n\n_acct-exporter \"$@\"\n").ToString();
    }

    private static string Spec(string name, DescribedOption option)
    {
        var help = $"[{Quoted(option.Help).Replace("[", "\\[").Replace("]", "\\]")}]";
        if (option.Value is not { } value)
        {
            return name + help;
        }

        var form = value.Form.Replace(":", "\\:");
        return option.IsBehindEquals ? $"{name}=-{help}::{form}:{Action(value)}"
            : name.StartsWith("--", StringComparison.Ordinal) ? $"{name}={help}:{form}:{Action(value)}"
            : $"{name}+{help}:{form}:{Action(value)}";
    }

    private static string Action(DescribedValue value) =>
        value.Kind switch
        {
            _ when value.Words.Length > 0 && value.Kind == ValueKind.Any => $"({string.Join(' ', value.Words)})",
            ValueKind.File => "_files",
            ValueKind.Directory => "_directories",
            ValueKind.User => "_users",
            ValueKind.Group => "_groups",
            ValueKind.Signal => "_signals -s",
            _ => " ",
        };

    private static string Quoted(string text) => text.Replace("'", "'\\''");
}
