// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>What a real kernel wrote about processes whose end is known: see the scripts beside the fixtures.</summary>
public sealed class RealKernelTests
{
    /// <summary>Pids of real-behaviours are those of its script, line by line, in a namespace of its own.</summary>
    [Theory]
    [InlineData(6, "true", 0, 0, false, AcctFlags.None)]
    [InlineData(7, "false", 1, 0, false, AcctFlags.None)]
    [InlineData(8, "beh", 3, 0, false, AcctFlags.None)]
    [InlineData(9, "beh", 255, 0, false, AcctFlags.None)]
    [InlineData(10, "beh", 0, 9, false, AcctFlags.KilledBySignal)]
    [InlineData(11, "beh", 0, 15, false, AcctFlags.KilledBySignal)]
    [InlineData(12, "beh", 0, 11, true, AcctFlags.KilledBySignal | AcctFlags.DumpedCore)]
    // No core was written (RLIMIT_CORE 0), whatever the flag says.
    [InlineData(13, "beh", 0, 11, false, AcctFlags.KilledBySignal | AcctFlags.DumpedCore)]
    [InlineData(15, "child-noexec", 5, 0, false, AcctFlags.ForkedWithoutExec)]
    [InlineData(21, "sh", 4, 0, false, AcctFlags.UsedPrivilege)]
    // exit_group(9) by a thread: the others die by a signal, the process does not.
    [InlineData(43, "beh", 9, 0, false, AcctFlags.KilledBySignal)]
    internal void End_IsReadFromTheExitCode(int pid, string name, int code, int signal, bool core, AcctFlags flags)
    {
        var exit = Assert.Single(PacctFixture.Exits("real-behaviours"), exit => exit.Pid == pid);

        Assert.Equal(CommandName.From(Encoding.UTF8.GetBytes(name)), exit.Command);
        Assert.Equal((code, signal, core), (exit.Status.Code, exit.Status.Signal, exit.Status.DumpedCore));
        Assert.Equal(flags, exit.Flags);
    }

    [Theory]
    [InlineData(22, 70000, 80001)]
    [InlineData(23, 4294967294, 4294967293)]
    public void Ids_HaveAll32Bits(int pid, uint uid, uint gid)
    {
        var exit = Assert.Single(PacctFixture.Exits("real-behaviours"), exit => exit.Pid == pid);
        Assert.Equal((uid, gid), (exit.Uid, exit.Gid));
    }

    [Theory]
    [InlineData(25, "61 20 62 20 22 63 22 27 5c 64")] // a b "c"'\d
    [InlineData(26, "6c 69 6e 65 0a 62 72 65 6b 09 74 61 62")] // a newline and a tab
    [InlineData(27, "ff fe 80 c3 28 6e 6f 74 75 74")] // no UTF-8
    [InlineData(29, "1b 5b 33 31 6d 72 65 64")] // a terminal's escape sequence
    [InlineData(30, "30 31 32 33 34 35 36 37 38 39 61 62 63 64 65")] // cut to 15
    public void Name_IsAnyBytes(int pid, string bytes)
    {
        var exit = Assert.Single(PacctFixture.Exits("real-behaviours"), exit => exit.Pid == pid);
        Assert.Equal(CommandName.From(Convert.FromHexString(bytes.Replace(" ", ""))), exit.Command);
    }

    [Fact]
    public void SleepOf1234Milliseconds_TookThat_CutToTicks()
    {
        var exit = Assert.Single(PacctFixture.Exits("real-behaviours"), exit => exit.Pid == 49);
        Assert.Equal(1_230_000UL, exit.ElapsedMicroseconds);
    }

    [Fact]
    public void BurntCpu_IsInUserOrSystemTime()
    {
        var exit = Assert.Single(PacctFixture.Exits("real-behaviours"), exit => exit.Pid == 36);
        Assert.Equal((150_000UL, 120_000UL), (exit.UserMicroseconds, exit.SystemMicroseconds));
    }

    [Fact]
    public void AddressSpace_IsInBytes_AndStopsAtTheLargestCompT()
    {
        var bytes = PacctFixture.Exits("real-hugevm").Where(exit => exit.Pid is >= 3 and <= 7)
            .Select(exit => exit.VirtualMemoryBytes);
        const ulong largest = CompT.Largest * 1024;
        Assert.Equal([1UL << 40, 15UL << 40, largest, largest, largest], bytes);
    }

    /// <summary>
    /// Every one of 80 normal ends of a threaded program carries the flag that says "killed by a signal".
    /// </summary>
    [Fact]
    public void FlagOfASignal_LiesAboutThreadedPrograms_AndTheStatusDoesNot()
    {
        var runs = PacctFixture.Exits("real-runtimes").Where(exit => IsDotnet(exit.Command)).ToArray();

        Assert.Equal(80, runs.Count(exit => exit.Flags.HasFlag(AcctFlags.KilledBySignal)));
        Assert.All(runs, exit => Assert.Equal(0, exit.Status.Signal));
        Assert.Equal(40, runs.Count(exit => exit.Status is { Code: 3, Failed: true }));
        Assert.Equal(40, runs.Count(exit => exit.Status is { Code: 0, Failed: false }));
    }

    /// <summary>
    /// Nothing but the last record of a file looks like the record that the kernel adds when it leaves the file.
    /// </summary>
    [Theory]
    [InlineData("real-behaviours", true)]
    [InlineData("real-threads", true)]
    [InlineData("real-runtimes", true)]
    [InlineData("real-tty", true)]
    [InlineData("real-hugevm", true)]
    [InlineData("real-pidns-outer", true)]
    [InlineData("real-kthreads", true)]
    // The end of a PID namespace repeats the record of its first process: with its memory, so by pid 1, not by shape.
    [InlineData("real-pidns-inner", false)]
    [InlineData("real-pidns-inner2", false)]
    public void RecordOfLeaving_IsTheLastOne(string name, bool left)
    {
        var exits = PacctFixture.Exits(name);
        Assert.Equal(left, exits[^1].LooksLikeLeaving);
        Assert.DoesNotContain(exits[..^1], exit => exit.LooksLikeLeaving);
    }

    [Fact]
    public void KernelThreads_HaveNoMemory_AndDoNotLookLikeLeaving()
    {
        var threads = PacctFixture.Exits("real-kthreads").Where(exit => exit.Ppid == 2).ToArray();
        Assert.Equal(2, threads.Length);
        Assert.All(threads, exit => Assert.Equal((0UL, 0UL, false),
            (exit.VirtualMemoryBytes, exit.MinorFaults, exit.LooksLikeLeaving)));
    }

    /// <summary>"hello", or one of the runtime's threads when that one ended last.</summary>
    private static bool IsDotnet(CommandName command)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        var text = Encoding.ASCII.GetString(name[..command.CopyTo(name)]);
        return text == "hello" || text.StartsWith(".NET ", StringComparison.Ordinal);
    }
}
