// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// The options that every process report has beside its classic ones: selections, the journal's place, the kernel's own
/// figures, and the original's ways.
/// </summary>
internal sealed class ProcessFlags
{
    private readonly Option<bool> compat = AppletFiles.Switch("--compat", null, "The original's faults as well");
    private readonly Option<bool> raw = AppletFiles.Switch("--raw", null, "From the journal: what the kernel wrote");
    private readonly Option<string> storage = new("--storage.path")
    {
        Description = "Where the agent keeps its journal",
        HelpName = "DIRECTORY",
        DefaultValueFactory = _ => "/var/lib/acct-exporter",
    };

    /// <summary>Gives a command the options, but for those whose names it has itself with another meaning.</summary>
    public static ProcessFlags AddTo(Command command)
    {
        var flags = new ProcessFlags();
        var taken = command.Options.Select(option => option.Name).ToHashSet();
        foreach (var option in new Option[] { flags.compat, flags.raw, flags.storage })
        {
            if (!taken.Contains(option.Name))
            {
                command.Add(option);
            }
        }

        return flags;
    }

    /// <summary>The original's faults are wanted.</summary>
    public bool IsCompat(ParseResult result) => result.GetValue(compat);

    /// <summary>Where to read from.</summary>
    public ExitInputOptions Input(ParseResult result, IReadOnlyList<string> files) => new()
    {
        Files = files,
        StoragePath = result.GetRequiredValue(storage),
        BySlot = result.GetValue(compat),
        AsRecorded = result.GetValue(raw),
    };

    /// <summary>What to show; null, and said why, when an option's value is none.</summary>
    public ExitSelection? Selection(ParseResult result, ReportIo io) =>
        result.GetValue(raw) && io is null ? null : ExitSelection.All;
}
