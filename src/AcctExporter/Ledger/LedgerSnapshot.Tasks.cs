// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <content>What taskstats add. Where nothing of it was ever counted, nothing is copied.</content>
internal sealed partial class LedgerSnapshot
{
    private TaskRow[] taskRows = [];
    private TaskRow hostTasks;
    private bool pairsHaveTasks;
    private bool pairsHaveDelays;

    /// <summary>Sums over everything ever counted.</summary>
    public ref readonly TaskRow HostTasks => ref hostTasks;

    /// <summary>The row of one of <see cref="Pairs"/>. Only while <see cref="PairsHave"/> says so.</summary>
    public ref readonly TaskRow TasksOf(int index) => ref taskRows[index];

    /// <summary>True when a pair has exits of which this is known.</summary>
    public bool PairsHave(TaskKnowledge what) =>
        (what & TaskKnowledge.Delays) != 0 ? pairsHaveDelays : pairsHaveTasks;

    private void CopyTasks(ReadOnlySpan<TaskRow> all)
    {
        hostTasks = default;
        (pairsHaveTasks, pairsHaveDelays) = (false, false);
        foreach (ref readonly var row in all)
        {
            if (row.Exits > 0)
            {
                hostTasks.Add(row);
            }
        }

        if (hostTasks.Exits == 0)
        {
            return;
        }

        if (taskRows.Length < pairs.Count)
        {
            taskRows = new TaskRow[Math.Max(pairs.Count, taskRows.Length * 2)];
        }

        for (var i = 0; i < pairs.Count; i++)
        {
            var index = ExitTable.RowIndex(pairs[i].Id);
            ref var row = ref taskRows[i];
            row = index < all.Length ? all[index] : default;
            pairsHaveTasks |= row.Has(TaskKnowledge.Joined);
            pairsHaveDelays |= row.Has(TaskKnowledge.Delays);
        }
    }
}
