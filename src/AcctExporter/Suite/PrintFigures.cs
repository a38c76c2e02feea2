// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>What was printed since counting began, and how it was learned.</summary>
internal sealed record PrintFigures
{
    /// <summary>Pages by user and printer; both are what CUPS wrote.</summary>
    public IReadOnlyList<PrintedPages> Pages { get; init; } = [];

    /// <summary>The log is there and can be read.</summary>
    public bool Up { get; init; }

    /// <summary>Lines that were counted.</summary>
    public ulong Lines { get; init; }

    /// <summary>Lines that are none of the log's known forms.</summary>
    public ulong BadLines { get; init; }

    /// <summary>Times when lines may be missing: the file that was read was not found again.</summary>
    public ulong Gaps { get; init; }

    /// <summary>Times when the log was found rotated.</summary>
    public ulong Rotations { get; init; }

    /// <summary>Times since the start when something could not be read or written.</summary>
    public ulong Failures { get; init; }

    /// <summary>
    /// Bytes of <c>qacct</c> since the start that a kill left behind what was kept: cut off, and read again.
    /// </summary>
    public ulong CutOffBytes { get; init; }

    /// <summary>
    /// Bytes since the start that <c>qacct</c> had and has no more: jobs that nobody is charged with.
    /// </summary>
    public ulong LostBytes { get; init; }

    /// <summary>There is a log, or there was one: of what there never was, there is nothing to show.</summary>
    public bool IsOfALog => Up || (Lines | BadLines | Gaps | Rotations | Failures | CutOffBytes | LostBytes) != 0;
}

/// <summary>Pages that a user printed on a printer.</summary>
/// <param name="User">As CUPS wrote it: any bytes but blanks.</param>
/// <param name="Printer">Likewise.</param>
/// <param name="Pages">How many.</param>
/// <param name="Jobs">In how many lines of <c>qacct</c>.</param>
internal sealed record PrintedPages(byte[] User, byte[] Printer, long Pages, long Jobs);
