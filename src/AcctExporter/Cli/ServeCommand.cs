// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Kernel;

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
            var config = command.Flags.Load(result);
            if (result.GetValue(check))
            {
                if (config is not null)
                {
                    result.InvocationConfiguration.Output.WriteLine("the configuration is right");
                }

                return config is null ? command.CodeOfFault(result) : ExitCode.Done;
            }

            if (config is null)
            {
                return command.CodeOfFault(result);
            }

            FreedMemory.GiveBackAtOnce();
            var agent = new Agent(config.Options, command.Flags.SourcesOf(result));
            return await agent.RunAsync(cancellation).ConfigureAwait(false);
        });
        return command;
    }
}
