// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Ledger;

/// <summary>How many series the ledger may hold, for how long an idle one keeps its place, what it counts.</summary>
internal sealed record LedgerOptions
{
    /// <summary>
    /// Pairs of user and command with series of their own; what comes later is counted under <c>other</c>.
    /// </summary>
    public const int DefaultPairLimit = 300;

    /// <summary>More pairs than any server would thank us for.</summary>
    public const int LargestPairLimit = 1_000_000;

    /// <summary>1 to 1,000,000.</summary>
    public int PairLimit { get; init; } = DefaultPairLimit;

    /// <summary>A pair without an exit for this long may give its place up when the limit is reached.</summary>
    public TimeSpan PairIdleTime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// What tells pairs apart besides user and command. Pairs from before a change keep the values that they have, get
    /// no more exits, and leave when they are idle.
    /// </summary>
    public OptionalLabels Labels { get; init; }

    /// <summary>Rules for commands, in the order in which they are asked: the first that matches wins.</summary>
    public IReadOnlyList<CommandRule> Rules { get; init; } = [];

    /// <summary>Kernel threads that differ in a number or a device only are one command, unless a rule says
    /// otherwise.</summary>
    public bool FoldKernelThreads { get; init; } = true;

    /// <summary>
    /// Count native histograms beside the classic ones. What reads whole files once, and shows text, does without.
    /// </summary>
    public bool NativeHistograms { get; init; } = true;

    /// <summary>The bounds of the classic histograms.</summary>
    public HistogramBounds Bounds { get; init; } = HistogramBounds.Default;

    /// <summary>
    /// Raw keys remembered in front of the pairs. A multiple of the limit, so that ordinary hosts never forget one.
    /// </summary>
    public int RawKeyLimit => Math.Max(1 << 16, PairLimit * 4);
}
