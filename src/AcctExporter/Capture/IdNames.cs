// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>
/// Label values for user ids, or for group ids: the name that NSS gives, else the number. A directory server may be
/// slow or dead, so look-ups run on a thread of their own, and counting waits for one only briefly; while one hangs, it
/// waits for none.
/// </summary>
internal sealed class IdNames : IDisposable
{
    private const int CachedAtMost = 1 << 16;
    private const int LongestNameBytes = 128;
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);

    private readonly Func<uint, byte[]?> lookUp;
    private readonly TimeProvider clock;
    private readonly TimeSpan patience;
    private readonly ConcurrentDictionary<uint, Known> known = new();
    private readonly BlockingCollection<uint> wanted = new(CachedAtMost);

    /// <summary>
    /// Asked and not yet answered. Nobody is asked for twice; while there are any, none is waited for.
    /// </summary>
    private readonly ConcurrentDictionary<uint, bool> open = new();
    private readonly ManualResetEventSlim answered = new();
    private long timeouts;

    /// <summary>Starts the thread.</summary>
    /// <param name="lookUp">
    /// The name of an id, or null when it has none. May hang; may throw <see cref="IOException"/>.
    /// </param>
    /// <param name="clock">Tells when a name is looked up anew.</param>
    /// <param name="patience">How long a new id may hold up counting.</param>
    /// <param name="thread">What the thread is called.</param>
    public IdNames(Func<uint, byte[]?> lookUp, TimeProvider clock, TimeSpan patience,
        string thread = "user names")
    {
        this.lookUp = lookUp;
        this.clock = clock;
        this.patience = patience;
        new Thread(LookUpAll) { IsBackground = true, Name = thread }.Start();
    }

    /// <summary>Look-ups that were not answered in time: the number stood in for the name.</summary>
    public ulong Timeouts => (ulong)Interlocked.Read(ref timeouts);

    /// <summary>The label value for an id, now. Called by the capture thread alone.</summary>
    public string Of(uint id)
    {
        if (known.TryGetValue(id, out var name) && clock.GetElapsedTime(name.Since) < Keep)
        {
            return name.Label;
        }

        if (known.Count >= CachedAtMost)
        {
            known.Clear();
        }

        if (Ask(id) && known.TryGetValue(id, out var fresh))
        {
            return fresh.Label;
        }

        Interlocked.Increment(ref timeouts);
        return name.Label ?? NumberOf(id);
    }

    /// <summary>Ends the thread, unless it hangs in a look-up: then it ends with the process.</summary>
    public void Dispose() => wanted.CompleteAdding();

    /// <summary>Asks for an id, and waits for the answer if nothing else is open; true when it came in time.</summary>
    private bool Ask(uint id)
    {
        var hangs = !open.IsEmpty;
        if (open.TryAdd(id, true) && !wanted.TryAdd(id))
        {
            open.TryRemove(id, out _);
            return false;
        }

        var start = Stopwatch.GetTimestamp();
        while (!hangs && open.ContainsKey(id))
        {
            // The answer to an earlier question may wake us: then there is time left.
            var left = patience - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || !answered.Wait(left))
            {
                break;
            }

            answered.Reset();
        }

        return !open.ContainsKey(id);
    }

    private static string NumberOf(uint id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>A name of digits only would look like another's number: such a user is shown by number.</summary>
    private static string LabelOf(uint id, byte[]? name) =>
        name is null || name.Length is 0 or > LongestNameBytes
            || name.AsSpan().IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            ? NumberOf(id)
            : LabelText.Escape(name);

    private void LookUpAll()
    {
        foreach (var id in wanted.GetConsumingEnumerable())
        {
            byte[]? name = null;
            try
            {
                name = lookUp(id);
            }
            catch (IOException)
            {
                // The directory failed: the number stands in, and the next look-up is after the usual time.
            }

            known[id] = new Known(LabelOf(id, name), clock.GetTimestamp());
            open.TryRemove(id, out _);
            answered.Set();
        }
    }

    private readonly record struct Known(string Label, long Since);
}
