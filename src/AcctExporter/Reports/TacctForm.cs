// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>What lines of total accounting look like.</summary>
internal sealed record TacctForm
{
    /// <summary>Their fields, by <see cref="TacctField"/>.</summary>
    public int[] Fields { get; init; } = TacctField.All;

    /// <summary>Figures as <c>3.400000e-02</c>, not as whole numbers.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>
    /// Exact figures have six digits behind the point; else as many more as it takes to read them back.
    /// </summary>
    public bool IsRounded { get; init; }

    /// <summary>Names are cut to eight bytes, as the originals do.</summary>
    public bool IsCut { get; init; }

    /// <summary>Fees may have fractions, as on AIX.</summary>
    public bool IsAix { get; init; }

    /// <summary>The lines that acctprc and acctcon write.</summary>
    public static TacctForm Lines(bool compat) =>
        new() { Fields = TacctField.Classic, IsVerbose = true, IsRounded = true, IsCut = compat };
}
