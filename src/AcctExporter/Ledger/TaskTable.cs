// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>
/// What taskstats add, by pair. Only exits whose figures are known come here, so it takes no memory where there are
/// none, and no more rows than the last pair with figures needs.
/// </summary>
internal sealed class TaskTable(HistogramBounds bounds)
{
    private const int FewestRows = 64;

    private TaskRow[] rows = [];

    /// <summary>The rows by <see cref="ExitTable.RowIndex"/>; a pair behind the last has no figures.</summary>
    public ReadOnlySpan<TaskRow> Rows => rows;

    /// <summary>The row of a pair, or of one of the special ones; made when there is none yet.</summary>
    public ref TaskRow Row(int pair)
    {
        var index = ExitTable.RowIndex(pair);
        if (index >= rows.Length)
        {
            Array.Resize(ref rows, Math.Max(Math.Max(index + 1, rows.Length * 2), FewestRows));
        }

        return ref rows[index];
    }

    /// <summary>Exits of a pair, or of one of the special rows, whose figures are known.</summary>
    public ulong ExitsOf(int pair) => ExitTable.RowIndex(pair) is var index && index < rows.Length ? rows[index].Exits : 0;

    /// <summary>Adds the figures of each exit, where they are known, to the row of its pair.</summary>
    public void Count(ReadOnlySpan<TaskFigures> figures, ReadOnlySpan<int> pairs)
    {
        for (var i = 0; i < figures.Length; i++)
        {
            if (figures[i].IsKnown)
            {
                Row(pairs[i]).Add(figures[i], bounds);
            }
        }
    }

    /// <summary>Moves the sums of a pair to <see cref="ExitTable.Retired"/> and empties its row.</summary>
    public void Retire(int pair)
    {
        var index = ExitTable.RowIndex(pair);
        if (index < rows.Length)
        {
            Row(ExitTable.Retired).Add(rows[index]);
            rows[index] = default;
        }
    }
}
