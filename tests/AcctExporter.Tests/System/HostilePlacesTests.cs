// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>Folders that others may write in, links that they leave there, and eyes on the agent's memory.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class HostilePlacesTests : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0x1ff; // 0777

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void FolderOpenToAll_IsShut_AndSaid()
    {
        MakeOpen("storage");
        var agent = lab.Serve();
        Assert.Contains("everybody could write in", agent.Log);
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(lab.Of("storage")) & UnixFileMode.OtherWrite);
        lab.Exit(30);
        agent.HasCounted(30);
    }

    [Theory]
    [InlineData("checkpoint.new")]
    [InlineData("journal")]
    [InlineData("lock")]
    public void PlantedLink_IsRefused_AndNothingIsWrittenThroughIt(string name)
    {
        MakeOpen("storage");
        Directory.CreateDirectory(lab.Of("prey"));
        File.WriteAllText(lab.Of("prey/file"), "prey");
        var target = name == "journal" ? lab.Of("prey") : lab.Of("prey/file");
        File.CreateSymbolicLink(lab.Of($"storage/{name}"), target);
        var agent = lab.Start();
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains($"is a symbolic link to {target}", agent.Log);
        Assert.Equal(lab.Of("prey/file"), Directory.GetFileSystemEntries(lab.Of("prey")).Single());
        Assert.Equal("prey", File.ReadAllText(lab.Of("prey/file")));
    }

    /// <summary>Programs of the same user cannot read what is in the agent's memory, and no core has it.</summary>
    [Fact]
    public void Memory_IsNotForOthersOfTheSameUser()
    {
        var agent = lab.FollowAsNobody(lab.File("pacct"));
        var asNobody = $"{string.Join(' ', FaultLab.AsNobody)} cat /proc/{agent.Pid}/maps > /dev/null 2>&1"
            + " && echo seen || echo hidden";
        Assert.Equal("hidden", HostLab.Run("sh", "-c", asNobody).Single());
        // Another program of that user can be seen: it is not this host's doing.
        const string another = "setpriv --reuid=65534 --regid=65534 --clear-groups"
            + " sh -c 'cat /proc/$$/maps' | head -c 1 | wc -c";
        Assert.Equal("1", HostLab.Run("sh", "-c", another).Single());
    }

    private void MakeOpen(string name)
    {
        Directory.CreateDirectory(lab.Of(name));
        File.SetUnixFileMode(lab.Of(name), Everybody);
    }
}
