// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary>The options that acctmerg, prtacct and acctdisk share.</summary>
internal static class TacctFlags
{
    /// <summary>All fields of a record, as the value of an option.</summary>
    public const string AllFields = "all";

    /// <summary>More fields than a line may have.</summary>
    private const int MostFields = 1000;

    /// <summary><c>--read-as</c>.</summary>
    public static Option<TacctLayout?> ReadAs() =>
        Layout("--read-as", "A file that is neither ours nor text has records of this layout");

    /// <summary><c>--write-as</c>.</summary>
    public static Option<TacctLayout?> WriteAs() =>
        Layout("--write-as", "Write records in this layout of System V, illumos or AIX");

    /// <summary><c>--compat</c>.</summary>
    public static Option<bool> Compat(string help) => AppletFiles.Switch("--compat", null, help);

    /// <summary><c>--aix</c>.</summary>
    public static Option<bool> Aix() =>
        AppletFiles.Switch("--aix", null, "With --compat: lines of 18 fields, fees with fractions, as AIX has them");

    /// <summary>An option whose value is a list of fields.</summary>
    public static Option<int[]?> Fields(string name, string letter, string help) => new(name, letter)
    {
        Description = help,
        HelpName = "FIELDS",
        // Of several the last.
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            if (TryFields(result.Tokens[^1].Value, out var fields))
            {
                return fields;
            }

            result.AddError($"{name}: '{result.Tokens[^1].Value}' is no list of fields: numbers from 1 to "
                + $"{TacctField.Count}, or ranges, as in 1-2,13,18");
            return null;
        },
    };

    /// <summary>
    /// Reads a list of fields: numbers and ranges between commas, also from high to low; a range without an end goes
    /// to the last. <see cref="AllFields"/> is an empty list.
    /// </summary>
    public static bool TryFields(string text, out int[] fields)
    {
        var list = new List<int>();
        foreach (var part in text == AllFields ? [] : text.Split(','))
        {
            var ends = part.Split('-', 2);
            var isRange = ends.Length == 2;
            if (!TryField(ends[0], out var first)
                || !TryField(!isRange ? ends[0] : ends[1].Length == 0 ? $"{TacctField.Count}" : ends[1], out var last)
                || list.Count > MostFields)
            {
                fields = [];
                return false;
            }

            var step = first <= last ? 1 : -1;
            for (var field = first; field != last + step; field += step)
            {
                list.Add(field);
            }
        }

        fields = [.. list];
        return true;
    }

    /// <summary>
    /// The arguments with the fields behind a letter (<c>-h2-3</c>) as an option's value; without any, as all.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="arguments">What follows its name.</param>
    /// <param name="names">Its options that take fields, by their letters.</param>
    public static IEnumerable<string> Plain(
        Command command, IReadOnlyList<string> arguments, IReadOnlyDictionary<char, string> names)
    {
        var known = command.Options.Where(option => !names.Values.Contains(option.Name)).ToArray();
        static string Colon(Option option) => option.Arity.MaximumNumberOfValues > 0 ? ":" : "";
        var forms = new GetoptForms(
            string.Concat(known.SelectMany(option => option.Aliases
                .Where(alias => alias.Length == 2).Select(alias => alias[1] + Colon(option)))),
            [
                "help", .. known.Select(option => option.Name[2..] + Colon(option)),
                .. names.Values.Select(name => name[2..]),
            ]);
        return forms.Plain([.. arguments.SelectMany(argument => Letters(argument, names, known))])
            .Select(argument => names.Values.Contains(argument) ? $"{argument}={AllFields}" : argument);
    }

    /// <summary>Takes letters apart up to one that takes a value.</summary>
    private static IEnumerable<string> Letters(
        string argument, IReadOnlyDictionary<char, string> names, IReadOnlyList<Option> known)
    {
        if (argument is not ['-', not '-', ..])
        {
            yield return argument;
            yield break;
        }

        for (var at = 1; at < argument.Length; at++)
        {
            var letter = argument[at];
            if (names.TryGetValue(letter, out var name))
            {
                var end = at + 1;
                while (end < argument.Length && argument[end] is ',' or '-' or (>= '0' and <= '9'))
                {
                    end++;
                }

                yield return end == at + 1 ? name : $"{name}={argument[(at + 1)..end]}";
                at = end - 1;
                continue;
            }

            var takes = known.Any(option => option.Aliases.Contains("-" + letter)
                && option.Arity.MaximumNumberOfValues > 0);
            yield return takes ? "-" + argument[at..] : "-" + letter;
            if (takes)
            {
                yield break;
            }
        }
    }

    private static bool TryField(string text, out int field) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out field)
        && field is >= 1 and <= TacctField.Count;

    private static Option<TacctLayout?> Layout(string name, string help) => new(name)
    {
        Description = help,
        HelpName = string.Join('|', TacctLayout.Names),
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (TacctLayout.TryParse(text, out var layout))
            {
                return layout;
            }

            result.AddError($"{name}: '{text}' is none of {string.Join(", ", TacctLayout.Names)}"
                + Config.Suggestion.For(text, TacctLayout.Names));
            return null;
        },
    };
}
