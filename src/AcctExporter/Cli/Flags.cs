// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace AcctExporter.Cli;

/// <summary>Options in the form that exporters use, with faults that say what would be right.</summary>
internal static class Flags
{
    /// <summary>
    /// A flag whose value is a duration between two bounds; <c>0</c> or <c>off</c> when <paramref name="mayBeOff"/>.
    /// </summary>
    public static Option<Duration> Duration(
        string name, string help, TimeSpan standard, TimeSpan least, TimeSpan most, bool mayBeOff = false) =>
        new(name)
        {
            Description = help,
            HelpName = "DURATION",
            DefaultValueFactory = _ => new Duration(standard),
            CustomParser = result =>
            {
                var text = Single(result);
                if (Units.TryParseDuration(text, out var value)
                    && ((value >= least && value <= most) || (mayBeOff && value == TimeSpan.Zero)))
                {
                    return new Duration(value);
                }

                result.AddError($"{name}: '{text}' is no duration from {Units.Format(least)} to {Units.Format(most)} "
                    + (mayBeOff ? "(20ms, 10s, 5m, 1h, 31d, off)" : "(20ms, 10s, 5m, 1h, 31d)"));
                return default;
            },
        };

    /// <summary>A flag whose value is a number of bytes between two bounds.</summary>
    public static Option<ByteSize> Size(string name, string help, long standard, long least, bool mayBeOff = false) =>
        new(name)
    {
        Description = help,
        HelpName = "SIZE",
        DefaultValueFactory = _ => new ByteSize(standard),
        CustomParser = result =>
        {
            var text = Single(result);
            if (Units.TryParseSize(text, out var value) && (value >= least || (mayBeOff && value == 0)))
            {
                return new ByteSize(value);
            }

            result.AddError($"{name}: '{text}' is no size of {least} bytes or more "
                + (mayBeOff ? "(65536, 8MiB, 1GiB, off)" : "(65536, 8MiB, 1GiB)"));
            return default;
        },
    };

    /// <summary>A flag whose value is a whole number between two bounds.</summary>
    public static Option<int> Number(string name, string help, int standard, int least, int most) => new(name)
    {
        Description = help,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = Single(result);
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value >= least && value <= most)
            {
                return value;
            }

            result.AddError($"{name}: '{text}' is no whole number from {least} to {most}");
            return default;
        },
    };

    /// <summary>A flag that is a path; relative ones are made absolute, for the agent changes no directory.</summary>
    public static Option<string?> PathOf(string name, string help, string? standard) => new(name)
    {
        Description = help,
        HelpName = "PATH",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = Single(result);
            if (text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal))
            {
                return Path.GetFullPath(text);
            }

            result.AddError($"{name}: an empty path");
            return null;
        },
    };

    /// <summary>A flag that is one of a few words: the names of an enumeration, in small letters.</summary>
    public static Option<T> Choice<T>(string name, string help, T standard)
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(word => word.ToLowerInvariant()).ToArray();
        return new(name)
        {
            Description = help,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                var text = Single(result);
                var chosen = Array.IndexOf(words, text.ToLowerInvariant());
                if (chosen >= 0)
                {
                    return Enum.GetValues<T>()[chosen];
                }

                result.AddError($"{name}: '{text}' is none of {string.Join(", ", words)}");
                return default;
            },
        };
    }

    /// <summary>The labels of pairs: user and command, then any of the optional ones.</summary>
    public static Option<LabelList> Labels(string name, string help) => new(name)
    {
        Description = help,
        HelpName = "LABEL,...",
        DefaultValueFactory = _ => default,
        CustomParser = result =>
        {
            var text = Single(result);
            if (LabelList.TryParse(text, out var labels, out var fault))
            {
                return labels;
            }

            result.AddError($"{name}: {fault}. Right would be user,command and any of "
                + $"{string.Join(", ", LabelList.Optional)} behind them");
            return default;
        },
    };

    /// <summary>A flag that is a path, or <c>-</c> for standard output; nothing unless it is given.</summary>
    public static Option<string?> Output(string name, string help)
    {
        var option = PathOf(name, help, null);
        var absolute = option.CustomParser!;
        option.HelpName = "PATH|-";
        option.CustomParser = result => Single(result) == "-" ? "-" : absolute(result);
        return option;
    }

    /// <summary>A flag that is there or not.</summary>
    public static Option<bool> Switch(string name, string help) => new(name) { Description = help };

    private static string Single(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
