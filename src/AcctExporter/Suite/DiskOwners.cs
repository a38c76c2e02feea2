// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Suite;

/// <summary>Names of those who own files, each asked for once. Any thread may ask.</summary>
/// <param name="nameOf">The name of a number, and null when there is none; whether that is certain.</param>
internal sealed class DiskOwners(Func<uint, (byte[]? Name, bool IsCertain)> nameOf)
{
    private const int LongestName = 1024;

    private readonly ConcurrentDictionary<uint, byte[]?> known = [];
    private int failures;

    /// <summary>Numbers that nothing is known of because the user database did not answer.</summary>
    public int Failures => failures;

    /// <summary>Those of this host.</summary>
    public static DiskOwners OfHost() => new(uid =>
    {
        Span<byte> buffer = stackalloc byte[LongestName];
        return UserDatabase.TryGetName(uid, buffer, out var length, out var errno)
            ? (buffer[..length].ToArray(), true) : (null, errno == 0);
    });

    /// <summary>Those of a list of users, and nobody else; of several with one number the last, as ever.</summary>
    public static DiskOwners Of(IEnumerable<UserEntry> users)
    {
        var names = new Dictionary<uint, byte[]>();
        foreach (var user in users)
        {
            names[user.Uid] = user.Name;
        }

        return new(uid => (names.GetValueOrDefault(uid), true));
    }

    /// <summary>The name of a number; null for one without.</summary>
    public byte[]? NameOf(uint uid)
    {
        if (!known.TryGetValue(uid, out var name))
        {
            (name, var isCertain) = nameOf(uid);
            if (known.TryAdd(uid, name) && !isCertain)
            {
                Interlocked.Increment(ref failures);
            }
        }

        return name;
    }

    /// <summary>The name of a number, and the number itself for one without.</summary>
    public byte[] NameOrNumber(uint uid) =>
        NameOf(uid) ?? Encoding.ASCII.GetBytes(uid.ToString(CultureInfo.InvariantCulture));
}
