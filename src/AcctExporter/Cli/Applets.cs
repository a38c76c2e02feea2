// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>The classic commands, and how a command line becomes one of theirs.</summary>
internal static class Applets
{
    private static readonly (string Name, Func<ReportIo, AppletCommand> Create)[] Known =
    [
        ("ac", AcApplet.Create),
        ("lastcomm", LastcommApplet.Create),
        ("dump-acct", DumpAcctApplet.Create),
        ("utmpdump", UtmpDumpApplet.Create),
        ("last", LastApplet.Last),
        ("lastb", LastApplet.Lastb),
        ("lastlogin", LastLoginApplet.Create),
        ("fwtmp", FwtmpApplet.Create),
        ("wtmpfix", WtmpFixApplet.Create),
        ("acctwtmp", AcctWtmpApplet.Create),
        ("closewtmp", PeriodApplets.CreateClose),
        ("utmp2wtmp", PeriodApplets.CreateOpen),
        ("acctcon", AcctconApplet.Create),
        ("acctcon1", Acctcon1Applet.Create),
        ("acctcon2", CtmpApplets.CreateTotals),
        ("prctmp", CtmpApplets.CreatePages),
        ("lineuse", LineReportApplets.CreateLineUse),
        ("reboots", LineReportApplets.CreateReboots),
        ("accton", AcctonApplet.Create),
        ("ckpacct", CkpacctApplet.Create),
        ("turnacct", SwitchApplets.CreateTurn),
        ("startup", SwitchApplets.CreateStartup),
        ("shutacct", SwitchApplets.CreateShutdown),
        ("remove", RemoveApplet.Create),
        ("nulladm", RemoveApplet.CreateNull),
        ("sa", SaApplet.Create),
        ("acctcom", AcctcomApplet.Create),
        ("timex", TimexApplet.Create),
        ("acctcms", AcctcmsApplet.Create),
        ("acctprc", AcctprcApplets.CreateTotals),
        ("acctprc1", AcctprcApplets.CreateLines),
        ("acctprc2", AcctprcApplets.CreateSums),
        ("chargefee", ChargeFeeApplet.Create),
        ("pac", PacApplet.Create),
        ("acctmerg", AcctmergApplet.Create),
        ("prtacct", PrtacctApplet.Create),
        ("acctdisk", AcctdiskApplet.Create),
        ("runacct", RunacctApplet.CreateDay),
        ("monacct", RunacctApplet.CreatePeriod),
        ("dodisk", DodiskApplet.Create),
        ("acctdusg", AcctdusgApplet.Create),
        ("diskusg", DiskusgApplet.Create),
        ("prdaily", PrdailyApplet.Create),
        ("bill", BillApplet.Create),
    ];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => Known.Select(applet => applet.Name);

    /// <summary>All of them.</summary>
    public static AppletCommand[] All(ReportIo io) =>
        [.. Known.Select(applet => LoginHelp.Given(applet.Create(io)))];

    /// <summary>
    /// The one that a command line asks for, alone: to make all of them takes longer than most of them work.
    /// </summary>
    /// <returns>Null when it asks for none.</returns>
    public static AppletCommand? Called(ReportIo io, string calledAs, string[] arguments)
    {
        var link = Path.GetFileName(calledAs);
        var name = Names.Contains(link) ? link : arguments.FirstOrDefault();
        return Known.FirstOrDefault(applet => applet.Name == name).Create?.Invoke(io) is { } made
            ? LoginHelp.Given(made) : null;
    }

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
