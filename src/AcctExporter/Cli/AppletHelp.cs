// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AcctExporter.Cli;

/// <summary>
/// The help of a classic command: examples and where it is from, then what the parser says of its options, then where
/// its differences are told. Other commands have the parser's alone.
/// </summary>
internal sealed class AppletHelp : SynchronousCommandLineAction
{
    private const string Indent = "  ";

    private readonly HelpAction parsers;

    private AppletHelp(HelpAction parsers) => this.parsers = parsers;

    /// <summary>Gives it to a command tree.</summary>
    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new AppletHelp((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var applet = parseResult.CommandResult.Command as AppletCommand;
        var output = parseResult.InvocationConfiguration.Output;
        if (applet is not null)
        {
            WriteExamples(output, applet);
        }

        var code = parsers.Invoke(parseResult);
        if (applet?.Like is not null)
        {
            output.WriteLine(Differences(applet));
        }

        return code;
    }

    /// <summary>Where it is told how a command differs from the original.</summary>
    public static string Differences(AppletCommand applet) =>
        $"What differs: docs/differences.md#{applet.Differences}"
        + (applet.Options.Any(option => option.Name == "--compat") ? "; --compat gives the original" : "");

    private static void WriteExamples(TextWriter output, AppletCommand applet)
    {
        if (applet.Examples.Count > 0)
        {
            var width = applet.Examples.Max(example => example.Line.Length);
            output.WriteLine("Examples:");
            foreach (var (line, meaning) in applet.Examples)
            {
                output.WriteLine($"{Indent}acct-exporter {line.PadRight(width)}{Indent}{meaning}");
            }

            output.WriteLine();
        }

        if (applet.Like is not null)
        {
            output.WriteLine($"Like {applet.Like}.");
            output.WriteLine();
        }
    }
}
