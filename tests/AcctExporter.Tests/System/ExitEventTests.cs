// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using AcctExporter.Capture;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.RealSystem;

/// <summary>The real agent on a real kernel: what its lines say is what wait(2) and the shell said.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class ExitEventTests : IDisposable
{
    /// <summary>
    /// Tells its pid, its shell's, and the clock before and after; then what wait(2) gave for a child that dies.
    /// </summary>
    private const string Crash =
        """
        cd "$0" && ulimit -c unlimited && echo "$$" && date +%s &&
        setpriv --reuid=65534 --regid=65533 --clear-groups sh -c 'echo $$; sleep 0.3; kill -s SEGV $$'
        echo "$?"; date +%s
        """;

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void DeathWithACore_IsOneLine_WithWhatWaitSaid()
    {
        var file = lab.Of("events/exits.jsonl");
        Directory.CreateDirectory(lab.Of("events"));
        var cores = Directory.CreateDirectory(lab.Of("cores")).FullName;
        File.SetUnixFileMode(lab.State, (UnixFileMode)0x1ed); // 0755
        File.SetUnixFileMode(cores, (UnixFileMode)0x1ff); // 0777
        var agent = lab.Serve($"--events.file={file}");
        lab.Exit(1);
        var said = lab.Inside.Run("sh", "-c", Crash, cores).Split('\n');
        agent.Until(() => agent.Own("events_written") == 1, "one event");

        var line = JsonDocument.Parse(Assert.Single(File.ReadAllLines(file))).RootElement;
        Assert.Equal(Number(said[2]), line.GetProperty("pid").GetInt64());
        Assert.Equal(Number(said[0]), line.GetProperty("ppid").GetInt64());
        Assert.Equal(128 + 11, Number(said[3]));
        Assert.Equal(("SIGSEGV", 11), (Text(line, "signal"), line.GetProperty("signal_number").GetInt32()));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("exit_code").ValueKind);
        Assert.Equal((65534, 65533), (line.GetProperty("uid").GetInt32(), line.GetProperty("gid").GetInt32()));
        Assert.Equal(("nobody", "sh"), (Text(line, "user"), Text(line, "command")));
        Assert.Equal(
            Directory.GetFiles(cores).Length == 1 || PipesCores(), line.GetProperty("core").GetBoolean());
        Assert.InRange(line.GetProperty("elapsed_seconds").GetDouble(), 0.29, 30);
        var end = line.GetProperty("time").GetDateTimeOffset().ToUnixTimeSeconds();
        Assert.InRange(end, Number(said[1]), Number(said[4]));
        Assert.InRange(
            line.GetProperty("start").GetDateTimeOffset().ToUnixTimeSeconds(), Number(said[1]) - 1, end);

        Assert.Equal(0, agent.Own("events_dropped"));
        Assert.Equal(0, agent.Own("event_write_failures"));
        Assert.Equal(0, agent.Stop());
        Assert.Single(File.ReadAllLines(file));
    }

    /// <summary>A program on a mount that only the namespace has, as in a container.</summary>
    [Fact]
    public void ExecutableOfAnotherMountNamespace_HasThePathInside_WhileItRuns()
    {
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "tmpfs", "/mnt");
        lab.Inside.RunBeside("cp", "/usr/bin/sleep", "/mnt/server");
        using var running = lab.Inside.Start("/mnt/server", "60");
        try
        {
            Assert.True(SpinWait.SpinUntil(() => Running() is not null, TimeSpan.FromSeconds(20)));
            Assert.True(FileIdentity.TryOfPath($"/proc/{Running()}/exe", out var identity, out _));
            var executables = new Executables(TimeProvider.System);
            Assert.Equal("/mnt/server", PathOf(executables, identity));
            Assert.False(File.Exists("/mnt/server"));
        }
        finally
        {
            running.Kill(entireProcessTree: true);
        }

        string? Running() => Directory.GetDirectories("/proc").FirstOrDefault(directory =>
            File.Exists($"{directory}/comm") && new FileInfo($"{directory}/exe").LinkTarget == "/mnt/server")?[6..];
    }

    private static string? PathOf(Executables executables, FileIdentity identity) =>
        executables.PathOf(Executables.Encode(identity.Device), identity.Inode, uint.MaxValue);

    private static bool PipesCores() => File.ReadAllText("/proc/sys/kernel/core_pattern").StartsWith('|');

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
