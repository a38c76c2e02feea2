// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Logins;

/// <summary>What is counted of one login source while it is read. Kept with the state, but for the last two.</summary>
internal sealed class LoginFileFigures
{
    /// <summary>Records read since counting began.</summary>
    public ulong Records { get; set; }

    /// <summary>What was no record that could be counted, by <see cref="UtmpFlaw"/>.</summary>
    public ulong[] Flaws { get; } = new ulong[UtmpFlaws.Count];

    /// <summary>Times when an unknown number of records may be missing.</summary>
    public ulong Gaps { get; set; }

    /// <summary>Of all that is kept: it changes with any of it.</summary>
    public ulong Sum => Flaws.Aggregate(Records + Gaps, (sum, next) => sum + next);

    /// <summary>Times since the start of the agent when the file was rotated or truncated.</summary>
    public ulong Rotations { get; set; }

    /// <summary>Times since the start of the agent when the file was missing or could not be read.</summary>
    public ulong Failures { get; set; }
}
