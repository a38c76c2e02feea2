// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Capture;

namespace AcctExporter.Cli;

/// <summary>The flags of <c>serve</c> for exit events.</summary>
internal static class EventFlags
{
    private static readonly ExitEventOptions Standard = new() { File = ExitEventOptions.StandardOutput };

    /// <summary>Where events go.</summary>
    public static Option<string?> File { get; } = Flags.Output(
        "--events.file", "Write chosen exits to this file, one line of JSON each; - is standard output");

    /// <summary>Which exits are chosen.</summary>
    public static Option<EventSelection> Select { get; } = new("--events.select")
    {
        Description = "Exits that become events: those that left a core, died by a signal, failed; with commas between",
        HelpName = "core,signal,failure,all",
        DefaultValueFactory = _ => Standard.Selection,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!EventSelection.TryParse(text, out var selection))
            {
                result.AddError(
                    $"--events.select: '{text}' is no list of core, signal, failure, all (core,signal; failure; all)");
            }

            return selection;
        },
    };

    /// <summary>When the file is rotated.</summary>
    public static Option<ByteSize> MaxSize { get; } = Flags.Size(
        "--events.max-size", "Size at which the file of events becomes FILE.1; off leaves that to logrotate",
        Standard.MaxBytes, 1 << 20, mayBeOff: true);

    /// <summary>How many old files stay.</summary>
    public static Option<int> Keep { get; } = Flags.Number(
        "--events.keep", "Old files of events that are kept", Standard.Keep, 0, 1000);

    /// <summary>What was asked for; null for no events.</summary>
    public static ExitEventOptions? Options(ParseResult result) => result.GetValue(File) is not { } file ? null : new()
    {
        File = file,
        Selection = result.GetValue(Select),
        MaxBytes = result.GetValue(MaxSize).Bytes,
        Keep = result.GetValue(Keep),
    };
}
