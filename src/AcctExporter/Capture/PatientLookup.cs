// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;

namespace AcctExporter.Capture;

/// <summary>
/// Answers of something that may be slow or hang (a directory server, a file system of the network). Look-ups run on a
/// thread of their own, and counting waits for one only briefly; while one hangs, it waits for none.
/// </summary>
internal sealed class PatientLookup<TKey, TValue> : IDisposable
    where TKey : struct
{
    /// <summary>Answers kept at most; when there are so many, all are forgotten.</summary>
    private const int KeptAtMost = 1 << 16;

    private readonly Func<TKey, TValue> lookUp;
    private readonly TimeProvider clock;
    private readonly TimeSpan keep;
    private readonly TimeSpan patience;
    private readonly ConcurrentDictionary<TKey, Answer> known = new();
    private readonly BlockingCollection<TKey> wanted = new(KeptAtMost);

    /// <summary>
    /// Asked and not yet answered. Nobody is asked for twice; while there are any, none is waited for.
    /// </summary>
    private readonly ConcurrentDictionary<TKey, bool> open = new();
    private readonly ManualResetEventSlim answered = new();
    private long timeouts;

    /// <summary>Starts the thread.</summary>
    /// <param name="lookUp">The answer. May hang; must not throw.</param>
    /// <param name="clock">Tells when is asked anew.</param>
    /// <param name="keep">How long an answer is good.</param>
    /// <param name="patience">How long a new question may hold up counting.</param>
    /// <param name="thread">What the thread is called.</param>
    public PatientLookup(
        Func<TKey, TValue> lookUp, TimeProvider clock, TimeSpan keep, TimeSpan patience, string thread)
    {
        this.lookUp = lookUp;
        this.clock = clock;
        this.keep = keep;
        this.patience = patience;
        new Thread(LookUpAll) { IsBackground = true, Name = thread }.Start();
    }

    /// <summary>Questions that were not answered in time.</summary>
    public ulong Timeouts => (ulong)Interlocked.Read(ref timeouts);

    /// <summary>The answer, now. Called by the capture thread alone.</summary>
    /// <param name="key">The question.</param>
    /// <param name="answer">When false: an earlier answer, or null when there is none.</param>
    /// <returns>True when the answer is known, or came in time.</returns>
    public bool TryGet(TKey key, out TValue? answer)
    {
        var isKnown = known.TryGetValue(key, out var kept);
        answer = kept.Value;
        if (isKnown && clock.GetElapsedTime(kept.Since) < keep)
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
    public void Dispose() => wanted.CompleteAdding();

    /// <summary>Asks, and waits for the answer if nothing else is open; true when it came in time.</summary>
    private bool Ask(TKey key)
    {
        var hangs = !open.IsEmpty;
        if (open.TryAdd(key, true) && !wanted.TryAdd(key))
        {
            open.TryRemove(key, out _);
            return false;
        }

        var start = Stopwatch.GetTimestamp();
        while (!hangs && open.ContainsKey(key))
        {
            // The answer to an earlier question may wake us: then there is time left.
            var left = patience - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || !answered.Wait(left))
            {
                break;
            }

            answered.Reset();
        }

        return !open.ContainsKey(key);
    }

    private void LookUpAll()
    {
        foreach (var key in wanted.GetConsumingEnumerable())
        {
            known[key] = new Answer(lookUp(key), clock.GetTimestamp());
            open.TryRemove(key, out _);
            answered.Set();
        }
    }

    private readonly record struct Answer(TValue Value, long Since);
}
