// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter wtmpfix</c>: the good records of login files.</summary>
internal static class WtmpFixApplet
{
    private const string Name = "wtmpfix";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var inputs = new Argument<string[]>("FILE")
        {
            Description = "Login files, the oldest first; none or - is standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var compat = AppletFiles.Switch(
            "--compat", null, "As the System V suite did: only about this month, and times moved with the clock");
        var output = AppletFiles.OutputOption();
        var command = new AppletCommand(Name, "Write the good records of login files, with names mended", io)
        {
            inputs, compat, output,
        };
        command.SetWork((result, format) =>
        {
            var files = new AppletFiles(Name, io);
            string[] names = result.GetValue(inputs) is { Length: > 0 } given ? given : [AppletFiles.Standard];
            var target = result.GetValue(output);
            if (target != null && names.Any(name => files.Refuses(target, name)))
            {
                return ExitCode.Usage;
            }

            return files.WithOutput(target, to => result.GetValue(compat)
                ? Classic(io, files, names, new(to, format)) : Sane(files, names, new(to, format)));
        });
        return command;
    }

    private static int Sane(AppletFiles files, string[] names, UtmpOutput output)
    {
        var fix = new WtmpFix(output, files.Say);
        var unread = false;
        foreach (var name in names)
        {
            if (files.Open(name) is not { } input)
            {
                unread = true;
                continue;
            }

            using (input)
            {
                fix.Add(input);
            }
        }

        fix.End();
        var code = files.Told(names.Length == 1 ? names[0] : "the files", fix.LeftOut, "left out");
        return unread ? ExitCode.CannotRead : code;
    }

    private static int Classic(ReportIo io, AppletFiles files, string[] names, UtmpOutput output)
    {
        using var fix = new WtmpFixCompat(io.Clock.GetLocalNow(), files.Say);
        foreach (var name in names)
        {
            if (files.Open(name) is not { } input)
            {
                return ExitCode.Failure;
            }

            using (input)
            {
                if (!fix.TryAdd(input))
                {
                    return ExitCode.Failure;
                }
            }
        }

        fix.Write(output);
        return ExitCode.Done;
    }
}
