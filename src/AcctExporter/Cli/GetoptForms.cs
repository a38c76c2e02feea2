// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace AcctExporter.Cli;

/// <summary>
/// The ways in which getopt_long(3) lets options be written, made plain for the parser: letters together (<c>-dp</c>),
/// a value at its letter (<c>-fFILE</c>), long names cut short (<c>--compat</c>). What it does not know, and what could
/// be more than one option, stays as it is for the parser to complain of.
/// </summary>
/// <param name="letters">Options of one letter; a colon behind one that takes a value (<c>dpf:</c>).</param>
/// <param name="names">
/// Long options without their dashes; a colon behind one that takes a value (<c>file:</c>). Those that the original
/// does not have stand behind an empty one: a name cut short means one of the others where it can.
/// </param>
internal sealed class GetoptForms(string letters, params string[] names)
{
    /// <summary>Those of a command's options, and of its help.</summary>
    public static GetoptForms Of(Command command)
    {
        static string Colon(Option option) => 
            option.Arity.MaximumNumberOfValues > 0 && !SettingFlags.IsSwitch(option.Name) ? ":" : "";
        var ours = command is AppletCommand applet ? applet.Ours : [];
        return new(
            "h" + string.Concat(command.Options.SelectMany(option => option.Aliases
                .Where(alias => alias.Length == 2).Select(alias => alias[1] + Colon(option)))),
            ["help", .. Names(command.Options.Except(ours)), "", .. Names(ours)]);

        static IEnumerable<string> Names(IEnumerable<Option> options) =>
            options.Select(option => option.Name[2..] + Colon(option));
    }

    /// <summary>The arguments with each option by itself, and its value behind <c>=</c>.</summary>
    public IEnumerable<string> Plain(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var text = arguments[i];
            if (text == "--")
            {
                for (; i < arguments.Count; i++)
                {
                    yield return arguments[i];
                }

                yield break;
            }

            var parts = text.StartsWith("--", StringComparison.Ordinal) ? Long(text)
                : text is ['-', _, ..] ? Letters(text)
                : [text];
            // One that still wants its value, which is the next word whatever it looks like.
            if (parts[^1].EndsWith(Wanting) && i + 1 < arguments.Count)
            {
                parts = [.. parts[..^1], .. With(parts[^1].TrimEnd(Wanting), arguments[++i])];
            }

            foreach (var part in parts)
            {
                yield return part.TrimEnd(Wanting);
            }
        }
    }

    /// <summary>No argument of a command line has it: they are C's strings.</summary>
    private const char Wanting = '\0';

    /// <summary>
    /// An option with its value. The parser takes <c>--user=</c> for one without, and the next word for its value.
    /// </summary>
    private static string[] With(string option, string value) =>
        value.Length > 0 ? [$"{option}={value}"] : [option, value];

    private string[] Long(string text)
    {
        var parts = text[2..].Split('=', 2);
        var meant = names.Where(name => name.TrimEnd(':') == parts[0]).ToArray();
        if (meant.Length == 0)
        {
            meant = [.. names.TakeWhile(name => name.Length > 0).Where(IsBegun)];
        }

        if (meant.Length == 0)
        {
            meant = [.. names.Where(IsBegun)];
        }

        if (meant is not [var only])
        {
            return [text];
        }

        bool IsBegun(string name) => name.StartsWith(parts[0], StringComparison.Ordinal);
        var option = "--" + only.TrimEnd(':');
        return parts.Length == 1 ? [only.EndsWith(':') ? option + Wanting : option]
            : only.EndsWith(':') ? With(option, parts[1])
            : [$"{option}={parts[1]}"];
    }

    private string[] Letters(string text)
    {
        var parts = new List<string>();
        for (var i = 1; i < text.Length; i++)
        {
            var option = "-" + text[i];
            var at = text[i] == ':' ? -1 : letters.IndexOf(text[i], StringComparison.Ordinal);
            if (at >= 0 && at + 1 < letters.Length && letters[at + 1] == ':')
            {
                var rest = text[(i + 1)..];
                parts.Add(rest.Length > 0 ? $"{option}={rest}" : option + Wanting);
                break;
            }

            parts.Add(option);
        }

        return [.. parts];
    }
}
