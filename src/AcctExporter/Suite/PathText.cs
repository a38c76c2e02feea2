// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Suite;

/// <summary>A path, which may be any bytes, as a message can have it.</summary>
internal static class PathText
{
    /// <summary>Control characters, and what is no UTF-8, are question marks.</summary>
    public static string Of(ReadOnlySpan<byte> path)
    {
        var text = Encoding.UTF8.GetString(path).ToCharArray();
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = char.IsControl(text[i]) || text[i] == '\ufffd' ? '?' : text[i];
        }

        return new(text);
    }
}
