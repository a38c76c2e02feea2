// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Config;

/// <content>The bounds of the classic histograms.</content>
internal static partial class SettingTable
{
    private static IEnumerable<Setting> Histograms =>
    [
        Bounds(
            "histograms.duration-bounds", BoundList.Seconds, "Bounds of the time from start to end of a process",
            bounds => bounds.DurationMicroseconds,
            (bounds, value) => bounds with { DurationMicroseconds = value }),
        Bounds(
            "histograms.cpu-bounds", BoundList.Seconds, "Bounds of the CPU time of a process",
            bounds => bounds.CpuMicroseconds,
            (bounds, value) => bounds with { CpuMicroseconds = value }),
        Bounds(
            "histograms.virtual-memory-bounds", BoundList.Bytes, "Bounds of the address space of a process",
            bounds => bounds.VirtualMemoryBytes,
            (bounds, value) => bounds with { VirtualMemoryBytes = value }),
        Bounds(
            "histograms.peak-rss-bounds", BoundList.Bytes, "Bounds of the peak resident memory of a process",
            bounds => bounds.PeakResidentBytes,
            (bounds, value) => bounds with { PeakResidentBytes = value }),
        Bounds(
            "histograms.io-bounds", BoundList.Bytes, "Bounds of what a process read, and of what it wrote",
            bounds => bounds.IoBytes,
            (bounds, value) => bounds with { IoBytes = value }),
    ];

    private static Setting<long[]> Bounds(
        string key, TextForm<long[]> form, string help, Func<HistogramBounds, long[]> get,
        Func<HistogramBounds, long[], HistogramBounds> with) => new(
            key, form, help, options => get(options.Ledger.Bounds),
            (options, value) => options with
            {
                Ledger = options.Ledger with { Bounds = with(options.Ledger.Bounds, value!) },
            });
}
