// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Tests.Reports;

/// <summary>A file with some bytes, gone with the test.</summary>
internal sealed class ScratchFile : IDisposable
{
    public ScratchFile(byte[] bytes)
    {
        Bytes = bytes;
        Path = System.IO.Path.GetTempFileName();
        File.WriteAllBytes(Path, bytes);
    }

    public byte[] Bytes { get; }

    public string Path { get; }

    public SafeFileHandle Open() => File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    public void Dispose() => File.Delete(Path);
}
