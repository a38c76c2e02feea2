// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Config;

namespace AcctExporter.Tests.Config;

/// <summary>The configuration that flags, variables and a file make together, through the real command line.</summary>
internal static class Configured
{
    /// <summary>By flags alone; the environment of the tests says nothing.</summary>
    public static LoadedConfig By(params string[] flags) => By(flags, []);

    /// <summary>By all three.</summary>
    /// <param name="flags">Of <c>serve</c>.</param>
    /// <param name="variables">The environment.</param>
    /// <param name="file">Text of the file <c>agent.yml</c>; null for none.</param>
    public static LoadedConfig By(
        string[] flags, Dictionary<string, string> variables, string? file = null)
    {
        var directory = Directory.CreateTempSubdirectory("config-test");
        try
        {
            var path = Path.Combine(directory.FullName, "agent.yml");
            if (file is not null)
            {
                File.WriteAllText(path, file);
                flags = [.. flags, $"--config.file={path}"];
            }

            var command = ServeCommand.Create();
            var config = ConfigLoader.Load(
                command.Flags.SourcesOf(SettingFlags.Parse(command, flags)) with { Variables = variables });
            return config with
            {
                Faults = [.. config.Faults.Select(Short)],
                Origins = config.Origins.ToDictionary(origin => origin.Key, origin => Short(origin.Value)),
            };

            string Short(string text) => text.Replace(directory.FullName + "/", "", StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
