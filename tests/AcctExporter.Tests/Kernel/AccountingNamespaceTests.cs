// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Kernel;

/// <summary>The system calls against the real kernel, in a PID namespace of their own.</summary>
[Trait("Lane", "kernel")]
public sealed class AccountingNamespaceTests : IDisposable
{
    private readonly TemporaryDirectory temporary = new();
    private readonly AccountingNamespace inside = new();

    [Fact]
    public void Lease_TellsWhetherTheKernelWrites()
    {
        using var file = File.OpenHandle(temporary.File("pacct"));
        Assert.Equal(WriterState.NotWriting, WriterLease.Test(file));
        inside.Run("accton", temporary.Of("pacct"));
        Assert.Equal(WriterState.Writing, WriterLease.Test(file));
        inside.Run("accton", temporary.File("next"));
        Assert.Equal(WriterState.NotWriting, WriterLease.Test(file));
    }

    [Fact]
    public void Lease_IsUnknown_ForAStrangersFile_WithoutTheCapability()
    {
        File.SetUnixFileMode(temporary.File("pacct"), (UnixFileMode)0x1a4);
        inside.Run("chown", "65534", temporary.Of("pacct"));
        string[] command = ["--bounding-set=-lease", .. OwnProcess.Command($"lease {temporary.Of("pacct")}")];
        Assert.Equal("Unknown\n", inside.Run("setpriv", command));
    }

    [Fact]
    public void Watch_SeesEachRecord_AndTheKernelLeaving()
    {
        using var watch = new FileWatch();
        inside.Run("accton", temporary.File("pacct"));
        watch.Watch(temporary.Of("pacct"));
        inside.Run("true");
        Assert.Equal(FileEvents.Modified, watch.Drain());
        inside.Run("accton", "off");

        // The kernel closes the file from a worker of its own, a moment after.
        var seen = FileEvents.None;
        Assert.True(SpinWait.SpinUntil(() => ((seen |= watch.Drain()) & FileEvents.Closed) != 0, 5000), $"saw {seen}");
    }

    [Fact]
    public void Switch_TurnsAccountingOnAndOff()
    {
        Act($"switch {temporary.File("pacct")}");
        inside.Run("true");
        Act("switch-off");
        inside.Run("sleep", "0");
        var names = Names("pacct");
        Assert.Contains("true", names);
        Assert.DoesNotContain("sleep", names);
    }

    [Fact]
    public void Switch_IsRefused_WithoutTheCapability()
    {
        string[] command = ["--bounding-set=-sys_pacct", .. OwnProcess.Command($"switch {temporary.File("pacct")}")];
        using var process = inside.Start("setpriv", command);
        process.WaitForExit();
        Assert.Equal(Errno.EPERM, process.ExitCode);
    }

    /// <summary>The caller and the mount namespace it lived in are gone afterwards; records still come.</summary>
    [Fact]
    public void Segment_OutlivesTheMountNamespaceOfItsCaller()
    {
        string[] command = ["--mount", .. OwnProcess.Command($"switch-segment {temporary.Of("segments")} 1")];
        Assert.Equal("True\n\n", inside.Run("unshare", command));
        inside.Run("true");
        inside.Run("true");
        Assert.Equal(2, Names("segments/1").Count(name => name == "true"));
    }

    /// <summary>Why it takes the trouble: the same by the plain path ends with the namespace.</summary>
    [Fact]
    public void PlainPath_EndsWithTheMountNamespaceOfItsCaller()
    {
        string[] command = ["--mount", .. OwnProcess.Command($"switch {temporary.File("pacct")}")];
        inside.Run("unshare", command);
        inside.Run("true");
        Assert.DoesNotContain("true", Names("pacct"));
    }

    [Fact]
    public void Segment_Warns_WhenItCannotOutliveTheMountNamespace()
    {
        // The first process has all capabilities; without CAP_SYS_PTRACE it may not be looked at by one who has fewer.
        string[] own = ["--mount", "setpriv", "--bounding-set=-sys_ptrace"];
        var act = OwnProcess.Command($"switch-segment {temporary.Of("segments")} 1");
        var output = inside.Run("unshare", [.. own, .. act]);
        Assert.StartsWith("False\nIt is not known whether process accounting", output);
        Assert.Contains("CAP_SYS_PTRACE", output);
    }

