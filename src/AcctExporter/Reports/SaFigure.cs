// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>A column of the rows that <c>sa --by</c> and <c>sa --format</c> give.</summary>
/// <param name="Name">Its name for programs, and for <c>--sort</c>.</param>
/// <param name="Heading">Its heading in a table.</param>
/// <param name="Decimals">In a table; 0: whole numbers.</param>
/// <param name="Value">The value of a row; NaN for what is not known.</param>
internal sealed record SaFigure(string Name, string Heading, int Decimals, SaFigure.Reading Value)
{
    /// <summary>Takes a value from the sums of a row.</summary>
    public delegate double Reading(in SaSums sums, in SaEnds ends);

    /// <summary>All of them, in their order.</summary>
    public static readonly SaFigure[] All =
    [
        new("calls", "CALLS", 0, static (in sums, in _) => sums.Calls),
        new("cpu_seconds", "CPU-S", 2, static (in sums, in _) => sums.Cpu),
        new("user_cpu_seconds", "USER-S", 2, static (in sums, in _) => sums.User),
        new("system_cpu_seconds", "SYSTEM-S", 2, static (in sums, in _) => sums.System),
        new("elapsed_seconds", "ELAPSED-S", 2, static (in sums, in _) => sums.Elapsed),
        new("average_memory_bytes", "AVG-MEMORY", 0,
            static (in sums, in _) => Math.Round(sums.Memory * SaTally.PageKib * 1024 / sums.Calls)),
        new("minor_faults", "MINFLT", 0, static (in sums, in _) => sums.MinorFaults),
        new("major_faults", "MAJFLT", 0, static (in sums, in _) => sums.MajorFaults),
        new("failures", "FAILED", 0, static (in _, in ends) => ends.Failures),
        new("signals", "SIGNALS", 0, static (in _, in ends) => ends.Signals),
        new("core_dumps", "CORES", 0, static (in _, in ends) => ends.Cores),
        new("io_bytes", "IO-BYTES", 0, static (in _, in ends) => ends.WithIo > 0 ? ends.CallBytes : double.NaN),
        new("storage_bytes", "STORAGE-BYTES", 0,
            static (in _, in ends) => ends.WithIo > 0 ? ends.StorageBytes : double.NaN),
    ];

    /// <summary>The figure of some name; null when there is none.</summary>
    public static SaFigure? Find(string? name) => Array.Find(All, figure => figure.Name == name);

    /// <summary>A value as it is written: sums of hundredths have no more than millionths.</summary>
    public static double Rounded(double value) => Math.Abs(value) < 1e9 ? Math.Round(value, 6) : value;
}
