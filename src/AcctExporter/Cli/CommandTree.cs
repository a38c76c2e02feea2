// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>All commands of the program: its own ones and the classic ones.</summary>
internal static class CommandTree
{
    private static readonly (string Name, Func<Command> Create)[] Own =
    [
        ("serve", ServeCommand.Create),
        ("replay", ReplayCommand.Create),
        ("metrics", MetricsCommand.Create),
        ("config", ConfigCommand.Create),
        ("rules", RulesCommand.Create),
        ("doctor", DoctorCommand.Create),
    ];

    /// <summary>All of them, below the program itself.</summary>
    public static RootCommand All(ReportIo io) => Root([.. Own.Select(own => own.Create()), .. Applets.All(io)]);

    /// <summary>
    /// The tree that a command line needs. It has one command where one is asked for, since to make all of them takes
    /// longer than most of them work.
    /// </summary>
    /// <param name="io">What the classic commands read and write.</param>
    /// <param name="calledAs">The program's name as it was called (<c>argv[0]</c>).</param>
    /// <param name="arguments">What followed it.</param>
    public static RootCommand For(ReportIo io, string calledAs, string[] arguments)
    {
        if (Applets.Called(io, calledAs, arguments) is { } applet)
        {
            return Root([applet]);
        }

        var own = Array.Find(Own, own => own.Name == arguments.FirstOrDefault());
        return own.Create is null ? All(io) : Root([own.Create()]);
    }

    private static RootCommand Root(IEnumerable<Command> commands)
    {
        var root = new RootCommand("Counts every process that ends on this host, once, and shows it to Prometheus.");
        AppletHelp.AddTo(root);
        foreach (var command in commands)
        {
            root.Add(command);
        }

        return root;
    }
}
