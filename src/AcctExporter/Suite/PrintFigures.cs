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
}

/// <summary>Pages that a user printed on a printer.</summary>
/// <param name="User">As CUPS wrote it: any bytes but blanks.</param>
/// <param name="Printer">Likewise.</param>
/// <param name="Pages">How many.</param>
/// <param name="Jobs">In how many lines of <c>qacct</c>.</param>
internal sealed record PrintedPages(byte[] User, byte[] Printer, long Pages, long Jobs);
