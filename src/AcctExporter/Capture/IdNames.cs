// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>
/// Label values for user ids, or for group ids: the name that NSS gives, else the number. A directory server may be
/// slow or dead: <see cref="PatientLookup{TKey,TValue}"/>.
/// </summary>
internal sealed class IdNames : IDisposable
{
    private const int LongestNameBytes = 128;
    private const int BearersAtMost = 1 << 16;
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Of two answers as near as this, none makes the other old: else two ids of one name never rest.
    /// </summary>
    private static readonly TimeSpan SameTime = TimeSpan.FromSeconds(1);

    private readonly Func<uint, byte[]?> lookUp;
    private readonly PatientLookup<uint, string> labels;

    /// <summary>Who was last found to have a name. The look-up thread's own.</summary>
    private readonly Dictionary<string, uint> bearers = [];

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
        labels = new PatientLookup<uint, string>(LookUp, clock, Keep, patience, thread);
        foreach (var (id, name) in (standIns ?? []).Take(PatientLookup<uint, string>.KeptAtMost / 2))
        {
            labels.StandIn(id, LabelOf(id, name));
        }
    }

    /// <summary>Look-ups that were not answered in time: the number, or an older name, stood in for the name.</summary>
    public ulong Timeouts => labels.Timeouts;

    /// <summary>The label value for an id, now. Called by one thread alone.</summary>
    public string Of(uint id) =>
        labels.TryGet(id, out var label) || label is not null ? label! : LabelText.OfNumber(id);

    /// <inheritdoc/>
    public void Dispose() => labels.Dispose();

    /// <summary>A name of digits only would look like another's number: such a user is shown by number.</summary>
    private static string LabelOf(uint id, byte[]? name) =>
        name is null || name.Length is 0 or > LongestNameBytes
            || name.AsSpan().IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            ? LabelText.OfNumber(id)
            : LabelText.Escape(name);

    private string LookUp(uint id, string? earlier)
    {
        try
        {
            var label = LabelOf(id, lookUp(id));
            ForgetEarlierBearer(label, id);
            return label;
        }
        catch (IOException)
        {
            // The directory failed. What it said before stands, else the number, and the next look-up is after the
            // usual time.
            return earlier ?? LabelText.OfNumber(id);
        }
    }

    /// <summary>
    /// Who had this name before may have another by now: what is known of that one must not outlast this answer, or two
    /// users would seem to share a name that one took over from the other.
    /// </summary>
    private void ForgetEarlierBearer(string label, uint id)
    {
        if (bearers.TryGetValue(label, out var earlier) && earlier != id)
        {
            labels.MakeOld(earlier, SameTime);
        }

        if (bearers.Count >= BearersAtMost)
        {
            bearers.Clear();
        }

        bearers[label] = id;
    }
}