    [Fact]
    public void Segment_LiesOnTheHostsMount_WhereTheCallerHasMountedAnother()
    {
        var output = Mounted($"mount -t tmpfs none {temporary.Path}", $"switch-segment {temporary.Of("private")} 1");
        Assert.Equal("True\n\n", output);
        inside.Run("true");
        Assert.Contains("true", Names("private/1"));
    }

    [Fact]
    public void Segment_WarnsAndLiesOnTheCallersMount_WhereTheHostsWayIsBarred()
    {
        temporary.File("segments");
        var output = Mounted(
            $"mount -t tmpfs none {temporary.Path}", $"switch-segment {temporary.Of("segments")} 1");
        Assert.StartsWith($"False\nProcess accounting into {temporary.Of("segments")} ends when", output);
        Assert.Contains("(ENOTDIR)", output);
    }

    [Fact]
    public void HostDirectory_KnowsWhoseMountItIsOn()
    {
        Assert.Equal("0\nTrue\n", Act($"on-host-mount {temporary.Of("directory")}"));
        var act = $"on-host-mount {temporary.Of("directory")}";
        Assert.Equal("0\nFalse\n", Mounted($"mount -t tmpfs none {temporary.Path}", act));
    }

    /// <summary>Every group entry carries its members, and a company can be a member.</summary>
    [Fact]
    public void GroupName_IsFound_WithALongListOfMembers()
    {
        var members = string.Join(',', Enumerable.Range(0, 20_000).Select(number => $"member{number}"));
        temporary.File("group", $"company:x:4242:{members}\nsmall:x:4243:\n");
        var mount = $"mount --bind {temporary.Of("group")} /etc/group";
        Assert.Equal("True company errno 0\n", Mounted(mount, "group 4242"));
        Assert.Equal("True small errno 0\n", Mounted(mount, "group 4243"));
    }

    [Fact]
    public void GroupName_IsNeverLookedForInMoreThanAMebibyte()
    {
        temporary.File("group", $"company:x:4242:{new string('x', 3 << 20)}\n");
        Assert.Equal("False  ERANGE\n", Mounted($"mount --bind {temporary.Of("group")} /etc/group", "group 4242"));
    }

    [Fact]
    public void MountNamespace_IsOwn_ExactlyWhenUnshared()
    {
        Assert.Equal("False\n", Act("is-own"));
        Assert.Equal("True\n", inside.Run("unshare", ["--mount", .. OwnProcess.Command("is-own")]));
    }

    [Theory]
    [InlineData("/bin/true", "true")]
    [InlineData("/nowhere/true", null)]
    public void Canary_LeavesARecord(string program, string? name)
    {
        inside.Run("accton", temporary.File("pacct"));
        var pid = int.Parse(Act($"canary {program}"));
        var records = File.ReadAllBytes(temporary.Of("pacct")).Chunk(64);
        Assert.Equal(name is not null, pid > 0);

        // The exits are those of accton, the canary and the caller, in this order.
        Assert.Equal(3, records.Count());
        var theirs = records.Where(record => BitConverter.ToInt32(record, 16) == pid).Select(NameOf);
        Assert.Equal(name is null ? [] : [name], theirs);
    }

    public void Dispose()
    {
        inside.Dispose();
        temporary.Dispose();
    }

    private string Act(string act)
    {
        var command = OwnProcess.Command(act);
        return inside.Run(command[0], command[1..]);
    }

    /// <summary>An act in a mount namespace of its own in which something was mounted before.</summary>
    private string Mounted(string mount, string act) =>
        inside.Run("unshare", ["--mount", "sh", "-c", $"{mount} && exec \"$@\"", "sh", .. OwnProcess.Command(act)]);

    private List<string> Names(string file) =>
        [.. File.ReadAllBytes(temporary.Of(file)).Chunk(64).Select(NameOf)];

    /// <summary><c>ac_comm</c> of a v3 record.</summary>
    private static string NameOf(byte[] record) => Encoding.ASCII.GetString(record, 48, 16).TrimEnd('\0');
}
