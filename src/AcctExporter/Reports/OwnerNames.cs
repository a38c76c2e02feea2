// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Reports;

/// <summary>
/// Names of users and groups as the classic process reports show them. Each is asked for once; one without a name is its
/// number, from 2147483648 on negative (GNU acct's <c>%d</c>).
/// </summary>
internal sealed class OwnerNames
{
    private readonly Dictionary<uint, byte[]> users = [];
    private readonly Dictionary<uint, byte[]> groups = [];
    private readonly Dictionary<uint, bool> known = [];
    private uint lastUid;
    private byte[]? lastUser;

    /// <summary>The name of a user.</summary>
    public byte[] User(uint uid)
    {
        if (lastUser is null || uid != lastUid)
        {
            lastUser = Of(users, uid, UserDatabase.TryGetName);
            lastUid = uid;
        }

        return lastUser;
    }

    /// <summary>True when a user has this number: <see cref="User"/> is a name, and not the number.</summary>
    public bool HasUser(uint uid)
    {
        if (!known.TryGetValue(uid, out var isKnown))
        {
            Span<byte> buffer = stackalloc byte[1024];
            isKnown = UserDatabase.TryGetName(uid, buffer, out _, out _);
            known.Add(uid, isKnown);
        }

        return isKnown;
    }

    /// <summary>The name of a group.</summary>
    public byte[] Group(uint gid) => Of(groups, gid, UserDatabase.TryGetGroupName);

    private static byte[] Of(Dictionary<uint, byte[]> known, uint id, Lookup lookup)
    {
        if (!known.TryGetValue(id, out var name))
        {
            Span<byte> buffer = stackalloc byte[1024];
            name = lookup(id, buffer, out var length, out _) ? buffer[..length].ToArray()
                : Encoding.ASCII.GetBytes(((int)id).ToString(CultureInfo.InvariantCulture));
            known.Add(id, name);
        }

        return name;
    }

    private delegate bool Lookup(uint id, Span<byte> buffer, out int length, out int errno);
}
