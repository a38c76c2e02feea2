// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.RealSystem;

/// <summary>Starts that must not be, and what becomes of accounting when an agent ends.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class StartAndStopTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void SecondAgent_OnTheSameStorage_IsRefused()
    {
        var first = lab.Serve();
        var second = lab.Start();
        Assert.Equal(1, second.WaitForEnd());
        Assert.Contains($"works in {lab.Of("storage")}: end it, or give this one a directory of its own", second.Log);
        // The second agent is an exit as any other.
        lab.Exit(3);
        first.HasCounted(4);
        Assert.Equal(0, first.Gaps());
    }

    [Fact]
    public void SecondAgent_OnTheSameSegments_IsRefused()
    {
        var first = lab.Serve();
        var second = lab.Start($"--storage.path={lab.Of("other")}");
        Assert.Equal(1, second.WaitForEnd());
        Assert.Contains($"has accounting on in {lab.Of("segments")}: end it first", second.Log);
        lab.Exit(3);
        first.HasCounted(4);
        Assert.Equal(0, first.Gaps());
    }

    /// <summary>Told to end before it listens: it starts, and ends in its order.</summary>
    [Fact]
    public void SigTerm_WhileItStarts_IsAnEndAsAnyOther()
    {
        for (var i = 0; i < 5; i++)
        {
            var agent = lab.Start("--accounting.on-exit=off");
            agent.Until(() => agent.Log.Contains("capabilities from now on", StringComparison.Ordinal), "begun");
            Assert.Equal(0, agent.Stop());
            Assert.DoesNotContain("Unhandled", agent.Log, StringComparison.Ordinal);
            AssertOff();
        }
    }

    /// <summary>Messages that cannot be written are no fault.</summary>
    [Theory]
    [InlineData("2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public void WithoutStandardDescriptors_ItCounts(string closed)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var agent = lab.StartThrough(
            ["sh", "-c", $"exec \"$@\" {closed}", "sh"], $"--web.listen-address=127.0.0.1:{port}");
        agent.Until(() => Answers(port), "answers");
        Assert.Equal(0, agent.Stop());
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [Theory]
    [InlineData("off")]
    [InlineData("keep")]
    public void PortInUse_IsSaid_AndAccountingOffAgain(string onExit)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var agent = lab.Start($"--web.listen-address=127.0.0.1:{port}", $"--accounting.on-exit={onExit}");
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains("choose another port with --web.listen-address", agent.Log);
        AssertOff();
    }

    [Fact]
    public void PortInUse_LeavesAccountingOn_WhenItWasOn()
    {
        var first = lab.Serve();
        lab.Exit(30);
        first.HasCounted(30);
        first.Kill();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Equal(1, lab.Start($"--web.listen-address=127.0.0.1:{port}").WaitForEnd());
        lab.Exit(30);
        var agent = lab.Serve();
        // The killed agent and the one that could not listen are two of them.
        agent.HasCounted(62);
        Assert.Equal(0, agent.Gaps());
    }

    [Fact]
    public void AddressOfAnotherHost_IsSaid_AndAccountingOffAgain()
    {
        var agent = lab.Start("--web.listen-address=192.0.2.1:9810");
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains("cannot listen on", agent.Log);
        Assert.Contains("--web.listen-address", agent.Log);
        Assert.DoesNotContain("   at ", agent.Log);
        AssertOff();
    }

    [Fact]
    public void Keep_CountsWhatEndsMeanwhile()
    {
        var first = lab.Serve("--accounting.on-exit=keep");
        lab.Exit(30);
        Assert.Equal(0, first.Stop());
        lab.Exit(40);
        var agent = lab.Serve();
        // The first agent is one of them.
        agent.HasCounted(71);
        Assert.Equal(0, agent.Gaps());
    }

    [Fact]
    public void Off_LeavesAccountingOff()
    {
        var first = lab.Serve("--accounting.on-exit=off");
        lab.Exit(30);
        var segment = lab.Segments()[^1];
        using var file = File.OpenHandle(segment);
        Assert.Equal(WriterState.Writing, WriterLease.Test(file));
        Assert.Equal(0, first.Stop());
        Assert.Contains("accounting is off again", first.Log);
        Assert.Equal(WriterState.NotWriting, WriterLease.Test(file));
        var length = RandomAccess.GetLength(file);
        lab.Exit(5);
        Assert.Equal(length, RandomAccess.GetLength(file));
        Assert.Empty(lab.Segments());

        var agent = lab.Serve();
        agent.HasCounted(30);
        Assert.Equal(0, agent.Gaps());
    }

    private void AssertOff()
    {
        var before = Bytes();
        lab.Exit(3);
        Assert.Equal(before, Bytes());

        long Bytes() => lab.Segments().Sum(file => new FileInfo(file).Length);
    }

    [Fact]
    public void SecondAgent_WithDirectoriesOfItsOwn_TakesNothingFromTheFirst()
    {
        const string standard = AcctExporter.Capture.CaptureOptions.StandardAccountingPath;
        using var inside = new AccountingNamespace();
        using var first = new Kernel.TemporaryDirectory();
        using var second = new Kernel.TemporaryDirectory();
        // The namespace's own: nothing of the host's is seen or touched.
        inside.Run("mount", "-t", "tmpfs", "none", "/run");
        using var agent = new AgentProcess(inside, first.Path, null, $"--accounting.path={standard}");
        agent.WaitUntilReady();
        using var other = new AgentProcess(inside, second.Path, null);
        Assert.Equal(1, other.WaitForEnd());
        Assert.Contains($"another agent has accounting on, to {standard}/pacct-", other.Log);
        Assert.Contains("--accounting.take-over", other.Log);
        Assert.Equal(0, agent.Scrape()["acct_exporter_accounting_taken_total"]);
    }
}
