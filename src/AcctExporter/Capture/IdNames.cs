// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>
/// Label values for user ids, or for group ids: the name that NSS gives, else the number. A directory server may be
/// slow or dead: <see cref="PatientLookup{TKey,TValue}"/>.
/// </summary>
internal sealed class IdNames : IDisposable
{
    private const int LongestNameBytes = 128;
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);

    private readonly PatientLookup<uint, string> labels;

    /// <summary>Starts the thread.</summary>
    /// <param name="lookUp">
    /// The name of an id, or null when it has none. May hang; may throw <see cref="IOException"/>.
    /// </param>
    /// <param name="clock">Tells when a name is looked up anew.</param>
    /// <param name="patience">How long a new id may hold up counting.</param>
    /// <param name="thread">What the thread is called.</param>
    public IdNames(Func<uint, byte[]?> lookUp, TimeProvider clock, TimeSpan patience,
        string thread = "user names") =>
        labels = new PatientLookup<uint, string>(id => LookUp(lookUp, id), clock, Keep, patience, thread);

    /// <summary>Look-ups that were not answered in time: the number stood in for the name.</summary>
    public ulong Timeouts => labels.Timeouts;

    /// <summary>The label value for an id, now. Called by the capture thread alone.</summary>
    public string Of(uint id) => labels.TryGet(id, out var label) || label is not null ? label! : NumberOf(id);

    /// <inheritdoc/>
    public void Dispose() => labels.Dispose();

    private static string NumberOf(uint id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>A name of digits only would look like another's number: such a user is shown by number.</summary>
    private static string LabelOf(uint id, byte[]? name) =>
        name is null || name.Length is 0 or > LongestNameBytes
            || name.AsSpan().IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            ? NumberOf(id)
            : LabelText.Escape(name);

    private static string LookUp(Func<uint, byte[]?> lookUp, uint id)
    {
        try
        {
            return LabelOf(id, lookUp(id));
        }
        catch (IOException)
        {
            // The directory failed: the number stands in, and the next look-up is after the usual time.
            return NumberOf(id);
        }
    }
}
