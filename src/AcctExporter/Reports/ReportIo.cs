// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What a report reads and writes besides its files, so that a test can give it all.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Where the data go.</param>
/// <param name="Errors">Where messages go.</param>
/// <param name="Clock">What time it is, and in which zone.</param>
internal sealed record ReportIo(Stream Input, Stream Output, TextWriter Errors, TimeProvider Clock)
{
    /// <summary>That of the process.</summary>
    public static ReportIo OfProcess() => new(
        Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error, TimeProvider.System);
}
