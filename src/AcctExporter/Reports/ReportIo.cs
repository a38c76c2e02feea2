// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Reports;

/// <summary>What a report reads and writes besides its files, so that a test can give it all.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Where the data go.</param>
/// <param name="Errors">Where messages go.</param>
/// <param name="Clock">What time it is, and in which zone.</param>
internal sealed record ReportIo(Stream Input, Stream Output, TextWriter Errors, TimeProvider Clock)
{
    /// <summary>Somebody's terminal, which may be told how far a long reading is; null for none.</summary>
    public TextWriter? Terminal { get; init; }

    /// <summary>The output goes to a terminal, too: whatever is told there would stand between its lines.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>That of the process.</summary>
    public static ReportIo OfProcess() => new(
        Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error, ProcessClock.Time)
    {
        Terminal = Console.IsErrorRedirected ? null : Console.Error,
        IsOutputTerminal = !Console.IsOutputRedirected,
    };
}
