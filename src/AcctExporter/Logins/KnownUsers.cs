// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Logins;

/// <summary>
/// Whether a name is a user's, as NSS says. Strangers choose the names, and a directory server may be slow or dead:
/// <see cref="PatientLookup{TKey,TValue}"/>.
/// </summary>
internal sealed class KnownUsers : IDisposable
{
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);

    private readonly PatientLookup<string, KnownUser> answers;

    /// <summary>Starts the thread.</summary>
    /// <param name="knows">
    /// Whether there is such a user. May hang; may throw <see cref="IOException"/> when it cannot tell.
    /// </param>
    /// <param name="clock">Tells when is asked anew.</param>
    /// <param name="patience">How long new names may hold up reading, all together.</param>
    /// <param name="local">Users of the host's own file: known while a directory hangs.</param>
    public KnownUsers(
        Func<byte[], bool> knows, TimeProvider clock, TimeSpan patience, IEnumerable<byte[]>? local = null)
    {
        answers = new(
            (name, earlier) => Ask(knows, Encoding.Latin1.GetBytes(name), earlier), clock, Keep, patience,
            "login names");
        foreach (var name in local ?? [])
        {
            answers.StandIn(Encoding.Latin1.GetString(name), KnownUser.Yes);
        }
    }

    /// <summary>Look-ups that were not answered in time.</summary>
    public ulong Timeouts => answers.Timeouts;

    /// <summary>The answer, now. Called by one thread alone.</summary>
    public KnownUser Of(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return KnownUser.No;
        }

        // One character a byte: any bytes are a key, and no two share one.
        answers.TryGet(Encoding.Latin1.GetString(name), out var answer);
        return answer;
    }

    /// <inheritdoc/>
    public void Dispose() => answers.Dispose();

    private static KnownUser Ask(Func<byte[], bool> knows, byte[] name, KnownUser earlier)
    {
        try
        {
            return knows(name) ? KnownUser.Yes : KnownUser.No;
        }
        catch (IOException)
        {
            return earlier;
        }
    }
}
