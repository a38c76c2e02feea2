// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Reports;

namespace AcctExporter.Tests.RealSystem;

/// <summary>Our accton in a namespace of its own: what the kernel writes then, and what is said.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class AcctonTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void OnAndOff_SwitchAsGnuAcctonDoes_AndMakeTheFile()
    {
        lab.MountUsualFile();
        File.Delete(lab.Inside.PathOf(FaultLab.UsualFile));
        var on = Accton("on");
        Assert.Equal((0, ""), (on.ExitCode, on.Errors));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(lab.Inside.PathOf(FaultLab.UsualFile)));
        lab.Exit(3);
        // accton itself, and 3.
        Assert.Equal(4, Recorded(FaultLab.UsualFile));

        var off = Accton("OFF");
        lab.Exit(2);
        Assert.Equal((0, ""), (off.ExitCode, off.Errors));
        Assert.Equal(4, Recorded(FaultLab.UsualFile));
        var own = Accton(lab.Of("own"));
        lab.Exit(1);
        Assert.Equal(2, Recorded(lab.Of("own")));

        Assert.Equal(lab.Inside.Run("accton", "on"), on.Text);
        Assert.Equal(lab.Inside.Run("accton", "OFF"), off.Text);
        Assert.Equal(lab.Inside.Run("accton", lab.Of("own")), own.Text);
        Assert.Equal(0, Accton("off").ExitCode);
    }

    [Fact]
    public void ARunningAgent_IsNotRobbed_UnlessByForce()
    {
        var agent = lab.Serve();
        var refused = Accton("off");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Text));
        Assert.Contains(") has accounting on, with its files in", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--force", refused.Errors, StringComparison.Ordinal);
        var other = Accton(lab.Of("other"));
        Assert.Equal(1, other.ExitCode);
        Assert.False(File.Exists(lab.Of("other")));
        lab.Exit(3);
        // With both of ours.
        agent.HasCounted(5);

        var forced = Accton("--force", lab.Of("other"));
        Assert.Equal(0, forced.ExitCode);
        Assert.Contains("accounting was taken from an agent (process ", forced.Errors, StringComparison.Ordinal);
        Assert.True(Recorded(lab.Of("other")) >= 1);
    }

    [Fact]
    public void AnAgentThatIsAway_IsSaidToHaveLostIt()
    {
        lab.Serve().Stop();
        var on = Accton(lab.Of("other"));
        Assert.Equal(0, on.ExitCode);
        Assert.Contains("for an agent that does not run", on.Errors, StringComparison.Ordinal);
        Assert.Equal("", Accton("off").Errors);
    }

    [Fact]
    public void IfOurs_EndsWhatAnAgentLeftOn_AndNobodyElses()
    {
        var agent = lab.Serve();
        var refused = Accton("off", "--if-ours");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(") has accounting on, with its files in", refused.Errors, StringComparison.Ordinal);
        agent.Stop();
        lab.Exit(2);
        var off = Accton("off", "--if-ours");
        Assert.Equal((0, "", "Turning off process accounting, which an agent left on.\n"), (
            off.ExitCode, off.Errors, off.Text));
        lab.Exit(7);

        // What came before is counted, what came after is not, and it is no gap.
        var next = lab.Serve();
        var before = next.Exits();
        lab.Exit(3);
        next.HasCounted((int)before + 3);
        Assert.Equal(0, next.Gaps());
        next.Stop();

        Assert.Equal(0, Accton("off", "--if-ours").ExitCode);
        Assert.Equal(0, Accton(lab.Of("own")).ExitCode);
        var left = Accton("off", "--if-ours");
        Assert.Equal((0, "No agent left process accounting on.\n"), (left.ExitCode, left.Text));
        var recorded = Recorded(lab.Of("own"));
        lab.Exit(4);
        Assert.Equal(recorded + 4, Recorded(lab.Of("own")));
        Assert.Equal(2, Accton("on", "--if-ours").ExitCode);
        Assert.Equal(2, Accton("off", "--if-ours", "--force").ExitCode);
        Assert.Equal(0, Accton("off").ExitCode);
    }

    [Fact]
    public void WhatCannotBeDone_IsExplained_AndChangesNothing()
    {
        Assert.Equal(0, Accton(lab.Of("own")).ExitCode);
        Says("/nowhere/pacct", "cannot make /nowhere/pacct: No such file or directory; make its directory first");
        Says("/proc/version", "process accounting cannot be switched to /proc/version: ");
        Says("/dev/null", "process accounting cannot be switched to /dev/null: ");
        Says(lab.State, "it is a directory; give a regular file");
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "-o", "ro", "small", "/var/log");
        Says("/var/log/pacct", "cannot make /var/log/pacct: Read-only file system");
        var before = Recorded(lab.Of("own"));
        lab.Exit(1);
        Assert.Equal(before + 1, Recorded(lab.Of("own")));

        var nobody = Ended(lab.Inside.Start("setpriv",
            [.. FaultLab.AsNobody[1..], Program, "accton", "off", $"--accounting.path={lab.Of("segments")}"]));
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("needs root (CAP_SYS_PACCT", nobody.Errors, StringComparison.Ordinal);
        Assert.Equal(0, Accton("off").ExitCode);

        void Says(string file, string fault)
        {
            var told = Accton(file);
            Assert.Equal((1, ""), (told.ExitCode, told.Text));
            Assert.Contains(fault, told.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AFullDisk_IsTold_AsTheKernelRecordsNothing()
    {
        lab.MountSmall("small", "1m");
        lab.Fill("small", blocksLeft: 3);
        var on = Accton(lab.Of("small/pacct"));
        Assert.Equal(0, on.ExitCode);
        Assert.Contains("the kernel records nothing below 4 %", on.Errors, StringComparison.Ordinal);
        Assert.Equal(0, Accton("off").ExitCode);
    }

    private int Recorded(string file) =>
        FaultLab.Records(lab.Inside.PathOf(file)).Count(exit => !exit.LooksLikeLeaving);

    private ToolResult Accton(params string[] arguments) => Ended(lab.Inside.Start(
        Program, ["accton", $"--accounting.path={lab.Of("segments")}", .. arguments]));

    private static ToolResult Ended(System.Diagnostics.Process started)
    {
        using var process = started;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolResult(System.Text.Encoding.UTF8.GetBytes(output), errors.Result, process.ExitCode);
    }
}
