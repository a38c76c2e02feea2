// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Push;
using AcctExporter.Web;

namespace AcctExporter.Config;

/// <summary>Reads a value; when it cannot, the problem is a sentence that says what would be right.</summary>
internal delegate T? TextReader<out T>(string text, out string problem);

/// <summary>How values of a kind are written.</summary>
/// <param name="Placeholder">What stands for one in help: <c>DURATION</c>.</param>
/// <param name="Read">Reads one.</param>
/// <param name="Format">Writes one so that it is read as the same.</param>
/// <param name="Arity">How many texts a setting of this kind takes.</param>
internal sealed record TextForm<T>(
    string Placeholder, TextReader<T> Read, Func<T, string> Format, SettingArity Arity = SettingArity.Single);

/// <summary>The kinds of values that settings have.</summary>
internal static class TextForm
{
    private static readonly string[] Yes = ["true", "yes", "on"];
    private static readonly string[] No = ["false", "no", "off"];
    private static readonly SearchValues<char> NotInGroups = SearchValues.Create(": \t\r\n\0/");

    /// <summary>True or false.</summary>
    public static TextForm<bool?> Switch { get; } = new(
        "true|false", ReadSwitch, value => value == true ? "true" : "false", SettingArity.Switch);

    /// <summary>A path; relative ones are made absolute, for the agent changes no directory.</summary>
    public static TextForm<string> Path { get; } = new("PATH", ReadPath, path => path);

    /// <summary>A group of the system, which need not exist yet.</summary>
    public static TextForm<string> Group { get; } = new("GROUP", ReadGroup, group => group);

    /// <summary>A path, or <c>-</c> for standard output.</summary>
    public static TextForm<string> Output { get; } = new("PATH|-", ReadOutput, path => path);

    /// <summary>An address to listen on.</summary>
    public static TextForm<string> Address { get; } = new("[HOST]:PORT", ReadAddress, address => address);

    /// <summary>A path of the web server.</summary>
    public static TextForm<string> WebPath { get; } = new("/PATH", ReadWebPath, path => path);

    /// <summary>The address of a receiver of OTLP.</summary>
    public static TextForm<Uri> Receiver { get; } = new(
        "URL", ReadReceiver, uri => uri.OriginalString);

    /// <summary>The transport of OTLP.</summary>
    public static TextForm<PushProtocol?> Protocol { get; } = new(
        string.Join('|', OtlpWords.Protocols.Select(protocol => protocol.Word)), ReadProtocol,
        value => OtlpWords.Protocols.First(protocol => protocol.Value == value).Word);

    /// <summary>The labels of pairs.</summary>
    public static TextForm<LabelList?> Labels { get; } = new(
        "LABEL,...", ReadLabels, labels => labels!.Value.ToString(), SettingArity.Words);

    /// <summary>Which exits become events.</summary>
    public static TextForm<EventSelection?> Selection { get; } = new(
        "core,signal,failure,all", ReadSelection, selection => selection!.Value.ToString(), SettingArity.Words);

    /// <summary>
    /// A duration between two bounds; <c>0</c> or <c>off</c> when <paramref name="mayBeOff"/>.
    /// </summary>
    public static TextForm<TimeSpan?> Duration(TimeSpan least, TimeSpan most, bool mayBeOff = false) => new(
        "DURATION",
        (string text, out string problem) =>
        {
            var right = Units.TryParseDuration(text, out var value)
                && ((value >= least && value <= most) || (mayBeOff && value == TimeSpan.Zero));
            problem = right ? "" : $"'{text}' is no duration from {Units.Format(least)} to {Units.Format(most)} "
                + (mayBeOff ? "(20ms, 10s, 5m, 1h, 31d, off)" : "(20ms, 10s, 5m, 1h, 31d)");
            return value;
        },
        value => Units.Format(value!.Value));

