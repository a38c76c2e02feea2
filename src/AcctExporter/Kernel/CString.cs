// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Kernel;

/// <summary>Text as the C library takes it: UTF-8 with a NUL at its end.</summary>
internal static class CString
{
    /// <summary>The bytes of <paramref name="text"/> and a NUL.</summary>
    /// <exception cref="ArgumentException">A NUL inside: the kernel would see another, shorter path.</exception>
    public static byte[] Of(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a path cannot contain a NUL", nameof(text));
        }

        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
