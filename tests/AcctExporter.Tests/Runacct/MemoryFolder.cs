// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Runacct;

/// <summary>A folder in memory, gone with the test: for thousands of files that are each synced.</summary>
internal sealed class MemoryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath(),
        $"acct-{Guid.NewGuid():N}")).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
