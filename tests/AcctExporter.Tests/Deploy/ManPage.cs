// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Cli;

namespace AcctExporter.Tests.Deploy;

/// <summary>Manual pages (man(7)) of the program and of its classic commands, made of their help.</summary>
internal static class ManPage
{
    private const string Changed = "2026-11-22";

    private static readonly (int Code, string Meaning)[] Codes =
    [
        (ExitCode.Done, "Done."),
        (ExitCode.Failure, "It failed; standard error says why."),
        (ExitCode.Usage, "The command line or the configuration is wrong."),
        (ExitCode.CannotRead, "An input cannot be read."),
        (ExitCode.BadRecords, "Done, but an input had records that are none."),
    ];

    /// <summary>The page of the program: the agent, and all commands that are no classic ones.</summary>
    public static string OfProgram()
    {
        var page = Begin("acct-exporter", 8, "counts every process that ends, once, and shows it to Prometheus");
        page.Append(".B acct\\-exporter\n.I COMMAND\n.RI [ option ...]\n.SH DESCRIPTION\n");
        page.Append(Line("Every process that ever ended on this host, counted once, with its name, its owner and its "
            + "cost. acct-exporter serve is the agent; the other commands look at what there is."));
        page.Append(".PP\n").Append(Line("The classic commands of accounting have pages of their own; a link of its "
            + "name calls one."));
        page.Append(".PP\n").Append(Line("Each option of the agent is also a variable (--pairs.limit: "
            + "ACCT_EXPORTER_PAIRS_LIMIT), and a key of the file that --config.file names."));
        foreach (var command in DescribedCommand.All.Where(command => command.Applet is null))
        {
            page.Append($".SH {Text(command.Name.ToUpperInvariant())}\n");
            Synopsis(page, command);
            page.Append($".PP\n{Line(Sentence(command.Help))}");
            Options(page, command.Options);
        }

        page.Append(".SH CLASSIC COMMANDS\n");
        foreach (var applet in DescribedCommand.Applets)
        {
            page.Append($".TP\n.BR {Text($"acct-exporter-{applet.Name}")} ({applet.Section})\n");
            page.Append(Line(Sentence(applet.Help)));
        }

        return End(page, "/etc/default/acct\\-exporter\n.br\n/var/lib/acct\\-exporter\n.br\n/run/acct\\-exporter");
    }

    /// <summary>The page of a classic command.</summary>
    public static string Of(DescribedCommand command)
    {
        var page = Begin($"acct-exporter-{command.Name}", command.Section, command.Help);
        Synopsis(page, command);
        page.Append($".SH DESCRIPTION\n{Line(Sentence(command.Help))}");
        if (command.Applet!.Like is { } like)
        {
            page.Append(".PP\n").Append(
                Line($"Like {like}. A link to acct-exporter that is called {command.Name} does the same."));
        }

        foreach (var argument in command.Arguments.Where(argument => argument.Help.Length > 0))
        {
            page.Append($".TP\n.I {Text(argument.Value.Form)}\n{Line(Sentence(argument.Help))}");
        }

        if (command.Applet.Examples.Count > 0)
        {
            page.Append(".SH EXAMPLES\n");
            foreach (var (line, meaning) in command.Applet.Examples)
            {
                page.Append($".TP\n.B {Text("acct-exporter " + line)}\n{Line(Sentence(meaning))}");
            }
        }

        var classic = command.Options.Where(option => !option.IsOurs).ToArray();
        page.Append(".SH OPTIONS\n");
        Options(page, classic);
        if (command.Options.Count > classic.Length)
        {
            page.Append(".SH OPTIONS OF OURS\nThe original does not have these.\n");
            Options(page, command.Options.Where(option => option.IsOurs));
        }

        page.Append(".SH EXIT STATUS\n");
        foreach (var (code, meaning) in Codes)
        {
            page.Append($".TP\n.B {code}\n{Line(meaning)}");
        }

        if (command.Applet.Like is not null)
        {
            page.Append($".SH DIFFERENCES\n{Line(AppletHelp.Differences(command.Applet) + ".")}");
        }

        page.Append(".SH SEE ALSO\n.BR acct\\-exporter (8),\n.BR acct (5)\n");
        return page.ToString();
    }

    private static StringBuilder Begin(string name, int section, string help) => new(
        ".\\\" SPDX-License-Identifier: Apache-2.0\n"
        + ".\\\" Made of the program's own help by a test: ACCT_UPDATE_GOLDEN=1 makes it anew.\n"
        + $".TH {Text(name.ToUpperInvariant())} {section} {Changed} acct-exporter \"AcctExporter\"\n"
        + $".SH NAME\n{Text(name)} \\- {Text(help)}\n.SH SYNOPSIS\n");

    private static string End(StringBuilder page, string files) => page
        .Append($".SH FILES\n{files}\n.SH SEE ALSO\n.BR acct (2),\n.BR acct (5),\n.BR proc (5)\n").ToString();

    private static void Synopsis(StringBuilder page, DescribedCommand command)
    {
        page.Append($".B acct\\-exporter {Text(command.Name)}\n.RI [ option ...]\n");
        foreach (var argument in command.Arguments)
        {
            var more = argument.IsRepeated ? " ..." : "";
            page.Append(argument.IsOptional ? $".RI [ {Text(argument.Value.Form)}{more.Trim()} ]\n"
                : $".I {Text(argument.Value.Form)}{more}\n");
        }
    }

    private static void Options(StringBuilder page, IEnumerable<DescribedOption> options)
    {
        foreach (var option in options)
        {
            var names = option.Names.Skip(1).Append(option.Names[0]).Select(name => $"\\fB{Text(name)}\\fR");
            var value = option.Value is null ? ""
                : option.IsBehindEquals ? $"[=\\fI{Text(option.Value.Form)}\\fR]"
                : $" \\fI{Text(option.Value.Form)}\\fR";
            page.Append($".TP\n{string.Join(", ", names)}{value}\n{Line(Sentence(option.Help))}");
            if (option.Default.Length > 0)
            {
                page.Append($"Default: {Text(option.Default)}.\n");
            }
        }
    }

    private static string Sentence(string text) =>
        char.ToUpperInvariant(text[0]) + text[1..] + (text.EndsWith('.') || text.EndsWith(']') ? "" : ".");

    private static string Line(string text) => Text(text) is var shown && shown[0] is '.' or '\''
        ? $"\\&{shown}\n" : $"{shown}\n";

    /// <summary>A hyphen of ours is one that can be typed; what roff would take for its own is escaped.</summary>
    private static string Text(string text) => text
        .Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
        .Replace("'", "\\(aq", StringComparison.Ordinal).Replace("^", "\\(ha", StringComparison.Ordinal)
        .Replace("~", "\\(ti", StringComparison.Ordinal).Replace("`", "\\(ga", StringComparison.Ordinal);
}
