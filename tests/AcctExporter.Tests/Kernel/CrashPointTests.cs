// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class CrashPointTests
{
    [Fact]
    public void Parse_TakesKnownNames_AndCounts()
    {
        Assert.All(CrashPoint.All, name => Assert.True(CrashPoint.Parse(name)!.IsHit(name)));
        var third = CrashPoint.Parse("after-block:3")!;
        Assert.Equal(
            [false, false, false, true, false],
            new[] { "after-block", "before-block", "after-block", "after-block", "after-block" }.Select(third.IsHit));
    }

    [Theory]
    [InlineData("after-block", false)]
    [InlineData("after-block:hang", true)]
    [InlineData("after-block:3:hang", true)]
    public void Parse_TakesAHang(string text, bool hangs) => Assert.Equal(hangs, CrashPoint.Parse(text)!.Hangs);

    [Theory]
    [InlineData(":hang")]
    [InlineData("hang")]
    [InlineData("after-block:hang:3")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nowhere")]
    [InlineData("after-block:0")]
    [InlineData("after-block:-1")]
    [InlineData("after-block:x")]
    [InlineData("after-block:1:1")]
    public void Parse_IgnoresWhatIsNoPlace(string? text) => Assert.Null(CrashPoint.Parse(text));

    [Theory]
    [InlineData("after-sync:2", 137, "before-sync|after-sync")]
    [InlineData("after-unlink", 0, "before-sync|after-sync|after-sync")]
    [InlineData("trace", 0, "before-sync|after-sync|after-sync")]
    [InlineData("nowhere", 0, "before-sync|after-sync|after-sync")]
    public void Reach_KillsTheProcess(string armed, int exitCode, string reached)
    {
        var command = OwnProcess.Command("reach before-sync after-sync after-sync", $"{CrashPoint.Variable}={armed}");
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        Assert.Equal(reached, process.StandardOutput.ReadToEnd().Trim().Replace('\n', '|'));
        Assert.Equal(armed == "trace" ? reached : "", process.StandardError.ReadToEnd().Trim().Replace('\n', '|'));
        process.WaitForExit();
        Assert.Equal(exitCode, process.ExitCode);
    }
}
