// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>
/// Work on batches of exits by several processors at once. Each worker reads a batch while it is alone at the input,
/// works on it beside the others, and waits for its turn when results must come in order: so memory is one batch and
/// one local state for each worker. What a worker throws ends all, and comes out at the caller.
/// </summary>
internal static class OrderedWork
{
    /// <summary>An input that ends before this many batches is not worth a thread.</summary>
    public const int BatchesAlone = 8;

    /// <summary>Workers for a report: as many as the machine has processors, up to four.</summary>
    public static int Workers => Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Does work on each batch, and hands the results over one at a time in the order of the input.</summary>
    /// <param name="input">Where the batches come from; it is used by one thread at a time.</param>
    /// <param name="workers">How many work at once; with 1 no thread is started, and never before
    /// <see cref="BatchesAlone"/> batches.</param>
    /// <param name="makeLocal">Makes what one worker keeps from batch to batch: buffers, caches.</param>
    /// <param name="work">The work; it touches nothing but its arguments and what never changes.</param>
    /// <param name="inOrder">Takes the result out of the worker's local state, on any thread but never on two at
    /// once. An exception, as of a closed pipe, ends everything.</param>
    public static void Run<TLocal>(ExitInput input, int workers, Func<TLocal> makeLocal,
        Action<ExitBatch, TLocal> work, Action<TLocal> inOrder) =>
        Run(input.Read, workers, makeLocal, work, inOrder);

    /// <summary>
    /// Does work on each batch in any order, and gives back what each worker kept: for sums, which are added up
    /// afterwards. The first belongs to the caller's thread.
    /// </summary>
    /// <inheritdoc cref="Run{TLocal}(ExitInput, int, Func{TLocal}, Action{ExitBatch, TLocal}, Action{TLocal})"/>
    public static IReadOnlyList<TLocal> Share<TLocal>(
        ExitInput input, int workers, Func<TLocal> makeLocal, Action<ExitBatch, TLocal> work) =>
        Run(input.Read, workers, makeLocal, work, null);

    /// <summary>The same over anything that fills batches.</summary>
    internal static IReadOnlyList<TLocal> Run<TLocal>(Func<ExitBatch, bool> read, int workers,
        Func<TLocal> makeLocal, Action<ExitBatch, TLocal> work, Action<TLocal>? inOrder)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        var turns = new Turns(read);
        var locals = new List<TLocal> { makeLocal() };
        var batch = new ExitBatch();
        for (var alone = 0; workers == 1 || alone < BatchesAlone; alone++)
        {
            if (!read(batch))
            {
                return locals;
            }

            work(batch, locals[0]);
            inOrder?.Invoke(locals[0]);
        }

        var helpers = new Task[workers - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            var local = makeLocal();
            locals.Add(local);
            helpers[i] = Task.Factory.StartNew(
                () => turns.WorkOff(new ExitBatch(), local, work, inOrder),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        try
        {
            turns.WorkOff(batch, locals[0], work, inOrder);
        }
        finally
        {
            // They end soon: the input is at its end, or they were stopped. What they threw is looked at below.
            Task.WhenAll(helpers).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default).Wait();
        }

        foreach (var helper in helpers)
        {
            helper.GetAwaiter().GetResult();
        }

        return locals;
    }

    /// <summary>Whose turn it is to read, and whose to hand over.</summary>
    private sealed class Turns(Func<ExitBatch, bool> read)
    {
        private readonly Lock reading = new();
        private readonly object handing = new();
        private long taken;
        private bool ended;

        /// <summary>The batch whose result comes next: under <see cref="handing"/>, as the flag is.</summary>
        private long turn;
        private bool stopped;

        public void WorkOff<TLocal>(
            ExitBatch batch, TLocal local, Action<ExitBatch, TLocal> work, Action<TLocal>? inOrder)
        {
            var done = false;
            try
            {
                while (TryTake(batch, out var number))
                {
                    work(batch, local);
                    if (inOrder is not null && !HandOver(number, local, inOrder))
                    {
                        break;
                    }
                }

                done = true;
            }
            finally
            {
                if (!done)
                {
                    Stop();
                }
            }
        }

        private bool TryTake(ExitBatch batch, out long number)
        {
            lock (reading)
            {
                number = taken;
                if (Volatile.Read(ref stopped) || ended)
                {
                    return false;
                }

                ended = !read(batch);
                taken += ended ? 0 : 1;
                return !ended;
            }
        }

        private bool HandOver<TLocal>(long number, TLocal local, Action<TLocal> inOrder)
        {
            lock (handing)
            {
                while (turn != number && !stopped)
                {
                    Monitor.Wait(handing);
                }

                if (stopped)
                {
                    return false;
                }

                // Others may not even wait meanwhile, but they would have to in any case.
                inOrder(local);
                turn++;
                Monitor.PulseAll(handing);
                return true;
            }
        }

        private void Stop()
        {
            lock (handing)
            {
                stopped = true;
                Monitor.PulseAll(handing);
            }
        }
    }
}
