// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>What the agent may not do here, and what it says of that.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class PrivilegeTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void WithoutRoot_ItSaysWhatItNeeds_AndTheWayOut()
    {
        var agent = lab.StartThrough(FaultLab.AsNobody);
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains("needs root (CAP_SYS_PACCT in the initial user namespace)", agent.Log);
        Assert.Contains("--source=FILE", agent.Log);
        Assert.Single(agent.Log.Trim().Split('\n'));
        Assert.Empty(Directory.GetFileSystemEntries(lab.State));
    }

    [Fact]
    public void WithoutTheCapability_RootIsToldTheSame()
    {
        var agent = lab.StartThrough(["setpriv", "--bounding-set=-sys_pacct"]);
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains("CAP_SYS_PACCT", agent.Log);
        Assert.Contains("--source=FILE", agent.Log);
    }

    [Fact]
    public void TheAttempt_LeavesAccountingAlone()
    {
        var pacct = lab.File("pacct");
        lab.Inside.Run("accton", pacct);
        var agent = lab.Start("--accounting.path=/proc/nowhere");
        Assert.Equal(1, agent.WaitForEnd());
        lab.Exit(2);
        // accton, the agent, and 2; nobody has left the file.
        Assert.Equal(4, FaultLab.Records(pacct).Count(exit => !exit.LooksLikeLeaving));
        Assert.DoesNotContain(FaultLab.Records(pacct), exit => exit.LooksLikeLeaving);
    }

    [Fact]
    public void SourceThatCannotBeRead_IsSaid()
    {
        var pacct = lab.File("pacct");
        File.SetUnixFileMode(lab.State, (UnixFileMode)0x1ff); // 0777
        File.SetUnixFileMode(pacct, UnixFileMode.UserRead);
        var agent = lab.StartThrough(FaultLab.AsNobody, $"--source={pacct}");
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains($"cannot read {pacct}", agent.Log);
        Assert.Contains("on Debian: the group adm", agent.Log);
    }

    /// <summary>The capability is enough: the agent need not be root.</summary>
    [Fact]
    public void NobodyWithTheCapability_CountsExits()
    {
        File.SetUnixFileMode(lab.State, (UnixFileMode)0x1ff); // 0777
        string[] wrapper =
        [
            .. FaultLab.AsNobody, "--inh-caps=+sys_pacct", "--ambient-caps=+sys_pacct",
        ];
        var agent = FaultLab.Ready(lab.StartThrough(wrapper, "--accounting.on-exit=off"));
        lab.Exit(30);
        agent.HasCounted(30);
        Assert.True(agent.IsActive());
        Assert.Equal(0, agent.Stop());
    }
}
