// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Tests.Deploy;

/// <summary>Completion for fish.</summary>
internal static class FishCompletion
{
    private const string Head =
        """
        # SPDX-License-Identifier: Apache-2.0
        #
        # Completion for acct-exporter, made of the program's own help by a test: ACCT_UPDATE_GOLDEN=1 makes it anew.
        # Belongs to /usr/share/fish/vendor_completions.d. For a link of a classic name:
        # complete -c sa -w 'acct-exporter sa'

        function __acct_exporter_command
            set -l words (commandline -opc)
            test (count $words) -gt 1; and test $words[2] = $argv[1]
        end

        function __acct_exporter_none
            test (count (commandline -opc)) -eq 1
        end

        complete -c acct-exporter -f
        complete -c acct-exporter -n __acct_exporter_none -l help -d 'What it can do'
        complete -c acct-exporter -n __acct_exporter_none -l version -d 'The version'

        """;

    /// <summary>The script.</summary>
    public static string Text()
    {
        var text = new StringBuilder(Head);
        foreach (var command in DescribedCommand.All)
        {
            text.Append("\ncomplete -c acct-exporter -n __acct_exporter_none "
                + $"-a {command.Name} -d {Quoted(command.Help)}\n");
            var begin = $"complete -c acct-exporter -n '__acct_exporter_command {command.Name}'";
            foreach (var option in command.Options)
            {
                text.Append(begin);
                foreach (var name in option.Names)
                {
                    text.Append(name.StartsWith("--", StringComparison.Ordinal)
                        ? $" -l {name[2..]}" : $" -s {Quoted(name[1..])}");
                }

                // A switch may stand alone.
                text.Append(option.Value is null || option.IsBehindEquals ? ""
                    : option.Value.Kind == ValueKind.File ? " -r" : " -x").Append(Action(option.Value));
                text.Append($" -d {Quoted(option.Help)}\n");
            }

            if (command.Arguments is [.., { Value: var value }] && Action(value) is { Length: > 0 } action)
            {
                text.Append($"{begin}{action}\n");
            }
        }

        return text.ToString();
    }

    private static string Action(DescribedValue? value) =>
        value is null ? ""
        : (value.Words.Length > 0 ? $" -a {Quoted(string.Join(' ', value.Words))}" : "") + value.Kind switch
        {
            ValueKind.File => " -F",
            ValueKind.Directory => " -a '(__fish_complete_directories)'",
            ValueKind.User => " -a '(__fish_complete_users)'",
            ValueKind.Group => " -a '(__fish_complete_groups)'",
            _ => "",
        };

    private static string Quoted(string text) =>
        $"'{text.Replace("\\", "\\\\").Replace("'", "\\'")}'";
}
