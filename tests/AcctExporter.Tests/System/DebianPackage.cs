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
        First = Make("0.1.0~test");
        Next = Make("99.0");
    }

    /// <summary>The .deb file.</summary>
    public string First { get; }

    /// <summary>That of a later version.</summary>
    public string Next { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Make(string version) => Script.Run(
        Limit, "deploy/package.sh", folder, "--from", PublishedProgram.Folder, "--version", version).Trim();
}
