// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using ZstdSharp;

namespace AcctExporter.Reports;

/// <summary>
/// What logrotate and people pack accounting files with, known by their first bytes. No accounting record begins like
/// any of them: the flags and the version would be impossible.
/// </summary>
/// <remarks>
/// A gzip file that was cut off is a fault because the program asks for it
/// (<c>System.IO.Compression.UseStrictValidation</c> in the project file); without that, it just ends.
/// </remarks>
internal static class Packing
{
    /// <summary>How many bytes tell.</summary>
    public const int MagicBytes = 6;

    /// <summary>The name of the form that begins so; null for what is not packed.</summary>
    public static string? FormOf(ReadOnlySpan<byte> head) =>
        head.StartsWith<byte>([0x1f, 0x8b, 0x08]) ? "gzip"
        : head.StartsWith<byte>([0xfd, .. "7zXZ"u8, 0]) ? "xz"
        : head.StartsWith<byte>([0x28, 0xb5, 0x2f, 0xfd]) ? "zstd"
        : head.StartsWith("BZh"u8) ? "bzip2"
        : null;

    /// <summary>The bytes that were packed; null for a form that is not unpacked here.</summary>
    /// <param name="form">From <see cref="FormOf"/>.</param>
    /// <param name="packed">Closed with the result.</param>
    public static Stream? Unpack(string form, Stream packed) => form switch
    {
        "gzip" => new GZipStream(packed, CompressionMode.Decompress),
        "zstd" => new DecompressionStream(packed, leaveOpen: false),
        _ => null,
    };
}
