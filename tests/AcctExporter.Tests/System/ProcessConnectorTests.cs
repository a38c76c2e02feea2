// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>The real process connector, and control groups made for the test. In the initial namespaces.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class ProcessConnectorTests(ITestOutputHelper output)
{
    private const int Children = 50;

    /// <summary>
    /// What a shell in the group starts lives a millisecond, and is long gone when the first event of it is read.
    /// </summary>
    [Fact]
    public void ShortLivedChild_HasTheGroupOfItsParent()
    {
        using var group = new TestGroup();
        using var scopes = Started();
        using var shell = group.StartShell();
        scopes.Drain();
        var pids = shell.RunChildren(Children);
        Assert.Equal(Children, pids.Length);
        scopes.Drain();
        Assert.All(pids, pid => Assert.Equal(group.Unit, UnitOf(scopes, pid)));
        Assert.Equal(0UL, scopes.Status!.ExitsWithoutCgroup);
        Assert.Equal(0UL, scopes.Status.Drops);

        // Each record finds its process once.
        Assert.Equal("", UnitOf(scopes, pids[0]));
        Assert.Equal(1UL, scopes.Status.ExitsWithoutCgroup);
    }

    /// <summary>A rule may ask for what is no label: then it tells no pairs apart.</summary>
    [Fact]
    public void UnitForRules_IsNoLabel()
    {
        using var group = new TestGroup();
        using var scopes = new ProcessScopes(OptionalLabels.None, unitForRules: true, TimeProvider.System);
        Assert.True(scopes.TryStart(out var why), why);
        using var shell = group.StartShell();
        scopes.Drain();
        ProcessExit[] exits = [ExitOf(shell.Id)];
        using var ledger = new ExitLedger(new LedgerOptions(), uid => $"{uid}");
        scopes.SetContexts(exits, [], ledger);
        Assert.Equal(group.Unit, scopes.InputsOf(exits[0].Context).Unit);
        Assert.Equal(ExitContext.Empty, scopes.ContextOf(exits[0].Context));
    }

    /// <summary>The kernel drops events; then all processes are looked at, and children are known again.</summary>
    [Fact]
    public void Overflow_IsNoticed_AndTheTableFilledAnew()
    {
        using var group = new TestGroup();
        using var scopes = Started(receiveBufferBytes: 4096);
        using var shell = group.StartShell();
        scopes.Drain();
        shell.RunChildren(Children);
        scopes.Drain();
        Assert.Equal(1UL, scopes.Status!.Drops);
        var pids = shell.RunChildren(1);
        scopes.Drain();
        Assert.Equal(group.Unit, UnitOf(scopes, pids[0]));
        Assert.Equal(1UL, scopes.Status.Drops);
    }

    /// <summary>A record from before the table was filled is not given the group of another process.</summary>
    [Fact]
    public void ExitFromBeforeTheStart_HasNoGroup()
    {
        using var group = new TestGroup();
        using var shell = group.StartShell();
        using var scopes = Started();
        var exit = ExitOf(shell.Id);
        exit.BeginUnixSeconds -= 10;
        Assert.Equal("", UnitOf(scopes, exit));
        Assert.Equal(group.Unit, UnitOf(scopes, shell.Id));
    }

    /// <summary>Kernels from 6.6 on are asked to leave out what nobody reads.</summary>
    [Fact]
    public void Connector_IsFiltered_WhereTheKernelCan()
    {
        using var connector = ProcessConnector.TryOpen(1 << 20, out var fault);
        Assert.Equal(default, fault);
        var version = Environment.OSVersion.Version;
        Assert.Equal(version >= new Version(6, 6), connector!.IsFiltered);
        ShortChild.Run(out var child);
        Assert.Equal(DrainResult.Batch, connector.Receive().Result);
        Assert.Equal(child == 0, connector.Event(0).Process == 0);
    }

    /// <summary>What an event costs the capture thread is printed; what is held is that none allocates.</summary>
    [Fact]
    public void Drain_AllocatesNothing()
    {
        using var group = new TestGroup();
        using var scopes = Started();
        using var shell = group.StartShell();
        scopes.Drain();
        var exits = new ProcessExit[1];
        using var ledger = new ExitLedger(new LedgerOptions(), uid => $"{uid}");
        var spent = TimeSpan.Zero;
        var before = scopes.Status!.Events;
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var pids = shell.RunChildren(Children);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            scopes.Drain();
            spent += Stopwatch.GetElapsedTime(start);
            foreach (var pid in pids)
            {
                exits[0] = ExitOf(pid);
                scopes.SetContexts(exits, [], ledger);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        var events = scopes.Status.Events - before;
        output.WriteLine($"{events} events, {spent.TotalMicroseconds / events:F2} us each");
        Assert.Equal(0, least);
        Assert.InRange(events, 10 * 3UL * Children, ulong.MaxValue);
    }

    private static ProcessScopes Started(int receiveBufferBytes = ProcessScopes.StandardReceiveBuffer)
    {
        var scopes = new ProcessScopes(OptionalLabels.Unit, false, TimeProvider.System, receiveBufferBytes);
        Assert.True(scopes.TryStart(out var why), why);
        return scopes;
    }

    private static ProcessExit ExitOf(uint pid) => new()
    {
        Pid = pid, BeginUnixSeconds = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
    };

    private static string UnitOf(ProcessScopes scopes, uint pid) => UnitOf(scopes, ExitOf(pid));

    private static string UnitOf(ProcessScopes scopes, ProcessExit exit)
    {
        ProcessExit[] exits = [exit];
        using var ledger = new ExitLedger(new LedgerOptions(), uid => $"{uid}");
        scopes.SetContexts(exits, [], ledger);
        return scopes.ContextOf(exits[0].Context).Unit;
    }

    /// <summary>A group in the hierarchy that says most here; gone after the test.</summary>
    private sealed class TestGroup : IDisposable
    {
        private readonly string path;

        public TestGroup()
        {
            Unit = $"acct-test-{Environment.ProcessId}.service";
            string[] places = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup"];
            path = $"{places.First(place => File.Exists($"{place}/cgroup.procs"))}/{Unit}";
            Directory.CreateDirectory(path);
        }

        public string Unit { get; }

        /// <summary>A shell that is moved to the group between its fork and its exec, as service managers do.</summary>
        public Shell StartShell()
        {
            var shell = new Shell();
            File.WriteAllText($"{path}/cgroup.procs", shell.Id.ToString(CultureInfo.InvariantCulture));
            shell.Exec();
            return shell;
        }

        // A process that has just ended may be in it still.
        public void Dispose() => Assert.True(SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    Directory.Delete(path);
                    return true;
                }
                catch (IOException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(10)));
    }

    private sealed class Shell : IDisposable
    {
        private const string Script =
            "while read n; do while [ $n -gt 0 ]; do /bin/true & echo $!; wait; n=$((n-1)); done; echo; done";

        private readonly Process process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"read go; exec /bin/sh -c '{Script}'"])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true,
            })!;

        public uint Id => (uint)process.Id;

        public void Exec()
        {
            process.StandardInput.WriteLine("go");
            Assert.Empty(RunChildren(0));
        }

        /// <summary>Runs children one after the other; they have all ended when their pids are told.</summary>
        public uint[] RunChildren(int count)
        {
            process.StandardInput.WriteLine(count);
            var pids = new List<uint>();
            while (process.StandardOutput.ReadLine() is { Length: > 0 } line)
            {
                pids.Add(uint.Parse(line, CultureInfo.InvariantCulture));
            }

            return [.. pids];
        }

        public void Dispose()
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
