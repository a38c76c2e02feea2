// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Reports;

/// <summary>
/// Counts an input: workers find the keys of a batch side by side, then add it to the sums when its turn has come.
/// </summary>
/// <param name="tallies">What is counted.</param>
/// <param name="selection">Which exits.</param>
internal sealed class SaCounting(SaTally[] tallies, ExitSelection selection)
{
    /// <summary>Counts the whole input.</summary>
    /// <param name="input">The exits.</param>
    /// <param name="workers">How many processors work at it.</param>
    public void Run(ExitInput input, int workers) =>
        OrderedWork.Run(input, workers, () => new Worker(tallies), Find, Add);

    private void Find(ExitBatch batch, Worker worker)
    {
        worker.Batch = batch;
        var wanted = ReadOnlySpan<bool>.Empty;
        if (!selection.IsAll)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                worker.Wanted[i] = selection.Matches(batch[i]);
            }

            wanted = worker.Wanted;
        }

        for (var i = 0; i < tallies.Length; i++)
        {
            worker.Finders[i].Find(batch, wanted, worker.Numbers[i]);
        }
    }

    private void Add(Worker worker)
    {
        for (var i = 0; i < tallies.Length; i++)
        {
            // Keys that are new to the worker, in the order in which they came: so rows are in that order, too.
            var rows = worker.Rows[i];
            for (var number = rows.Count; number < worker.Finders[i].Count; number++)
            {
                rows.Add(tallies[i].RowOf(worker.Finders[i], number));
            }

            tallies[i].Add(worker.Batch, worker.Numbers[i], CollectionsMarshal.AsSpan(rows));
        }
    }

    /// <summary>What one worker has for itself.</summary>
    private sealed class Worker(SaTally[] tallies)
    {
        /// <summary>The batch that it works at.</summary>
        public ExitBatch Batch = null!;

        public readonly SaFinder[] Finders = [.. tallies.Select(tally => tally.NewFinder())];

        /// <summary>For each tally the numbers of the batch's keys.</summary>
        public readonly int[][] Numbers = [.. tallies.Select(_ => new int[ExitBatch.Capacity])];

        /// <summary>For each tally the rows of those numbers.</summary>
        public readonly List<int>[] Rows = [.. tallies.Select(_ => new List<int>())];

        public readonly bool[] Wanted = new bool[ExitBatch.Capacity];
    }
}
