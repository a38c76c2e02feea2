// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AcctExporter.Records;

/// <summary>
/// Factors for the hashes of tables whose keys anybody may choose: whoever does not know them cannot make a table slow.
/// </summary>
internal static class HashSecret
{
    /// <summary>An odd number that nobody knows: one that is even loses bits.</summary>
    public static ulong Next()
    {
        var secret = 0UL;
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<ulong>(ref secret)));
        return secret | 1;
    }
}