    /// <summary>A number of bytes from a least one on; <c>0</c> or <c>off</c> likewise.</summary>
    public static TextForm<long?> Size(long least, bool mayBeOff = false) => new(
        "SIZE",
        (string text, out string problem) =>
        {
            var right = Units.TryParseSize(text, out var value) && (value >= least || (mayBeOff && value == 0));
            problem = right ? "" : $"'{text}' is no size of {least} bytes or more "
                + (mayBeOff ? "(65536, 8MiB, 1GiB, off)" : "(65536, 8MiB, 1GiB)");
            return value;
        },
        value => Units.Format(value!.Value));

    /// <summary>A whole number between two bounds.</summary>
    public static TextForm<int?> Number(int least, int most) => new(
        "N",
        (string text, out string problem) =>
        {
            var right = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value >= least && value <= most;
            problem = right ? "" : $"'{text}' is no whole number from {least} to {most}";
            return value;
        },
        value => value!.Value.ToString(CultureInfo.InvariantCulture));

    /// <summary>One of a few words: the names of an enumeration, in small letters with hyphens.</summary>
    public static TextForm<T?> Choice<T>()
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(WordOf).ToArray();
        return new(
            string.Join('|', words),
            (string text, out string problem) =>
            {
                var chosen = Array.IndexOf(words, text.ToLowerInvariant());
                problem = chosen >= 0 ? ""
                    : $"'{text}' is none of {string.Join(", ", words)}{Suggestion.For(text, words)}";
                return chosen >= 0 ? Enum.GetValues<T>()[chosen] : default(T);
            },
            value => WordOf(value!.Value.ToString()));
    }

    /// <summary><c>StartAnew</c> is written <c>start-anew</c>.</summary>
    private static string WordOf(string name) => string.Concat(name.Select((letter, at) =>
        char.IsUpper(letter) && at > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    private static bool? ReadSwitch(string text, out string problem)
    {
        var word = text.ToLowerInvariant();
        problem = Yes.Contains(word) || No.Contains(word) ? "" : $"'{text}' is neither true nor false";
        return Yes.Contains(word);
    }

    private static string ReadPath(string text, out string problem)
    {
        problem = text.Length == 0 ? "an empty path"
            : text.Contains('\0', StringComparison.Ordinal) ? "a path has no NUL in it" : "";
        return problem.Length == 0 ? System.IO.Path.GetFullPath(text) : "";
    }

    private static string ReadGroup(string text, out string problem)
    {
        problem = text.Length == 0 || text.AsSpan().ContainsAny(NotInGroups)
            ? $"'{text}' is no name or number of a group" : "";
        return text;
    }

    private static string ReadOutput(string text, out string problem)
    {
        problem = "";
        return text == ExitEventOptions.StandardOutput ? text : ReadPath(text, out problem);
    }

    private static string ReadAddress(string text, out string problem)
    {
        problem = ListenAddress.TryParse(text, out _, out var fault) ? "" : fault;
        return text;
    }

    private static string ReadWebPath(string text, out string problem)
    {
        problem = new WebOptions { TelemetryPath = text }.Faults().FirstOrDefault() ?? "";
        return text;
    }

    private static Uri? ReadReceiver(string text, out string problem) =>
        OtlpVariables.TryReadBase(text, out var uri, out problem) ? uri : null;

    private static PushProtocol? ReadProtocol(string text, out string problem)
    {
        foreach (var (word, value) in OtlpWords.Protocols)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                problem = "";
                return value;
            }
        }

        var words = OtlpWords.Protocols.Select(protocol => protocol.Word).ToArray();
        problem = $"'{text}' is none of {string.Join(", ", words)}{Suggestion.For(text, words)}";
        return null;
    }

    private static LabelList? ReadLabels(string text, out string problem)
    {
        problem = LabelList.TryParse(text, out var labels, out var fault) ? ""
            : $"{fault}. Right would be user,command and any of {string.Join(", ", LabelList.Optional)} behind them";
        return labels;
    }

    private static EventSelection? ReadSelection(string text, out string problem)
    {
        problem = EventSelection.TryParse(text, out var selection) ? ""
            : $"'{text}' is no list of core, signal, failure, all (core,signal; failure; all)";
        return selection;
    }
}
