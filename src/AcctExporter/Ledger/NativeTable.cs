// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>
/// Native histograms by row: six for each pair and each special row. A histogram takes room only for the range of
/// values that its exits had, and only while it grows is anything allocated.
/// </summary>
internal sealed class NativeTable
{
    /// <summary>Histograms of a row: see <see cref="NativeHistogram"/>.</summary>
    public const int Histograms = (int)NativeHistogram.WrittenPerExit + 1;

    private const int FewestRows = 64;

    private NativeCounts[] counts = [];

    /// <summary>
    /// All histograms: those of a row stand together, rows by <see cref="ExitTable.RowIndex"/>. Rows behind the last
    /// have none.
    /// </summary>
    public ReadOnlySpan<NativeCounts> Counts => counts;

    /// <summary>Rows that there is room for.</summary>
    public int Rows => counts.Length / Histograms;

    /// <summary>The histograms of a pair, or of one of the special rows; made when there are none yet.</summary>
    public Span<NativeCounts> Row(int pair)
    {
        var index = ExitTable.RowIndex(pair);
        if (index >= Rows)
        {
            Array.Resize(ref counts, Math.Max(Math.Max(index + 1, Rows * 2), FewestRows) * Histograms);
        }

        return counts.AsSpan(index * Histograms, Histograms);
    }

    /// <summary>
    /// Adds each exit, and what taskstats say of it where that is known, to the histograms of its pair.
    /// </summary>
    public void Count(ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<TaskFigures> figures, ReadOnlySpan<int> pairs)
    {
        for (var i = 0; i < exits.Length; i++)
        {
            ref readonly var exit = ref exits[i];
            var row = Row(pairs[i]);
            row[(int)NativeHistogram.Duration].AddMicroseconds(exit.ElapsedMicroseconds);
            row[(int)NativeHistogram.Cpu].AddMicroseconds(exit.UserMicroseconds + exit.SystemMicroseconds);
            row[(int)NativeHistogram.VirtualMemory].AddBytes(exit.VirtualMemoryBytes);
            if (i < figures.Length && figures[i].IsKnown)
            {
                ref readonly var known = ref figures[i];
                row[(int)NativeHistogram.PeakResident].AddBytes(known.PeakResidentBytes);
                row[(int)NativeHistogram.ReadPerExit].AddBytes(known.ReadBytes);
                row[(int)NativeHistogram.WrittenPerExit].AddBytes(known.WrittenBytes);
            }
        }
    }

    /// <summary>Moves the counts of a pair to <see cref="ExitTable.Retired"/> and gives its room up.</summary>
    public void Retire(int pair)
    {
        var index = ExitTable.RowIndex(pair);
        if (index >= Rows)
        {
            return;
        }

        var from = Row(pair);
        var to = Row(ExitTable.Retired);
        for (var histogram = 0; histogram < Histograms; histogram++)
        {
            to[histogram].Add(from[histogram]);
            from[histogram] = default;
        }
    }
}
