// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Kernel;
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// The exits that the real kernel tells of, in the initial namespaces, where alone it does. Others end processes here
/// too: what is compared is what the test itself started.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class TaskStatsSocketTests
{
    /// <summary>Room for 20,000 exits.</summary>
    private const int Large = 16 << 20;

    /// <summary>Names, owners and ends are those that wait(2) saw.</summary>
    [Fact]
    public void EveryChildOfAStorm_IsTold_WithItsNameOwnerAndEnd()
    {
        using var socket = Open(Large);
        using var storm = Start("--count", "2000", "--cores", "0");
        var truth = new StormTruth();
        truth.Take(storm);
        var threads = Drain(socket, out var overflows);

        Assert.Equal((0, 0UL), (overflows, socket.Drops));
        var children = threads.Select(one => one.Thread).Where(thread => thread.Ppid == storm.Id).ToArray();
        Assert.Equal(2000, children.Length);
        Assert.All(children, child =>
        {
            Assert.True(child.IsLeader && !child.EndsGroupOfMany);
            Assert.NotEqual(0, child.Flags & ThreadExit.LastThread);
            Assert.NotEqual(0, child.Flags & (byte)AcctFlags.ForkedWithoutExec);
            Assert.InRange(child.ElapsedMicroseconds, 1UL, 60_000_000UL);
            Assert.Equal(child.ElapsedMicroseconds, child.ProcessElapsedMicroseconds);
            Assert.InRange(child.PeakResidentKibibytes, 1UL, 1UL << 20);
        });
        var told = children.GroupBy(child => (child.Uid, NameHex(child))).ToDictionary(
            pair => pair.Key,
            pair => (
                (ulong)pair.Count(),
                (ulong)pair.Count(child => (child.ExitCode & 0x7f) == 0 && child.ExitCode != 0),
                (ulong)pair.Count(child => (child.ExitCode & 0x7f) != 0),
                0UL));
        Assert.True(truth.Pairs.Remove((0, Convert.ToHexStringLower("storm"u8)), out var itself));
        Assert.Equal(1UL, itself.Exits);
        Assert.Equal(truth.Pairs.OrderBy(pair => pair.Key), told.OrderBy(pair => pair.Key));

        var parent = Assert.Single(threads, one => one.Thread.Pid == storm.Id).Thread;
        Assert.Equal((uint)Environment.ProcessId, parent.Ppid);
        Assert.Equal(InodeOf(Tools.Storm), parent.ExecutableInode);
    }

    /// <summary>
    /// A second listener with room for all hears what was sent: what the first has not got of it is what it dropped.
    /// </summary>
    [Fact]
    public void Overflow_DropsExactlyWhatTheKernelCounts_AndTheSocketRecovers()
    {
        using var small = Open(64 << 10);
        using var large = Open(Large);
        using var storm = Start("--fast", "--count", "5000", "--parallel", "2");
        var truth = new StormTruth();
        truth.Take(storm);

        Assert.Equal(DrainResult.Overflow, small.Receive().Result);
        var queued = small.QueuedBytes;
        Assert.InRange(queued, 1U, (uint)small.ReceiveBufferBytes + 4096);
        var got = Drain(small, out var overflows);
        Assert.Equal(0, overflows);
        using (var marker = Process.Start("true"))
        {
            marker.WaitForExit();
            var sent = Drain(large, out _);
            got.AddRange(Drain(small, out overflows));
            Assert.Equal(0, overflows);
            Assert.Contains(got, one => one.Thread.Pid == marker.Id);

            Assert.Equal(0UL, large.Drops);
            var workers = sent.Where(one => one.Thread.Ppid == storm.Id).Select(one => one.Thread.Pid).ToHashSet();
            Assert.Equal(2, workers.Count);
            var children = sent.Count(one => workers.Contains(one.Thread.Ppid));
            Assert.Equal(truth.Exits - 1, (ulong)(children + workers.Count));

            var missing = sent.Select(Identity).Except(got.Select(Identity)).Count();
            Assert.InRange(missing, 4000, int.MaxValue);
            Assert.Equal((ulong)missing, small.Drops);
            Assert.Equal(DropsInProc(small), small.Drops);
        }
    }

    [Fact]
    public void InTheInitialNamespaces_AChildIsHeard() =>
        Assert.Equal("None \nheard\n", Act("taskstats"));

    [Fact]
    public void InAnotherNetworkNamespace_TheKernelAgrees_AndIsSilent() =>
        Assert.Equal("None \nsilent\n", Act("taskstats", "unshare", "--net"));

    [Fact]
    public void InAnotherPidNamespace_ItIsRefused() => Assert.StartsWith(
        "OtherPidNamespace no exits from taskstats: ", Act("taskstats", "unshare", "--pid", "--fork"));

    [Fact]
    public void WithoutTheCapability_ItIsRefused() => Assert.StartsWith(
        "NotPermitted no exits from taskstats: ", Act("taskstats", "setpriv", "--bounding-set=-net_admin"));

    [Fact]
    public void InAnotherUserNamespace_ItIsRefused() => Assert.StartsWith(
        "NotPermitted no exits from taskstats: ", Act("taskstats", "unshare", "--user", "--map-root-user"));

    /// <summary>A nobody with the one capability hears exits; as much may wait as it asks for.</summary>
    [Fact]
    public void WithTheCapabilityAlone_AChildIsHeard() => Assert.Equal(
        "None \nheard\n",
        Act("taskstats", "setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=+net_admin",
            "--ambient-caps=+net_admin", "--bounding-set=-all,+net_admin"));

    [Fact]
    public void Delays_AreSwitchedOn_OrItIsSaidWhyNot()
    {
        var before = File.ReadAllText(DelayAccounting.DefaultPath);
        try
        {
            File.WriteAllText(DelayAccounting.DefaultPath, "0");
            Assert.Equal(DelayAccountingState.Off, DelayAccounting.Read());
            var refused = Act("delays", "setpriv", "--bounding-set=-sys_admin");
            Assert.StartsWith("False delay accounting cannot be switched on: ", refused);
            Assert.Contains("CAP_SYS_ADMIN", refused);
            Assert.Equal(DelayAccountingState.Off, DelayAccounting.Read());
            Assert.True(DelayAccounting.TryEnable(out _));
            Assert.Equal(DelayAccountingState.On, DelayAccounting.Read());
        }
        finally
        {
            File.WriteAllText(DelayAccounting.DefaultPath, before);
        }
    }

    private static TaskStatsSocket Open(int bytes)
    {
        var socket = TaskStatsSocket.TryOpen(bytes, out var fault);
        Assert.True(socket is not null, fault.Message);
        Assert.Equal(2 * bytes, socket.ReceiveBufferBytes);
        return socket;
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Tools.Storm, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    /// <summary>All that waits: exits with the kernel's number of each.</summary>
    private static List<(uint Sequence, ThreadExit Thread)> Drain(TaskStatsSocket socket, out int overflows)
    {
        var threads = new List<(uint, ThreadExit)>();
        overflows = 0;
        for (var step = socket.Receive(); step.Result != DrainResult.Empty; step = socket.Receive())
        {
            overflows += step.Result == DrainResult.Overflow ? 1 : 0;
            for (var i = 0; i < step.Count; i++)
            {
                var messages = new NetlinkMessages(socket.Datagram(i));
                while (messages.TryNext(out var message))
                {
                    Assert.Equal(TaskStatsStatus.Ok, TaskStatsMessage.TryRead(message, socket.Family, out var thread));
                    Assert.True(NetlinkMessages.TryReadHeader(message, out var header));
                    threads.Add((header.Sequence, thread));
                }
            }
        }

        return threads;
    }

    private static (uint, uint, ulong) Identity((uint Sequence, ThreadExit Thread) one) =>
        (one.Sequence, one.Thread.Pid, one.Thread.ElapsedMicroseconds);

    /// <summary>The column Drops of /proc/net/netlink for a socket, which its last column names by inode.</summary>
    private static ulong DropsInProc(TaskStatsSocket socket)
    {
        var descriptor = socket.Socket.Handle.DangerousGetHandle();
        var link = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget!;
        var inode = link["socket:[".Length..^1];
        var row = File.ReadLines("/proc/net/netlink")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Single(row => row[^1] == inode);
        return ulong.Parse(row[8]);
    }

    private static ulong InodeOf(string path)
    {
        Assert.True(ulong.TryParse(Run("stat", "-Lc", "%i", path), out var inode));
        return inode;
    }

    private static string NameHex(in ThreadExit thread)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        return Convert.ToHexStringLower(name[..thread.Command.CopyTo(name)]);
    }

    private static string Act(string act, params string[] wrapper) => Run([.. wrapper, .. OwnProcess.Command(act)]);

    private static string Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
