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

        MakeRoom(natives!);
        // One walk: what is copied is at hand for the sum. Pairs stand in the order of their rows, "other" last.
        var next = 0;
        for (var row = 0; row < natives!.Rows; row++)
        {
            var pair = row + ExitTable.Retired;
            var shown = pair == ExitTable.Other ? Folded > 0 : next < pairs.Count && pairs[next].Id == pair;
            var index = pair == ExitTable.Other ? pairs.Count - 1 : next;
            next += shown && pair != ExitTable.Other ? 1 : 0;
            for (var histogram = 0; histogram < NativeTable.Histograms; histogram++)
            {
                ref readonly var counts = ref natives.Counts[(row * NativeTable.Histograms) + histogram];
                hostNatives[histogram].Add(counts);
                if (shown)
                {
                    nativeRuns[(index * NativeTable.Histograms) + histogram] = CopyRun(counts);
                }
            }
        }
    }

    /// <summary>Empties what was copied last. There is room for every count, and for some that come later.</summary>
    private void MakeRoom(NativeTable natives)
    {
        foreach (ref var host in hostNatives.AsSpan())
        {
            host.Clear();
        }

        var runs = pairs.Count * NativeTable.Histograms;
        nativeRuns = nativeRuns.Length >= runs ? nativeRuns : new NativeRun[runs + (runs / 8)];
        nativeRuns.AsSpan().Clear();
        var wanted = 0;
        foreach (ref readonly var counts in natives.Counts)
        {
            wanted += counts.Counts.Length;
        }

        nativeCounts = nativeCounts.Length >= wanted ? nativeCounts : new ulong[wanted + (wanted / 8)];
        nativeCountsUsed = 0;
    }

    private NativeRun CopyRun(in NativeCounts counts)
    {
        var trimmed = counts.Trimmed(out var firstIndex);
        var start = nativeCountsUsed;
        trimmed.CopyTo(nativeCounts.AsSpan(start));
        nativeCountsUsed += trimmed.Length;
        return new NativeRun(counts.Zero, firstIndex, start, trimmed.Length);
    }

    private readonly record struct NativeRun(ulong Zero, int FirstIndex, int Start, int Length);
}
