// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>The classic commands, and how a command line becomes one of theirs.</summary>
internal static class Applets
{
    /// <summary>All of them.</summary>
    public static AppletCommand[] All(ReportIo io) =>
    [
        AcApplet.Create(io),
        UtmpDumpApplet.Create(io),
        LastApplet.Last(io),
        LastApplet.Lastb(io),
        LastLoginApplet.Create(io),
        FwtmpApplet.Create(io),
        WtmpFixApplet.Create(io),
        AcctWtmpApplet.Create(io),
        PeriodApplets.CreateClose(io),
        PeriodApplets.CreateOpen(io),
        AcctconApplet.Create(io),
        Acctcon1Applet.Create(io),
        CtmpApplets.CreateTotals(io),
        CtmpApplets.CreatePages(io),
        LineReportApplets.CreateLineUse(io),
        LineReportApplets.CreateReboots(io),
    ];

    /// <summary>
    /// The arguments as the command tree knows them: the applet's name in front when the program was called through a
    /// link of that name, and its own forms rewritten.
    /// </summary>
    /// <param name="root">The command tree.</param>
    /// <param name="calledAs">The program's name as it was called (<c>argv[0]</c>).</param>
    /// <param name="arguments">What followed it.</param>
    public static string[] Arguments(RootCommand root, string calledAs, string[] arguments)
    {
        var applets = root.Subcommands.OfType<AppletCommand>().ToDictionary(applet => applet.Name);
        if (applets.TryGetValue(Path.GetFileName(calledAs), out var applet))
        {
            return [applet.Name, .. applet.Rewrite(arguments)];
        }

        return arguments.Length > 0 && applets.TryGetValue(arguments[0], out applet)
            ? [applet.Name, .. applet.Rewrite(arguments[1..])]
            : arguments;
    }

    /// <summary>How the program was called: .NET itself tells only where the file is that the link leads to.</summary>
    public static string CalledAs()
    {
        var command = File.ReadAllBytes("/proc/self/cmdline").AsSpan();
        var end = command.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? command : command[..end]);
    }
}
