// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Tests.Deploy;

/// <summary>Completion for bash. It takes nothing but bash itself.</summary>
internal static class BashCompletion
{
    private const string Head =
        """
        # SPDX-License-Identifier: Apache-2.0
        # shellcheck shell=bash
        #
        # Completion for acct-exporter, made of the program's own help by a test: ACCT_UPDATE_GOLDEN=1 makes it anew.
        # Belongs to /usr/share/bash-completion/completions/acct-exporter. Links of the classic names that lead to
        # acct-exporter (sa, last, ...) are completed too, where they are there when this is read.

        _acct_exporter_words() {
          local IFS=$' \t\n'
          mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
        }

        _acct_exporter_value() {
          case $1 in
            file) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
            directory) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
            user) mapfile -t COMPREPLY < <(compgen -u -- "$current") ;;
            group) mapfile -t COMPREPLY < <(compgen -g -- "$current") ;;
            signal) mapfile -t COMPREPLY < <(compgen -A signal -- "$current") ;;
          esac
        }

        _acct_exporter() {
          local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' option='' behind=''
          local words='' kind='' arguments='' choices='' commands=() options=() switches=()
          COMPREPLY=()

        """;

    private const string Middle =
        """
          command=${COMP_WORDS[0]##*/}
          if [[ " ${commands[*]} " != *" $command "* ]]; then
            if ((COMP_CWORD == 1)); then
              _acct_exporter_words "${commands[*]} --help --version"
              return
            fi
            command=${COMP_WORDS[1]}
          fi

          # What stands behind = is a word of its own, for COMP_WORDBREAKS has it.
          if [[ $current == '=' ]]; then
            option=$previous behind=yes current=''
          elif [[ $previous == '=' ]]; then
            option=${COMP_WORDS[COMP_CWORD - 2]} behind=yes
          else
            option=$previous
          fi

          case $command in

        """;

    private const string Tail =
        """
          esac

          if [[ -n $words || -n $kind ]] && [[ -n $behind || " ${switches[*]} " != *" $option "* ]]; then
            if [[ -n $words ]]; then _acct_exporter_words "$words"; fi
            if [[ -n $kind ]]; then _acct_exporter_value "$kind"; fi
          elif [[ $current == -* ]]; then
            _acct_exporter_words "${options[*]}"
          else
            if [[ -n $arguments ]]; then _acct_exporter_value "$arguments"; fi
            if [[ -n $choices ]]; then
              local found
              mapfile -t found < <(compgen -W "$choices" -- "$current")
              COMPREPLY+=("${found[@]}")
            fi
          fi
        }

        complete -o filenames -F _acct_exporter acct-exporter

        """;

    /// <summary>The script.</summary>
    public static string Text()
    {
        var text = new StringBuilder(Head);
        Words(text, "  ", "commands", DescribedCommand.All.Select(command => command.Name));
        text.Append(Middle);
        foreach (var command in DescribedCommand.All)
        {
            Branch(text, command);
        }

        text.Append(Tail);
        text.Append("_acct_exporter_program=$(type -P acct-exporter || true)\n");
        text.Append("for _acct_exporter_link in");
        Folded(text, "  ", DescribedCommand.Applets.Select(command => command.Name), " \\\n");
        text.Append("; do\n");
        text.Append("  if [[ -n $_acct_exporter_program ]] &&\n"
            + "    [[ $(type -P \"$_acct_exporter_link\" || true) -ef $_acct_exporter_program ]]; then\n"
            + "    complete -o filenames -F _acct_exporter \"$_acct_exporter_link\"\n  fi\ndone\n");
        text.Append("unset _acct_exporter_program _acct_exporter_link\n");
        return text.ToString();
    }

    private static void Branch(StringBuilder text, DescribedCommand command)
    {
        text.Append($"    {command.Name})\n");
        Words(text, "      ", "options", command.Options.SelectMany(option => option.Names));
        var switches = command.Options.Where(option => option.IsBehindEquals)
            .SelectMany(option => option.Names).ToArray();
        if (switches.Length > 0)
        {
            Words(text, "      ", "switches", switches);
        }

        if (command.Arguments is [.., { Value: var value }])
        {
            text.Append(value.Kind == ValueKind.Any ? "" : $"      arguments='{Name(value.Kind)}'\n");
            text.Append(value.Words.Length == 0 ? "" : $"      choices='{string.Join(' ', value.Words)}'\n");
        }

        var options = command.Options.Where(option => option.Value is { } known
            && (known.Kind != ValueKind.Any || known.Words.Length > 0)).ToArray();
        if (options.Length > 0)
        {
            text.Append("      case $option in\n");
            foreach (var same in options.GroupBy(option =>
                (string.Join(' ', option.Value!.Words), option.Value.Kind)))
            {
                var (words, kind) = same.Key;
                text.Append("        ");
                text.AppendJoin(" | \\\n          ", same.Select(option => string.Join(" | ", option.Names)));
                text.Append(')');
                text.Append(words.Length > 0 ? $" words='{words}'" : "");
                text.Append(kind != ValueKind.Any ? $" kind='{Name(kind)}'" : "");
                text.Append(" ;;\n");
            }

            text.Append("      esac\n");
        }

        text.Append("      ;;\n");
    }

    private static string Name(ValueKind kind) => kind.ToString().ToLowerInvariant();

    private static void Words(StringBuilder text, string indent, string name, IEnumerable<string> words)
    {
        text.Append($"{indent}{name}=(");
        Folded(text, indent + "  ", words, "\n");
        text.Append(")\n");
    }

    /// <summary>Words in lines that are not too long.</summary>
    private static void Folded(StringBuilder text, string indent, IEnumerable<string> words, string lineEnd)
    {
        const int widest = 110;
        var column = widest;
        foreach (var word in words)
        {
            if (column + word.Length + 1 > widest)
            {
                text.Append(lineEnd).Append(indent);
                column = indent.Length;
            }
            else
            {
                text.Append(' ');
            }

            text.Append(word);
            column += word.Length + 1;
        }
    }
}
