// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Config;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter serve</c>: the agent.</summary>
internal static class ServeCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var check = new Option<bool>("--config.check")
        {
            Description = "Say what is wrong with flags, environment and file, and start nothing; ends with 0 or 1",
        };
        var command = new Command("serve", "Switch process accounting on and serve what it says on /metrics") { check };
        var flags = new SettingFlags(command);
        command.SetAction((result, cancellation) =>
        {
            var config = flags.Load(result);
            if (result.GetValue(check))
            {
                if (config is not null)
                {
                    result.InvocationConfiguration.Output.WriteLine("the configuration is right");
                }

                return Task.FromResult(config is null ? ExitCode.Failure : ExitCode.Done);
            }

            return config is null
                ? Task.FromResult(ExitCode.Usage)
                : new Agent(config.Options, flags.SourcesOf(result)).RunAsync(cancellation);
        });
        return command;
    }
}
