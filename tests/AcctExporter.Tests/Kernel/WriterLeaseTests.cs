// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class WriterLeaseTests
{
    [Fact]
    public void Test_SaysWriting_WhileAWriterHasTheFile()
    {
        using var directory = new TemporaryDirectory();
        using var reader = File.OpenHandle(directory.File("segment"));
        Assert.Equal(WriterState.NotWriting, WriterLease.Test(reader));

        // FileShare other than the default: the runtime's own locks have nothing to do with it.
        using (File.OpenHandle(directory.Of("segment"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            Assert.Equal(WriterState.Writing, WriterLease.Test(reader));
        }

        Assert.Equal(WriterState.NotWriting, WriterLease.Test(reader));
    }

    [Fact]
    public void Test_SaysUnknown_WhereThereAreNoLeases()
    {
        using var reader = File.OpenHandle("/proc/self/stat");
        using var pipe = new global::System.IO.Pipes.AnonymousPipeServerStream();
        Assert.Equal(WriterState.Unknown, WriterLease.Test(new(pipe.SafePipeHandle.DangerousGetHandle(), false)));
        Assert.NotEqual(WriterState.Writing, WriterLease.Test(reader));
    }

    /// <summary>A lease that is broken sends SIGIO, and that would end this whole test run.</summary>
    [Fact]
    public void Test_OutlivesWritersWhoComeDuringTheLease()
    {
        using var directory = new TemporaryDirectory();
        using var reader = File.OpenHandle(directory.File("segment"));
        const string loop = "i=0; while [ $i -lt 20000 ]; do : >> \"$1\"; i=$((i+1)); done";
        using var writer = Process.Start("sh", ["-c", loop, "sh", directory.Of("segment")]);
        var seen = new int[3];
        while (!writer.HasExited)
        {
            seen[(int)WriterLease.Test(reader)]++;
        }

        Assert.Equal(0, writer.ExitCode);
        Assert.True(seen[(int)WriterState.Writing] > 0 && seen[(int)WriterState.NotWriting] > 0);
        Assert.Equal(0, seen[(int)WriterState.Unknown]);
    }
}
