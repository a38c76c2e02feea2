// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace AcctExporter.Kernel;

/// <summary>
/// Answers of something that may be slow or hang (a directory server, a file system of the network). Look-ups run on a
/// thread of their own, and counting waits for them only briefly; while one hangs, it waits for none.
/// </summary>
internal sealed class PatientLookup<TKey, TValue> : IDisposable
    where TKey : notnull
{
    /// <summary>Answers kept at most; when there are so many, all are forgotten.</summary>
    public const int KeptAtMost = 1 << 16;

    /// <summary>
    /// What is waited comes back at this part of the time that passes: a slow directory with ever new users costs
    /// counting a fifth of its time at most.
    /// </summary>
    private const int WaitsOneIn = 5;

    private readonly Func<TKey, TValue?, TValue> lookUp;
    private readonly TimeProvider clock;
    private readonly TimeSpan keep;
    private readonly TimeSpan patience;
    private readonly ConcurrentDictionary<TKey, Answer> known = new();

    // One that is complete refuses what comes, and does not throw: at the end of the agent somebody may still ask.
    private readonly Channel<TKey> wanted = Channel.CreateBounded<TKey>(KeptAtMost);

    /// <summary>
    /// Asked and not yet answered. Nobody is asked for twice; while there are any, none is waited for.
    /// </summary>
    private readonly ConcurrentDictionary<TKey, bool> open = new();
    private readonly ManualResetEventSlim answered = new();
    private TimeSpan left;
    private long leftSince = Stopwatch.GetTimestamp();
    private long timeouts;

    /// <summary>Starts the thread.</summary>
    /// <param name="lookUp">
    /// The answer, from the question and the answer that was given before. May hang; must not throw.
    /// </param>
    /// <param name="clock">Tells when is asked anew.</param>
    /// <param name="keep">How long an answer is good.</param>
    /// <param name="patience">
    /// How long new questions may hold up counting: all together, not each. What was used comes back slowly.
    /// </param>
    /// <param name="thread">What the thread is called.</param>
    public PatientLookup(
        Func<TKey, TValue?, TValue> lookUp, TimeProvider clock, TimeSpan keep, TimeSpan patience, string thread)
    {
        this.lookUp = lookUp;
        this.clock = clock;
        this.keep = keep;
        this.patience = left = patience;
        new Thread(LookUpAll) { IsBackground = true, Name = thread }.Start();
    }

    /// <summary>Questions that were not answered in time.</summary>
    public ulong Timeouts => (ulong)Interlocked.Read(ref timeouts);

    /// <summary>An answer that stands in until one was looked up.</summary>
    public void StandIn(TKey key, TValue answer) => known.TryAdd(key, new Answer(answer, 0, IsOld: true));

    /// <summary>
    /// An answer stands from now on only until another was looked up, unless it is younger than <paramref name="age"/>.
    /// </summary>
    public void MakeOld(TKey key, TimeSpan age)
    {
        if (known.TryGetValue(key, out var answer) && clock.GetElapsedTime(answer.Since) > age)
        {
            known[key] = answer with { IsOld = true };
        }
    }

    /// <summary>The answer, now. Called by one thread alone.</summary>
    /// <param name="key">The question.</param>
    /// <param name="answer">When false: an earlier answer, or null when there is none.</param>
    /// <returns>True when the answer is known, or came in time.</returns>
    public bool TryGet(TKey key, out TValue? answer)
    {
        var isKnown = known.TryGetValue(key, out var kept);
        answer = kept.Value;
        if (isKnown && !kept.IsOld && clock.GetElapsedTime(kept.Since) < keep)
        {
            return true;
        }

        if (known.Count >= KeptAtMost)
        {
            known.Clear();
        }

        if (Ask(key) && known.TryGetValue(key, out kept))
        {
            answer = kept.Value;
            return true;
        }

        Interlocked.Increment(ref timeouts);
        return false;
    }

    /// <summary>Ends the thread, unless it hangs in a look-up: then it ends with the process.</summary>
    public void Dispose() => wanted.Writer.TryComplete();

    /// <summary>Asks, and waits for the answer if nothing else is open; true when it came in time.</summary>
    private bool Ask(TKey key)
    {
        var hangs = !open.IsEmpty;
        if (open.TryAdd(key, true) && !wanted.Writer.TryWrite(key))
        {
            open.TryRemove(key, out _);
            return false;
        }

        if (!hangs)
        {
            WaitFor(key);
        }

        return !open.ContainsKey(key);
    }

    private void WaitFor(TKey key)
    {
        var start = Stopwatch.GetTimestamp();
        left += Stopwatch.GetElapsedTime(leftSince, start) / WaitsOneIn;
        left = left < patience ? left : patience;
        while (open.ContainsKey(key))
        {
            // The answer to an earlier question may wake us: then there is time left.
            var rest = left - Stopwatch.GetElapsedTime(start);
            if (rest <= TimeSpan.Zero || !answered.Wait(rest))
            {
                break;
            }

            answered.Reset();
        }

        leftSince = Stopwatch.GetTimestamp();
        left -= Stopwatch.GetElapsedTime(start, leftSince);
    }

    private void LookUpAll()
    {
        foreach (var key in wanted.Reader.ReadAllAsync().ToBlockingEnumerable())
        {
            var before = clock.GetTimestamp();
            known.TryGetValue(key, out var earlier);
            known[key] = new Answer(lookUp(key, earlier.Value), before, IsOld: false);
            open.TryRemove(key, out _);
            answered.Set();
        }
    }

    /// <summary>What is known.</summary>
    /// <param name="Value">The answer.</param>
    /// <param name="Since">When it was asked for.</param>
    /// <param name="IsOld">It only stands in until there is another.</param>
    private readonly record struct Answer(TValue Value, long Since, bool IsOld);
}
