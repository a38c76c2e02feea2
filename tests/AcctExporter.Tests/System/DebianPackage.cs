// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>The package as deploy/package.sh makes it of what is shipped: this version, and a later one.</summary>
public sealed class DebianPackage : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string folder = Directory.CreateTempSubdirectory("debian-package").FullName;

    /// <summary>Makes both.</summary>
    public DebianPackage()
    {
        First = Make("first", "0.1.0~test");
        Next = Make("next", "99.0");
    }

    /// <summary>The .deb file.</summary>
    public string First { get; }

    /// <summary>That of a later version.</summary>
    public string Next { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>This version once more, by somebody else, elsewhere.</summary>
    public string MakeAgain() => Make("again", "0.1.0~test", "TZ=Asia/Tokyo", "LC_ALL=C", "HOME=/");

    /// <summary>Packed as loosely as can be: that takes seconds, not a minute.</summary>
    private string Make(string place, string version, params string[] variables) => Script.Run(
        Limit, ["DPKG_DEB_COMPRESSOR_LEVEL=0", .. variables], "deploy/package.sh", Path.Combine(folder, place),
        "--from", PublishedProgram.Folder, "--version", version).Trim();
}
