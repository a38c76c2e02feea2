// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Ledger;

/// <content>Native histograms, for the scrapes that show them: the others do not pay for the copy.</content>
internal sealed partial class LedgerSnapshot
{
    private readonly NativeCounts[] hostNatives = new NativeCounts[NativeTable.Histograms];
    private NativeRun[] nativeRuns = [];
    private ulong[] nativeCounts = [];
    private int nativeCountsUsed;

    /// <summary>Set before the ledger is copied: also copy the native histograms.</summary>
    public bool WithNatives { get; set; }

    /// <summary>True when they were copied; false also when the ledger does not count them.</summary>
    public bool HasNatives { get; private set; }

    /// <summary>
    /// A native histogram of one of <see cref="Pairs"/>. Only while <see cref="HasNatives"/>. Zero count and all others
    /// together are <see cref="ExitRow.Exits"/> of the row, or <see cref="TaskRow.Exits"/>.
    /// </summary>
    public NativeView Native(int index, NativeHistogram histogram)
    {
        ref readonly var run = ref nativeRuns[(index * NativeTable.Histograms) + (int)histogram];
        return new NativeView(run.Zero, run.FirstIndex, nativeCounts.AsSpan(run.Start, run.Length));
    }

    /// <summary>The same for the host: over all rows that ever were.</summary>
    public NativeView HostNative(NativeHistogram histogram)
    {
        ref readonly var counts = ref hostNatives[(int)histogram];
        var trimmed = counts.Trimmed(out var firstIndex);
        return new NativeView(counts.Zero, firstIndex, trimmed);
    }

    private void CopyNatives(NativeTable? natives)
    {
        HasNatives = WithNatives && natives is not null;
        if (!HasNatives)
        {
            return;
        }

        SumHostNatives(natives!.Counts);
        nativeCountsUsed = 0;
        if (nativeRuns.Length < pairs.Count * NativeTable.Histograms)
        {
            nativeRuns = new NativeRun[Math.Max(pairs.Count * NativeTable.Histograms, nativeRuns.Length * 2)];
        }

        for (var i = 0; i < pairs.Count; i++)
        {
            var row = ExitTable.RowIndex(pairs[i].Id);
            for (var histogram = 0; histogram < NativeTable.Histograms; histogram++)
            {
                nativeRuns[(i * NativeTable.Histograms) + histogram] = row < natives.Rows
                    ? CopyRun(natives.Counts[(row * NativeTable.Histograms) + histogram]) : default;
            }
        }
    }

    private void SumHostNatives(ReadOnlySpan<NativeCounts> all)
    {
        foreach (ref var host in hostNatives.AsSpan())
        {
            host.Clear();
        }

        for (var i = 0; i < all.Length; i++)
        {
            hostNatives[i % NativeTable.Histograms].Add(all[i]);
        }
    }

    private NativeRun CopyRun(in NativeCounts counts)
    {
        var trimmed = counts.Trimmed(out var firstIndex);
        var start = nativeCountsUsed;
        if (nativeCounts.Length - start < trimmed.Length)
        {
            Array.Resize(ref nativeCounts, Math.Max(start + trimmed.Length, nativeCounts.Length * 2));
        }

        trimmed.CopyTo(nativeCounts.AsSpan(start));
        nativeCountsUsed += trimmed.Length;
        return new NativeRun(counts.Zero, firstIndex, start, trimmed.Length);
    }

    private readonly record struct NativeRun(ulong Zero, int FirstIndex, int Start, int Length);
}
