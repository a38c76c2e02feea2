// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>All that the program can be asked for.</summary>
internal static class CommandTree
{
    /// <summary>The tree with some of the commands: what is not asked for need not be made.</summary>
    public static RootCommand Of(params Command[] commands)
    {
        var root = new RootCommand("Counts every process that ends on this host, once, and shows it to Prometheus.");
        AppletHelp.AddTo(root);
        foreach (var command in commands)
        {
            root.Add(command);
        }

        return root;
    }

    /// <summary>All commands.</summary>
    public static Command[] All(ReportIo io) =>
    [
        ServeCommand.Create(),
        ReplayCommand.Create(),
        MetricsCommand.Create(),
        ConfigCommand.Create(),
        RulesCommand.Create(),
        DoctorCommand.Create(),
        .. Applets.All(io),
    ];
}
