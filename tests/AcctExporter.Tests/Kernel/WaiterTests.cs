// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.InteropServices;
using AcctExporter.Kernel;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Kernel;

public class WaiterTests
{
    private const int WindowChanged = 28;

    [Fact]
    public void Wait_TimesOut_NotBeforeTime()
    {
        using var waiter = new Waiter();
        var clock = Stopwatch.StartNew();
        Assert.Equal(WaitResult.TimedOut, waiter.Wait(null, TimeSpan.FromMilliseconds(30)));
        Assert.InRange(clock.ElapsedMilliseconds, 30, 10_000);
        Assert.Equal(WaitResult.TimedOut, waiter.Wait(null, TimeSpan.Zero));
        Assert.Equal(WaitResult.TimedOut, waiter.Wait(null, TimeSpan.FromSeconds(-1.5)));
    }

    [Fact]
    public void Wait_IsWoken_OnceForAllWakeups()
    {
        using var waiter = new Waiter();
        waiter.Wake();
        waiter.Wake();
        Assert.Equal(WaitResult.Woken, waiter.Wait(null, Timeout.InfiniteTimeSpan));
        Assert.Equal(WaitResult.TimedOut, waiter.Wait(null, TimeSpan.Zero));
    }

    [Fact]
    public async Task Wait_IsWoken_FromAnotherThread()
    {
        using var waiter = new Waiter();
        var sleeper = Task.Run(() => waiter.Wait(null, TimeSpan.FromSeconds(30)));
        await Task.Delay(50);
        waiter.Wake();
        Assert.Equal(WaitResult.Woken, await sleeper);
    }

    [Fact]
    public void Wait_SeesFileEvents_UntilTheyAreDrained()
    {
        using var directory = new TemporaryDirectory();
        using var waiter = new Waiter();
        using var watch = new FileWatch();
        watch.Watch(directory.File("file"));
        Assert.Equal(WaitResult.TimedOut, waiter.Wait(watch, TimeSpan.Zero));
        File.AppendAllText(directory.Of("file"), "x");
        Assert.Equal(WaitResult.Events, waiter.Wait(watch, TimeSpan.FromSeconds(30)));
        waiter.Wake();
        Assert.Equal(WaitResult.Events | WaitResult.Woken, waiter.Wait(watch, TimeSpan.FromSeconds(30)));
        watch.Drain();
        Assert.Equal(WaitResult.TimedOut, waiter.Wait(watch, TimeSpan.Zero));
    }

    [Fact]
    public void Wake_DoesNothing_AfterTheEnd()
    {
        var waiter = new Waiter();
        waiter.Dispose();
        waiter.Wake();
    }

    /// <summary>poll(2) is never restarted after a signal: a handler somewhere else must not shorten a wait.</summary>
    [Fact]
    public void Wait_GoesOn_AfterASignal()
    {
        using var waiter = new Waiter();
        using var handler = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => { });
        var id = 0;
        var elapsed = TimeSpan.Zero;
        var result = WaitResult.Woken;
        var sleeper = new Thread(() =>
        {
            Volatile.Write(ref id, gettid());
            var clock = Stopwatch.StartNew();
            result = waiter.Wait(null, TimeSpan.FromMilliseconds(300));
            elapsed = clock.Elapsed;
        });
        sleeper.Start();
        do
        {
            Thread.Sleep(20);
            _ = tgkill(Environment.ProcessId, Volatile.Read(ref id), WindowChanged);
        }
        while (!sleeper.Join(0));

        Assert.Equal(WaitResult.TimedOut, result);
        Assert.InRange(elapsed.TotalMilliseconds, 300, 10_000);
    }

    [Fact]
    public void WaitDrainAndLease_AllocateNothing()
    {
        using var directory = new TemporaryDirectory();
        using var waiter = new Waiter();
        using var watch = new FileWatch();
        using var usage = new OwnUsage();
        using var file = File.OpenHandle(directory.File("file"), FileMode.Open, FileAccess.ReadWrite);
        using var reader = File.OpenHandle(directory.File("other"));
        var number = watch.Watch(directory.Of("file"));
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                RandomAccess.Write(file, "x"u8, 0);
                waiter.Wake();
                waiter.Wait(watch, TimeSpan.FromSeconds(1));
                watch.Drain();
                watch.Take(number);
                WriterLease.Test(reader);
                OwnUsage.ReadCpu(out _, out _);
                usage.TryReadMemory(out _, out _);
                FileIdentity.TryOfHandle(file, out _, out _);
                FreeSpace.TryRead(file, out _);
            }
        }));
    }

    [DllImport("libc")]
    private static extern int gettid();

    [DllImport("libc")]
    private static extern int tgkill(int process, int thread, int signal);
}
