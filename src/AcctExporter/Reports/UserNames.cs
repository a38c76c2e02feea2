// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Reports;

/// <summary>Names of users as the System V suite shows them, each asked for once.</summary>
/// <param name="nameOf">The name of a number; null when there is none.</param>
internal sealed class UserNames(Func<uint, byte[]?> nameOf)
{
    private const int LongestName = 1024;

    private readonly Dictionary<uint, byte[]> known = [];

    /// <summary>The name of somebody who has none.</summary>
    public static ReadOnlySpan<byte> Unknown => "?"u8;

    /// <summary>Those of this host.</summary>
    public static UserNames OfHost() => new(uid =>
    {
        Span<byte> buffer = stackalloc byte[LongestName];
        return UserDatabase.TryGetName(uid, buffer, out var length, out _) ? buffer[..length].ToArray() : null;
    });

    /// <summary>The name of a number, without control characters.</summary>
    public byte[] Of(uint uid)
    {
        if (!known.TryGetValue(uid, out var name))
        {
            name = nameOf(uid) is { Length: > 0 } found ? Safe(found) : Unknown.ToArray();
            known.Add(uid, name);
        }

        return name;
    }

    /// <summary>A name that can stand between tabs: each control character is a question mark.</summary>
    public static byte[] Safe(ReadOnlySpan<byte> name)
    {
        var safe = name.ToArray();
        for (var i = 0; i < safe.Length; i++)
        {
            safe[i] = safe[i] is < (byte)' ' or 0x7f ? (byte)'?' : safe[i];
        }

        return safe;
    }
}
