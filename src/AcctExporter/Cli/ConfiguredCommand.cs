// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace AcctExporter.Cli;

/// <summary>A command that has settings as flags.</summary>
internal sealed class ConfiguredCommand : Command
{
    /// <summary>A command with every setting, or with some of them.</summary>
    public ConfiguredCommand(string name, string help, params string[] only)
        : base(name, help) => Flags = new SettingFlags(this, only);

    /// <summary>Its settings.</summary>
    public SettingFlags Flags { get; }

    /// <summary>The exit code for a faulty configuration.</summary>
    public Func<ParseResult, int> CodeOfFault { get; init; } = _ => ExitCode.Usage;
}
