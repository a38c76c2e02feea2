// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Versioning;

// File modes and signals are asked about without a guard: there is no other system to run on.
[assembly: SupportedOSPlatform("linux")]

namespace AcctExporter.Tests.Kernel;

/// <summary>A directory of a test's own, gone with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("acct-kernel-").FullName;

    public string Of(string name) => $"{Path}/{name}";

    public string File(string name, string text = "")
    {
        global::System.IO.File.WriteAllText(Of(name), text);
        return Of(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
