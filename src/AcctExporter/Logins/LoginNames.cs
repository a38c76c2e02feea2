// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Logins;

/// <summary>
/// Names of login records as strings, the same one for the same bytes while it is remembered: a file of a million
/// records has a few hundred names. Bytes that are no UTF-8 become U+FFFD. Not for several threads.
/// </summary>
internal sealed class LoginNames
{
    /// <summary>Names remembered, at most; one pushes out another that falls on the same place.</summary>
    private const int Places = 4096;

    private readonly (byte[] Bytes, string Text)[] places = new (byte[], string)[Places];

    /// <summary>The name.</summary>
    public string Of(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return "";
        }

        ref var place = ref places[Hash(name) & (Places - 1)];
        if (place.Bytes is null || !name.SequenceEqual(place.Bytes))
        {
            place = (name.ToArray(), Encoding.UTF8.GetString(name));
        }

        return place.Text;
    }

    /// <summary>FNV-1a: who chooses names to collide makes us allocate, and nothing worse.</summary>
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        var hash = 2_166_136_261u;
        foreach (var value in name)
        {
            hash = unchecked((hash ^ value) * 16_777_619);
        }

        return hash ^ (hash >> 15);
    }
}
