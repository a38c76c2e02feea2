// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AcctExporter.Tests.Docs;

/// <summary>The built program, asked what it is and what it knows.</summary>
internal static partial class AgentCommand
{
    /// <summary>Its commands, each with its flags, as its own help lists them; the program's own under "".</summary>
    public static IReadOnlyDictionary<string, HashSet<string>> Flags { get; } = ReadFlags();

    /// <summary>Runs it to its end.</summary>
    public static (int Code, string Said) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "acct-exporter"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>Flags in a text: <c>--name</c>, with dots.</summary>
    public static IEnumerable<string> FlagsIn(string text) => Flag().Matches(text).Select(match => match.Value);

    private static Dictionary<string, HashSet<string>> ReadFlags()
    {
        var help = Run("--help").Said;
        var known = new Dictionary<string, HashSet<string>> { [""] = [.. FlagsIn(help)] };
        var commands = help[help.IndexOf("Commands:", StringComparison.Ordinal)..];
        foreach (Match command in CommandLine().Matches(commands))
        {
            var name = command.Groups[1].Value;
            known[name] = [.. FlagsIn(Run(name, "--help").Said)];
        }

        return known;
    }

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*")]
    private static partial Regex Flag();

    [GeneratedRegex(@"^  ([a-z][a-z0-9-]*)\b", RegexOptions.Multiline)]
    private static partial Regex CommandLine();
}
