// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Config;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// The options that every process report has beside its classic ones: selections, the journal's place, the kernel's own
/// figures, and the original's ways.
/// </summary>
internal sealed class ProcessFlags
{
    private static readonly Setting StorageSetting = SettingTable.Find("storage.path")!;

    private readonly SelectionFlags selection;
    private readonly Option<bool> compat = AppletFiles.Switch(
        "--compat", null, "As the original does it, its faults as well");

    private readonly Option<bool> raw = AppletFiles.Switch(
        "--raw", null, "From the journal: the kernel's own figures, without what taskstats say");

    private readonly Option<string?> storage = new(StorageSetting.Flag)
    {
        Description = "Where the agent keeps its journal, which is read when no file is named",
        HelpName = "DIRECTORY",
        // Of several the last.
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => result.Tokens[^1].Value,
    };

    private string? configuredStorage;

    private ProcessFlags(TimeProvider clock) => selection = new SelectionFlags(clock);

    /// <summary>
    /// Gives a command the options, but for those whose names it has itself with another meaning. Call it when the
    /// command has all its own.
    /// </summary>
    public static ProcessFlags AddTo(AppletCommand command)
    {
        var flags = new ProcessFlags(command.Io.Clock);
        var taken = command.Options.Select(option => option.Name).ToHashSet();
        command.AddOurs(((Option[])[.. flags.selection.Options, flags.compat, flags.raw, flags.storage])
            .Where(option => !taken.Contains(option.Name)));
        command.Validators.Add(result =>
        {
            flags.selection.Contradictions(result);
            if (result.GetResult(flags.storage) is not { Implicit: false })
            {
                flags.FindStorage(result.AddError);
            }
        });
        return flags;
    }

    /// <summary>The original's faults are wanted.</summary>
    public bool IsCompat(ParseResult result) => result.GetValue(compat);

    /// <summary>Where to read from.</summary>
    public ExitInputOptions Input(ParseResult result, IReadOnlyList<string> files) => new()
    {
        Files = files,
        StoragePath = result.GetValue(storage) ?? configuredStorage!,
        BySlot = result.GetValue(compat),
        AsRecorded = result.GetValue(raw),
    };

    /// <summary>What to show.</summary>
    public ExitSelection Selection(ParseResult result) => selection.Of(result);

    /// <inheritdoc cref="Selection(ParseResult)"/>
    public ExitSelection Selection(ParseResult result, ReportIo _) => Selection(result);

    /// <summary>
    /// Where the agent would keep it: the variable, the file that a variable names, the default. Other settings, and
    /// what is wrong with them, are no matter of a report.
    /// </summary>
    private void FindStorage(Action<string> fault)
    {
        var variables = ConfigSources.Environment()
            .Where(variable => variable.Key == StorageSetting.Variable || variable.Key == SettingTable.FileVariable)
            .ToDictionary();
        configuredStorage = StorageSetting.Default;
        if (variables.Count > 0)
        {
            var config = ConfigLoader.Load(new ConfigSources { Variables = variables });
            configuredStorage = config.Options.Capture.StoragePath;
            foreach (var text in config.Faults)
            {
                fault(text);
            }
        }
    }
}
