// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AcctExporter.Service;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Service;

public sealed class ServiceManagerTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private ServicePulse pulse = new(false, TimeSpan.Zero, 0, "starting");

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ready_IsSaidOnce_WithTheState(bool isAbstract)
    {
        using var socket = Open(out var name, isAbstract);
        using var manager = Manager(name);
        manager.Watch(() => pulse);
        Assert.Equal("STATUS=0 exits counted, starting", socket.Await("STATUS="));
        Assert.Equal("EXTEND_TIMEOUT_USEC=30000000", socket.Await("EXTEND_"));
        pulse = new(true, TimeSpan.Zero, 5, "accounting active");
        socket.Await("READY=1");
        Assert.Equal(["READY=1", "STATUS=5 exits counted, accounting active"], WithoutRate(socket.Said)[^2..]);
        pulse = pulse with { State = "accounting not active" };
        socket.Await("STATUS=5 exits counted");
        SpinWait.SpinUntil(() => socket.Said.Count > 4, TimeSpan.FromSeconds(10));
        Assert.Single(socket.Said, "READY=1");
        Assert.EndsWith("accounting not active", socket.Said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Reload_IsBetweenReloadingAndReady()
    {
        using var socket = Open(out var name);
        using var manager = Manager(name);
        manager.Reloading();
        manager.Reloaded();
        Assert.Equal(["RELOADING=1"], socket.Said.Where(text => !text.StartsWith("MONO", StringComparison.Ordinal)));
        var microseconds = long.Parse(socket.Said[1].Split('=')[1], CultureInfo.InvariantCulture);
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(microseconds / 1e6, uptime - 5, uptime + 5);
        pulse = pulse with { Ready = true };
        manager.Watch(() => pulse);
        socket.Await("READY=1");
        manager.Reloading();
        manager.Reloaded();
        Assert.Equal(2, socket.Said.Count(text => text == "READY=1"));
        Assert.Equal("READY=1", socket.Said[^1]);
    }

    [Fact]
    public void Watchdog_IsFed_OnlyWhileTheThreadTurns()
    {
        using var socket = Open(out var name);
        using var manager = Manager(name, "400000");
        manager.Watch(() => pulse);
        SpinWait.SpinUntil(() => socket.Said.Count(text => text == "WATCHDOG=1") >= 4, TimeSpan.FromSeconds(10));
        Assert.True(socket.Said.Count(text => text == "WATCHDOG=1") >= 4);
        pulse = pulse with { SinceTurn = TimeSpan.FromSeconds(3) };
        Thread.Sleep(300);
        var fed = socket.Said.Count;
        Thread.Sleep(800);
        Assert.Equal(fed, socket.Said.Count);
        pulse = pulse with { SinceTurn = TimeSpan.Zero };
        SpinWait.SpinUntil(() => socket.Said.Count > fed, TimeSpan.FromSeconds(10));
        Assert.Equal("WATCHDOG=1", socket.Said[^1]);
    }

    [Theory]
    [InlineData("400000", "1")] // another process
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("x", null)]
    [InlineData("99999999999999999999", null)]
    public void Watchdog_OfOthers_OrNone_IsNotFed(string microseconds, string? pid)
    {
        using var socket = Open(out var name);
        using var manager = Manager(name, microseconds, pid);
        manager.Watch(() => pulse);
        socket.Await("STATUS=");
        Thread.Sleep(300);
        Assert.DoesNotContain("WATCHDOG=1", socket.Said);
    }

    [Fact]
    public void Stopping_IsSaid_AndTheTimeExtended()
    {
        using var socket = Open(out var name);
        using var manager = Manager(name);
        pulse = pulse with { Ready = true };
        manager.Watch(() => pulse);
        socket.Await("READY=1");
        Assert.DoesNotContain("EXTEND_TIMEOUT_USEC=30000000", socket.Said);
        manager.Stopping();
        socket.Await("EXTEND_TIMEOUT_USEC=30000000");
        Assert.Contains("STOPPING=1", socket.Said);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("@")]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    [InlineData("/nowhere/at/all")]
    [InlineData("@nobody-listens-here")]
    public void NoManager_IsNoFault(string? name)
    {
        using var manager = Manager(name, "100000");
        manager.Watch(() => pulse);
        Thread.Sleep(100);
        manager.Reloading();
        manager.Reloaded();
        manager.Stopping();
    }

    [Fact]
    public void TooLongAPath_IsNoFault() => NoManager_IsNoFault("/" + new string('x', 500));

    [Fact]
    public void ManagerThatReadsNothing_HoldsNobodyUp_AndIsToldReadyWhenItDoes()
    {
        using var socket = Open(out var name);
        using (var filler = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
            { Blocking = false })
        {
            filler.Connect(new UnixDomainSocketEndPoint(name));
            Action fill = () =>
            {
                while (true)
                {
                    filler.Send("FILL=1"u8);
                }
            };
            Assert.Throws<SocketException>(fill);
        }

        using var manager = Manager(name);
        pulse = pulse with { Ready = true };
        var clock = Stopwatch.StartNew();
        manager.Watch(() => pulse);
        manager.Reloading();
        manager.Stopping();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}");
        Thread.Sleep(100);
        Assert.DoesNotContain("READY=1", socket.Said);
    }

    [Fact]
    public void Ready_IsSaidAgain_WhenItWasNotTaken()
    {
        var name = directory.Of("late");
        using var manager = Manager(name);
        pulse = pulse with { Ready = true };
        manager.Watch(() => pulse);
        Thread.Sleep(100);
        using var socket = new NotifySocket(name);
        socket.Await("READY=1");
    }

    private static ServiceManager Manager(string? name, string? watchdog = null, string? pid = null) =>
        ServiceManager.Find(
            variable => variable switch
            {
                "NOTIFY_SOCKET" => name,
                "WATCHDOG_USEC" => watchdog,
                "WATCHDOG_PID" => pid,
                _ => null,
            },
            TimeProvider.System);

    private static string[] WithoutRate(IEnumerable<string> said) =>
        [.. said.Select(text => Regex.Replace(text, @", \d+/s", ""))];

    private NotifySocket Open(out string name, bool isAbstract = false)
    {
        name = isAbstract ? $"@acct-exporter-test-{Guid.NewGuid():N}" : directory.Of("notify");
        return new NotifySocket(name);
    }
}
