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
    private readonly SelectionFlags selection;
    private readonly Option<bool> compat = AppletFiles.Switch(
        "--compat", null, "As the original does it, its faults as well");

    private readonly Option<bool> raw = AppletFiles.Switch(
        "--raw", null, "From the journal: the kernel's own figures, without what taskstats say");

    private readonly PlaceOption storage = new(
        "storage.path", "Where the agent keeps its journal, which is read when no file is named",
        options => options.Capture.StoragePath);

    private ProcessFlags(TimeProvider clock) => selection = new SelectionFlags(clock);

    /// <summary>
    /// Gives a command the options, but for those whose names it has itself with another meaning. Call it when the
    /// command has all its own.
    /// </summary>
    public static ProcessFlags AddTo(AppletCommand command)
    {
        var flags = new ProcessFlags(command.Io.Clock);
        var taken = command.Options.Select(option => option.Name).ToHashSet();
        command.AddOurs(((Option[])[.. flags.selection.Options, flags.compat, flags.raw])
            .Where(option => !taken.Contains(option.Name)));
        flags.storage.AddTo(command);
        command.Validators.Add(flags.selection.Contradictions);
        return flags;
    }

    /// <summary>The original's faults are wanted.</summary>
    public bool IsCompat(ParseResult result) => result.GetValue(compat);

    /// <summary>Where to read from.</summary>
    public ExitInputOptions Input(ParseResult result, IReadOnlyList<string> files) => new()
    {
        Files = files,
        StoragePath = storage.Of(result),
        // Who names a place wants what is there, and nothing else.
        FallbackFile = storage.IsGiven(result) ? "" : ExitInputOptions.SystemFile,
        BySlot = result.GetValue(compat),
        AsRecorded = result.GetValue(raw),
    };

    /// <summary>What to show.</summary>
    public ExitSelection Selection(ParseResult result) => selection.Of(result);

    /// <inheritdoc cref="Selection(ParseResult)"/>
    public ExitSelection Selection(ParseResult result, ReportIo _) => Selection(result);
}
