// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Config;
using AcctExporter.Kernel;
using AcctExporter.Web;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter serve</c>: the agent.</summary>
internal static class ServeCommand
{
    /// <summary>The command.</summary>
    public static ConfiguredCommand Create()
    {
        var check = new Option<bool>("--config.check")
        {
            Description = "Say what is wrong with flags, environment and file, and start nothing; ends with 0 or 1",
        };
        var command = new ConfiguredCommand("serve", "Switch process accounting on and serve what it says on /metrics")
        {
            CodeOfFault = result => result.GetValue(check) ? ExitCode.Failure : ExitCode.Usage,
        };
        command.Add(check);
        command.SetAction(async (result, cancellation) =>
        {
            var errors = result.InvocationConfiguration.Error;
            var sources = command.Flags.SourcesOf(result);
            var config = ConfigLoader.Load(sources);
            var web = config.Options.Web.ConfigFile is { } file ? WebConfigReader.Read(file) : WebConfigRead.None;
            string[] faults = [.. config.Faults, .. web.Faults];
            SettingFlags.Tell(faults, errors);
            if (faults.Length > 0)
            {
                return command.CodeOfFault(result);
            }

            if (result.GetValue(check))
            {
                SettingFlags.Tell(web.Warnings.Select(warning => $"warning: {warning}"), errors);
                result.InvocationConfiguration.Output.WriteLine("the configuration is right");
                return ExitCode.Done;
            }

            var rights = FewerRights.Begin(config.Options, [sources.File, .. web.Files], cancellation);
            // The library that hands SIGTERM on waits for the end of what has given it a task, and for nothing else.
            await Task.Yield();
            if (cancellation.IsCancellationRequested)
            {
                return ExitCode.Done;
            }

            OwnMemory.Hide();
            FreedMemory.GiveBackAtOnce();
            var agent = new Agent(config.Options, sources, web, rights);
            return await agent.RunAsync(cancellation).ConfigureAwait(false);
        });
        return command;
    }
}
