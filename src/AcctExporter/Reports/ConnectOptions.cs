// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>How login records become sessions for a report.</summary>
/// <param name="Name">The command, for messages, and the last of the reasons.</param>
internal sealed record ConnectOptions(string Name)
{
    /// <summary>As the System V suite does, with what is odd about it.</summary>
    public bool Compat { get; init; }

    /// <summary>By the classic rules of acctcon1: a getty's record is a logout, and names have no dot.</summary>
    public bool TwoSteps { get; init; }

    /// <summary>What is open is charged up to now, not to the last record.</summary>
    public bool UntilNow { get; init; }

    /// <summary>The holidays file; null when time is not to be divided.</summary>
    public string? Holidays { get; init; }

    /// <summary>Where open sessions are kept from one run to the next; null when they are not.</summary>
    public string? Carry { get; init; }

    /// <summary>
    /// Who is logged in before the first record, as <see cref="Logins.SessionBuilder.Save"/> writes it; then what was
    /// charged too much before is taken back. Null: nobody is known to be.
    /// </summary>
    public byte[]? Carried { get; init; }
}

/// <summary>How reading went.</summary>
internal enum ConnectResult
{
    /// <summary>All is done.</summary>
    Done,

    /// <summary>Done, but records were left out, or had bad times by the classic rules.</summary>
    BadRecords,

    /// <summary>It ended early; the reason was said.</summary>
    Failed,
}

/// <summary>A session, or a part of one up to the cut-off, with what of it is prime time.</summary>
internal readonly record struct ChargedSession(Logins.Session Session, Records.PrimeSplit Split)
{
    /// <summary>It counts as a session: no part of it was charged before.</summary>
    public long Sessions => Session.IsFirstPart ? 1 : 0;

    /// <summary>Where the part that is charged begins.</summary>
    public long FromSeconds => Math.Min(Session.ChargedFromSeconds, Session.EndSeconds);
}
