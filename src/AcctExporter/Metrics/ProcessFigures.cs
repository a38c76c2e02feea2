// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>
/// What the kernel says of the agent's own process (/proc/self). A negative figure is not known and not shown.
/// </summary>
internal sealed record ProcessFigures
{
    /// <summary>Nothing is known: no <c>process_*</c> series.</summary>
    public static readonly ProcessFigures Unknown = new();

    /// <summary>CPU time in user mode and in the kernel.</summary>
    public long CpuMicroseconds { get; init; } = -1;

    /// <summary>Resident memory.</summary>
    public long ResidentBytes { get; init; } = -1;

    /// <summary>Address space.</summary>
    public long VirtualBytes { get; init; } = -1;

    /// <summary>When the process started, in microseconds since 1970.</summary>
    public long StartUnixMicroseconds { get; init; } = -1;

    /// <summary>Open file descriptors.</summary>
    public long OpenFiles { get; init; } = -1;

    /// <summary>How many there may be (the soft limit).</summary>
    public long MaxFiles { get; init; } = -1;
}

/// <summary>Which program this is.</summary>
/// <param name="Version">As in <c>--version</c>.</param>
/// <param name="Revision">The commit that it was built from, or <c>unknown</c>.</param>
internal sealed record BuildFacts(string Version, string Revision);
