// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>The files of <c>Fixtures/pacct</c>; its README says how each was made.</summary>
internal static class PacctFixture
{
    /// <summary>Names of all accounting files there, without their ending.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder, "*.pacct").Select(file => Path.GetFileNameWithoutExtension(file)!).Order();

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "pacct");

    /// <summary>The bytes of one file, for instance <c>real-tty.pacct</c>.</summary>
    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    /// <summary>Where an accounting file is, by its name without ending.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name + ".pacct");

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Folder, file));

    /// <summary>Every whole slot of a file of 64-byte records.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Slots(string name)
    {
        var bytes = Bytes(name + ".pacct");
        for (var offset = 0; offset + AcctRecord.Size <= bytes.Length; offset += AcctRecord.Size)
        {
            yield return bytes.AsMemory(offset, AcctRecord.Size);
        }
    }

    /// <summary>The exits of a file without bad slots.</summary>
    public static ProcessExit[] Exits(string name) => Slots(name).Select(slot =>
    {
        Assert.Equal(DecodeStatus.Ok, AcctRecord.TryReadExit(slot.Span, out var exit));
        return exit;
    }).ToArray();
}
