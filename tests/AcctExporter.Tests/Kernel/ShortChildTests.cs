// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
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
}
