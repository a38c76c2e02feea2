// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary>Where the suite's files are, for a command that reads them.</summary>
internal static class SuitePlace
{
    /// <summary>The settings that say so.</summary>
    public static string[] Settings => ["storage.path", "suite.path"];

    /// <summary>The files; null when the settings are faulty, which was said.</summary>
    public static SuitePaths? Of(SettingFlags flags, ParseResult result) => flags.Load(result)?.Options is { } agent
        ? new RunOptions { StoragePath = agent.Capture.StoragePath, Suite = agent.Suite }.Paths : null;
}
