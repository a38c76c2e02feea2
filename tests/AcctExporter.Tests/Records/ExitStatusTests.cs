// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>Wait-status words and the names of signals.</summary>
public sealed class ExitStatusTests
{
    [Theory]
    [InlineData(0x0000U, 0, 0, false, false)]
    [InlineData(0x0100U, 1, 0, false, true)]
    [InlineData(0x0300U, 3, 0, false, true)]
    [InlineData(0x7c00U, 124, 0, false, true)] // timeout(1)
    [InlineData(0xff00U, 255, 0, false, true)]
    [InlineData(0x0009U, 0, 9, false, false)] // a death by signal is no failure of exit(2)
    [InlineData(0x000bU, 0, 11, false, false)] // a core that the limit forbade
    [InlineData(0x008bU, 0, 11, true, false)]
    [InlineData(0x0040U, 0, 64, false, false)] // SIGRTMAX
    [InlineData(0x007fU, 0, 127, false, false)]
    [InlineData(0x0080U, 0, 0, false, false)] // a core without a signal means nothing
    [InlineData(0x0109U, 0, 9, false, false)] // nor has a code a meaning with a signal
    [InlineData(0x00010000U, 0, 0, false, false)] // wait(2) has 16 bits
    [InlineData(0xffff0000U, 0, 0, false, false)]
    [InlineData(0xffffff00U, 255, 0, false, true)]
    public void Word_IsCodeOrSignal(uint raw, int code, int signal, bool core, bool failed)
    {
        var status = new ExitStatus(raw);
        Assert.Equal((code, signal, core, failed), (status.Code, status.Signal, status.DumpedCore, status.Failed));
    }

    [Fact]
    public void EveryWord_IsASuccessAFailureOrADeath_AndOnlyOne()
    {
        for (var raw = 0U; raw <= 0xffff; raw++)
        {
            var status = new ExitStatus(raw);
            Assert.Equal(status.Failed, status.Code != 0);
            Assert.True(status.Signal == 0 || status.Code == 0);
            Assert.True(!status.DumpedCore || status.Signal != 0);
        }
    }

    [Theory]
    [InlineData(1, "SIGHUP")]
    [InlineData(2, "SIGINT")]
    [InlineData(3, "SIGQUIT")]
    [InlineData(4, "SIGILL")]
    [InlineData(5, "SIGTRAP")]
    [InlineData(6, "SIGABRT")]
    [InlineData(7, "SIGBUS")]
    [InlineData(8, "SIGFPE")]
    [InlineData(9, "SIGKILL")]
    [InlineData(10, "SIGUSR1")]
    [InlineData(11, "SIGSEGV")]
    [InlineData(12, "SIGUSR2")]
    [InlineData(13, "SIGPIPE")]
    [InlineData(14, "SIGALRM")]
    [InlineData(15, "SIGTERM")]
    [InlineData(16, "SIGSTKFLT")]
    [InlineData(17, "SIGCHLD")]
    [InlineData(24, "SIGXCPU")]
    [InlineData(25, "SIGXFSZ")]
    [InlineData(29, "SIGIO")]
    [InlineData(30, "SIGPWR")]
    [InlineData(31, "SIGSYS")]
    [InlineData(32, "SIG32")] // the C library's own
    [InlineData(33, "SIG33")]
    [InlineData(34, "SIGRTMIN")]
    [InlineData(35, "SIGRTMIN+1")]
    [InlineData(64, "SIGRTMIN+30")] // SIGRTMAX
    [InlineData(65, "SIG65")]
    [InlineData(127, "SIG127")]
    public void Signal_HasTheNameOfTheManPage(int signal, string name) => Assert.Equal(name, SignalName.Of(signal));

    [Fact]
    public void Signals_AllHaveDifferentNames() =>
        Assert.Equal(127, Enumerable.Range(1, SignalName.Count - 1).Select(SignalName.Of).Distinct().Count());

    [Fact]
    public void UsuallyFatal_AreNamedSignals_InOrder()
    {
        Assert.Equal(SignalName.UsuallyFatal.Order().Distinct(), SignalName.UsuallyFatal);
        Assert.All(SignalName.UsuallyFatal, signal => Assert.Matches("^SIG[A-Z]+$", SignalName.Of(signal)));
    }

    [Fact]
    public void RejectReasons_AreAllStatusesButTheTwoThatRejectNothing_EachWithItsOwnLabel()
    {
        var rejecting = Enum.GetValues<DecodeStatus>().Except([DecodeStatus.Ok, DecodeStatus.NeedMoreData]);
        Assert.Equal(rejecting, RejectReason.All);
        Assert.Equal(RejectReason.All.Length, RejectReason.All.Select(RejectReason.Label).Distinct().Count());
        Assert.Equal(RejectReason.Count, Enum.GetValues<DecodeStatus>().Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => RejectReason.Label(DecodeStatus.Ok));
        Assert.Throws<ArgumentOutOfRangeException>(() => RejectReason.Label(DecodeStatus.NeedMoreData));
    }
}
