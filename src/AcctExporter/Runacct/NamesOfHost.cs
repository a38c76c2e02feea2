// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Runacct;

/// <summary>Names of this host's users and groups, whole; whoever has none is named by the number.</summary>
internal static class NamesOfHost
{
    private const int LongestName = 1024;

    /// <summary>The name of a user.</summary>
    public static byte[] User(uint uid)
    {
        Span<byte> buffer = stackalloc byte[LongestName];
        return UserDatabase.TryGetName(uid, buffer, out var length, out _) && length > 0
            ? buffer[..length].ToArray() : Number(uid);
    }

    /// <summary>The name of a group.</summary>
    public static byte[] Group(uint gid)
    {
        Span<byte> buffer = stackalloc byte[LongestName];
        return UserDatabase.TryGetGroupName(gid, buffer, out var length, out _) && length > 0
            ? buffer[..length].ToArray() : Number(gid);
    }

    private static byte[] Number(uint number) =>
        Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
