// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Kernel;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Capture;

public sealed class ExecutablesTests : IDisposable
{
    /// <summary>The end of time, as processes go: every file is older.</summary>
    private const long Later = uint.MaxValue;

    private readonly TemporaryDirectory temporary = new();
    private readonly FixedClock clock = new();

    public ExecutablesTests()
    {
        Directory.CreateDirectory(temporary.Of("proc"));
        Directory.CreateDirectory(temporary.Of("bin"));
    }

    public void Dispose() => temporary.Dispose();

    /// <summary>include/linux/kdev_t.h: 12 bits of major, 20 of minor, whose upper 12 come first.</summary>
    [Theory]
    [InlineData(8, 1, 0x801)]
    [InlineData(0, 45, 45)]
    [InlineData(259, 3, 0x10303)]
    [InlineData(0, 256, 0x100000)]
    [InlineData(253, 0xfffff, 0xfff0fdff)]
    public void Encode_IsTheKernels(ulong major, ulong minor, ulong encoded) =>
        Assert.Equal(encoded, Executables.Encode((major << 32) | minor));

    [Fact]
    public void PathOf_FindsFilesOfTheUsualDirectories()
    {
        var path = temporary.File("bin/tool", "x");
        File.CreateSymbolicLink(temporary.Of("bin/alias"), path);
        Assert.Equal(path, PathOf(New(), path));
    }

    [Fact]
    public void PathOf_LooksAgainAfterAWhile()
    {
        var executables = New();
        Assert.Null(PathOf(executables, temporary.File("elsewhere", "x")));
        var path = temporary.File("bin/installed", "x");
        Assert.Null(PathOf(executables, path));
        clock.Now += TimeSpan.FromMinutes(5);
        Assert.Equal(path, PathOf(executables, path));
    }

    [Fact]
    public void PathOf_IsNothing_ForAFileThatChangedSinceTheEnd()
    {
        var path = temporary.File("bin/tool", "x");
        var changed = Identify(path).ChangedUnixNanoseconds / 1_000_000_000;
        Assert.Null(PathOf(New(), path, changed));
        Assert.Equal(path, PathOf(New(), path, changed + 1));
    }

    /// <summary>Upgraded: the name leads to another file, and the old file has no name.</summary>
    [Fact]
    public void PathOf_IsNothing_WhenThePathLeadsElsewhere()
    {
        var path = temporary.File("bin/tool", "x");
        var executables = New();
        var old = Identify(path);
        using var held = File.OpenHandle(path);
        Assert.Equal(path, PathOf(executables, path));
        File.Move(temporary.File("new", "y"), path, overwrite: true);
        Assert.Null(executables.PathOf(Executables.Encode(old.Device), old.Inode, Later));
        File.Delete(path);
        Assert.Null(executables.PathOf(Executables.Encode(old.Device), old.Inode, Later));
        clock.Now += TimeSpan.FromMinutes(6);
        Assert.Null(executables.PathOf(Executables.Encode(old.Device), old.Inode, Later));
    }

    [Fact]
    public void PathOf_FindsWhatLivingProcessesRun()
    {
        var path = temporary.File("private-tool", "x");
        Process(17, path);
        Assert.Equal(path, PathOf(New(), path));
    }

    [Fact]
    public void PathOf_LooksAtProcessesOnceASecond()
    {
        var executables = New();
        var path = temporary.File("private-tool", "x");
        Assert.Null(PathOf(executables, path));
        Process(17, path);
        Assert.Null(PathOf(executables, path));
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(path, PathOf(executables, path));
    }

    [Fact]
    public void TryGetKnown_KnowsWhatWasSeenLately_AndLooksAtNothing()
    {
        var path = temporary.File("bin/tool", "x");
        var identity = Identify(path);
        var executables = New();
        Assert.False(TryGetKnown(out _));
        PathOf(executables, path);
        clock.Now += Executables.Trust - TimeSpan.FromSeconds(1);
        Assert.True(TryGetKnown(out var known));
        Assert.Equal(path, known);
        Assert.False(TryGetKnown(out known, identity.ChangedUnixNanoseconds / 1_000_000_000));
        Assert.Null(known);
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.False(TryGetKnown(out known));

        bool TryGetKnown(out string? path, long end = Later) =>
            executables.TryGetKnown(Executables.Encode(identity.Device), identity.Inode, end, out path);
    }

    /// <summary>The real /proc and a copy of a real program, which is then deleted while it runs.</summary>
    [Fact]
    public void CopyOfAProgram_IsFoundWhileItRuns_AndNotOnceItIsDeleted()
    {
        var path = temporary.Of("copy");
        File.Copy("/usr/bin/sleep", path);
        var identity = Identify(path);
        using var running = global::System.Diagnostics.Process.Start(path, "60");
        try
        {
            Wait.Until(() => new FileInfo($"/proc/{running.Id}/exe").LinkTarget == path);
            var executables = new Executables(clock, "/proc", []);
            Assert.Equal(path, PathOf(executables, path));
            var sleep = new FileInfo("/usr/bin/sleep").ResolveLinkTarget(true)?.FullName ?? "/usr/bin/sleep";
            Assert.Equal(sleep, PathOf(new Executables(clock), sleep));
            File.Delete(path);
            Assert.Null(executables.PathOf(Executables.Encode(identity.Device), identity.Inode, Later));
            clock.Now += TimeSpan.FromHours(1);
            Assert.Null(executables.PathOf(Executables.Encode(identity.Device), identity.Inode, Later));
        }
        finally
        {
            running.Kill();
        }
    }

    private Executables New() => new(clock, temporary.Of("proc"), [temporary.Of("bin")]);

    private void Process(int pid, string executable)
    {
        var directory = Directory.CreateDirectory(
            temporary.Of($"proc/{pid.ToString(CultureInfo.InvariantCulture)}")).FullName;
        File.CreateSymbolicLink($"{directory}/exe", executable);
    }

    private static FileIdentity Identify(string path)
    {
        Assert.True(FileIdentity.TryOfPath(path, out var identity, out _));
        return identity;
    }

    private static string? PathOf(Executables executables, string path, long end = Later)
    {
        var identity = Identify(path);
        return executables.PathOf(Executables.Encode(identity.Device), identity.Inode, end);
    }
}
