// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>
/// Label values for user ids, or for group ids: the name that NSS gives, else the number. A directory server may be
/// slow or dead, so look-ups run on a thread of their own, and counting waits for them only briefly; while one hangs,
/// it waits for none.
/// </summary>
internal sealed class IdNames : IDisposable
{
    private const int CachedAtMost = 1 << 16;
    private const int LongestNameBytes = 128;

    /// <summary>
    /// What is waited comes back at this part of the time that passes: a slow directory with ever new users costs
    /// counting a fifth of its time at most.
    /// </summary>
    private const int WaitsOneIn = 5;

    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Of two answers as near as this, none makes the other old: else two ids of one name never rest.
    /// </summary>
    private static readonly TimeSpan SameTime = TimeSpan.FromSeconds(1);

    private readonly Func<uint, byte[]?> lookUp;
    private readonly TimeProvider clock;
    private readonly TimeSpan patience;
    private readonly ConcurrentDictionary<uint, Known> known = new();

    /// <summary>Who was last found to have a name. The look-up thread's own.</summary>
    private readonly Dictionary<string, uint> bearers = [];

    // One that is complete refuses what comes, and does not throw: at the end of the agent somebody may still ask.
    private readonly Channel<uint> wanted = Channel.CreateBounded<uint>(CachedAtMost);

    /// <summary>
    /// Asked and not yet answered. Nobody is asked for twice; while there are any, none is waited for.
    /// </summary>
    private readonly ConcurrentDictionary<uint, bool> open = new();
    private readonly ManualResetEventSlim answered = new();
    private TimeSpan left;
    private long leftSince = Stopwatch.GetTimestamp();
    private long timeouts;

    /// <summary>Starts the thread.</summary>
    /// <param name="lookUp">
    /// The name of an id, or null when it has none. May hang; may throw <see cref="IOException"/> when it cannot tell.
    /// </param>
    /// <param name="clock">Tells when a name is looked up anew.</param>
    /// <param name="patience">
    /// How long new ids may hold up counting: all together, not each. What was used comes back slowly.
    /// </param>
    /// <param name="thread">What the thread is called.</param>
    /// <param name="standIns">Names that stand until the first answer, for a directory that gives none.</param>
    public IdNames(Func<uint, byte[]?> lookUp, TimeProvider clock, TimeSpan patience,
        string thread = "user names", IEnumerable<(uint Id, byte[] Name)>? standIns = null)
    {
        this.lookUp = lookUp;
        this.clock = clock;
        this.patience = left = patience;
        foreach (var (id, name) in (standIns ?? []).Take(CachedAtMost / 2))
        {
            known.TryAdd(id, new Known(LabelOf(id, name), 0, IsOld: true));
        }

        new Thread(LookUpAll) { IsBackground = true, Name = thread }.Start();
    }

    /// <summary>Look-ups that were not answered in time: the number, or an older name, stood in for the name.</summary>
    public ulong Timeouts => (ulong)Interlocked.Read(ref timeouts);

    /// <summary>The label value for an id, now. Called by one thread alone.</summary>
    public string Of(uint id)
    {
        if (known.TryGetValue(id, out var name) && !name.IsOld && clock.GetElapsedTime(name.Since) < Keep)
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
        return name.Label ?? LabelText.OfNumber(id);
    }

    /// <summary>Ends the thread, unless it hangs in a look-up: then it ends with the process.</summary>
    public void Dispose() => wanted.Writer.TryComplete();

    /// <summary>Asks for an id, and waits for the answer if nothing else is open; true when it came in time.</summary>
    private bool Ask(uint id)
    {
        var hangs = !open.IsEmpty;
        if (open.TryAdd(id, true) && !wanted.Writer.TryWrite(id))
        {
            open.TryRemove(id, out _);
            return false;
        }

        if (!hangs)
        {
            WaitFor(id);
        }

        return !open.ContainsKey(id);
    }

    private void WaitFor(uint id)
    {
        var start = Stopwatch.GetTimestamp();
        left += Stopwatch.GetElapsedTime(leftSince, start) / WaitsOneIn;
        left = left < patience ? left : patience;
        while (open.ContainsKey(id))
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

    /// <summary>A name of digits only would look like another's number: such a user is shown by number.</summary>
    private static string LabelOf(uint id, byte[]? name) =>
        name is null || name.Length is 0 or > LongestNameBytes
            || name.AsSpan().IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            ? LabelText.OfNumber(id)
            : LabelText.Escape(name);

    private void LookUpAll()
    {
        foreach (var id in wanted.Reader.ReadAllAsync().ToBlockingEnumerable())
        {
            Learn(id);
            open.TryRemove(id, out _);
            answered.Set();
        }
    }

    private void Learn(uint id)
    {
        var before = clock.GetTimestamp();
        try
        {
            var label = LabelOf(id, lookUp(id));
            ForgetEarlierBearer(label, id, before);
            known[id] = new Known(label, before, IsOld: false);
        }
        catch (IOException)
        {
            // The directory failed. What it said before stands, else the number, and the next look-up is after the
            // usual time.
            var label = known.TryGetValue(id, out var earlier) ? earlier.Label : LabelText.OfNumber(id);
            known[id] = new Known(label, before, IsOld: false);
        }
    }

    /// <summary>
    /// Who had this name before may have another by now: what is known of that one must not outlast this answer, or two
    /// users would seem to share a name that one took over from the other.
    /// </summary>
    private void ForgetEarlierBearer(string label, uint id, long now)
    {
        if (bearers.TryGetValue(label, out var earlier) && earlier != id && known.TryGetValue(earlier, out var name)
            && clock.GetElapsedTime(name.Since, now) > SameTime)
        {
            known[earlier] = name with { IsOld = true };
        }

        if (bearers.Count >= CachedAtMost)
        {
            bearers.Clear();
        }

        bearers[label] = id;
    }

    /// <summary>What is known of an id.</summary>
    /// <param name="Label">The label value.</param>
    /// <param name="Since">When it was asked for.</param>
    /// <param name="IsOld">It only stands in until there is an answer.</param>
    private readonly record struct Known(string Label, long Since, bool IsOld);
}
