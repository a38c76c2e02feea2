// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Config;
using AcctExporter.Kernel;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary>
/// Where the suite's files are, for each command that reads or writes them: where the agent has them, by the same
/// flags, variables and file.
/// </summary>
internal static class SuitePlace
{
    /// <summary>The settings that say so.</summary>
    public static string[] Settings => ["storage.path", "suite.path"];

    /// <summary>Does the work of a command that reads the files, where it may.</summary>
    /// <returns>The exit code: the work's, or that of faulty settings or unreadable files, which was said.</returns>
    public static int Read(
        AppletCommand command, SettingFlags flags, ParseResult result, Func<RunOptions, int> work)
    {
        if (Options(flags, result) is not { } options)
        {
            return ExitCode.Usage;
        }

        if (Hindrance(options.Paths) is not { } why)
        {
            return work(options);
        }

        command.Io.Errors.WriteLine($"{command.Name}: cannot read {why}: run this as root, or as somebody who may");
        return ExitCode.CannotRead;
    }

    /// <summary>The files; null when the settings are faulty, which was said.</summary>
    public static SuitePaths? Of(SettingFlags flags, ParseResult result) => Options(flags, result)?.Paths;

    /// <summary>All that a run works on; null when the settings are faulty, which was said.</summary>
    public static RunOptions? Options(SettingFlags flags, ParseResult result, bool compat = false) =>
        flags.Load(result)?.Options is { } agent ? Of(agent) with { Compat = compat } : null;

    /// <summary>All that a run works on, as it is configured.</summary>
    public static RunOptions Of(AgentOptions agent) => new()
    {
        StoragePath = agent.Capture.StoragePath,
        Suite = agent.Suite with { Logins = agent.Logins },
    };

    /// <summary>A folder that is there and cannot be read looks like one that is not, unless one asks.</summary>
    private static string? Hindrance(SuitePaths paths)
    {
        foreach (var folder in new[] { paths.Root, paths.Nite, paths.Sum, paths.Fiscal })
        {
            try
            {
                _ = Directory.EnumerateFileSystemEntries(folder).FirstOrDefault();
            }
            catch (DirectoryNotFoundException)
            {
                // Nothing was run yet, which the command tells.
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return FileFault.Tell(error);
            }
        }

        return null;
    }
}
