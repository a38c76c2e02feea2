// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.InteropServices;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class ShortChildTests
{
    [Fact]
    public void Run_LeavesNoChildBehind()
    {
        Assert.Equal(0, ShortChild.Run(out var pid));
        Assert.True(pid > 1);
        Assert.False(Directory.Exists($"/proc/{pid}"));
    }

    [Fact]
    public void Run_CountsAnExit_WhenThereIsNoProgram()
    {
        Assert.Equal(0, ShortChild.Run("/nowhere/true", out var pid));
        Assert.Equal(0, pid);
    }

    /// <summary>A child that ended and was not waited for yet must still be there for whoever started it.</summary>
    [Fact]
    public unsafe void Run_WaitsForItsOwnChildOnly()
    {
        int started;
        fixed (byte* path = "/bin/true\0"u8)
        {
            var arguments = stackalloc byte*[2] { path, null };
            Assert.Equal(0, posix_spawn(&started, path, null, null, arguments, arguments + 1));
        }

        var other = started;
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{other}/stat").Contains(") Z "), 5000));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(0, ShortChild.Run(out var pid));
            Assert.NotEqual(other, pid);
        }

        int status;
        Assert.Equal(other, waitpid(other, &status, 0));
    }

    /// <summary>The runtime waits for its own children on SIGCHLD: neither may take the other's.</summary>
    [Fact]
    public async Task Run_DisturbsNoOtherChild()
    {
        var others = Enumerable.Range(0, 40).Select(async number =>
        {
            using var process = Process.Start("sh", ["-c", $"sleep 0.{number % 10}; exit {number}"]);
            await process.WaitForExitAsync();
            return process.ExitCode;
        }).ToArray();
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(0, ShortChild.Run(out var pid));
            Assert.True(pid > 1);
        }

        Assert.Equal(Enumerable.Range(0, 40), await Task.WhenAll(others));
    }

    [DllImport("libc")]
    private static extern unsafe int posix_spawn(
        int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [DllImport("libc")]
    private static extern unsafe int waitpid(int pid, int* status, int options);
}
