// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter config</c>: the configuration that holds, and where each value was said.</summary>
internal static class ConfigCommand
{
    private const string Yaml = "yaml";
    private const string Json = "json";
    private const string Markdown = "markdown";

    /// <summary>The command.</summary>
    public static ConfiguredCommand Create()
    {
        var format = FormatOption.Of(
            "yaml with origins as comments, json, or markdown: docs/configuration.md", Yaml, Json, Markdown);
        var command = new ConfiguredCommand(
            "config", "Print the configuration that holds, and where each value was said");
        command.Add(format);
        command.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            if (result.GetValue(format) == Markdown)
            {
                ConfigurationDocument.Write(output);
                return ExitCode.Done;
            }

            if (command.Flags.Load(result) is not { } config)
            {
                return ExitCode.Usage;
            }

            if (result.GetValue(format) == Json)
            {
                using var stdout = Console.OpenStandardOutput();
                ConfigText.WriteJson(stdout, config);
                output.WriteLine();
            }
            else
            {
                ConfigText.WriteYaml(output, config);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
