// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Records;

namespace AcctExporter.Tests.Capture;

public sealed class DelayCheckTests
{
    private readonly DelayCheck check = new();

    /// <summary>
    /// What Linux 6.18.44 said of <c>dd conv=fsync</c> and <c>oflag=direct</c>: the first three are true.
    /// </summary>
    [Theory]
    [InlineData(4_937, 2_038_591, 345_105, 2_543_752, true)] // 10 µs of its life left
    [InlineData(3_728, 1_805_579, 1_365_751, 542_775, true)]
    [InlineData(2_441, 1_666_525, 197_578, 556_586, true)]
    [InlineData(4_069, 1_221_241, 888_085, 73_474_509_721_838, false)] // the uptime, once
    [InlineData(6_494, 1_039_989, 4_021_899, 220_424_504_017_830, false)] // three times
    [InlineData(11_312, 1_468_283, 7_892_179, 13_528_378, false)] // from an earlier wait on
    [InlineData(12_950, 1_620_493, 10_197_630, 11_161_400, false)] // likewise, and shorter than its life
    [InlineData(53_586, 1_720_240, 50_252_919, 33_121_154, false)]
    public void TakeOut_KeepsWhatAThreadCanHaveSlept(
        ulong lifeMicroseconds, ulong run, ulong cpuDelay, ulong blockIo, bool isTrue)
    {
        var thread = Thread(lifeMicroseconds, run);
        thread.DelayNanoseconds[(int)DelayReason.Cpu] = cpuDelay;
        thread.DelayNanoseconds[(int)DelayReason.BlockIo] = blockIo;
        check.TakeOut(ref thread);
        Assert.Equal(cpuDelay, thread.DelayNanoseconds[(int)DelayReason.Cpu]);
        Assert.Equal(isTrue ? blockIo : 0, thread.DelayNanoseconds[(int)DelayReason.BlockIo]);
        Assert.Equal(isTrue ? 0 : 1 << (int)DelayReason.BlockIo, thread.UnknownDelays);
        Assert.Equal(isTrue ? 0UL : 1, check.Rejected[(int)DelayReason.BlockIo]);
    }

    /// <summary>The margin is 100 µs and a 1,024th of the life: 100.1 ms of 100, and 1 s of 17 minutes.</summary>
    [Theory]
    [InlineData(0, 100_000)]
    [InlineData(100_000, 100_000_000 + 97_656 + 100_000)]
    [InlineData(1_024_000_000, 1_024_000_000_000 + 1_000_000_000 + 100_000)]
    [InlineData(ulong.MaxValue, 9_232_379_236_109_615_991)]
    public void TakeOut_KnowsNoDelayLongerThanTheLife_WhateverTheReason(ulong lifeMicroseconds, ulong most)
    {
        for (var reason = 0; reason < DelayFigures.Count; reason++)
        {
            var thread = Thread(lifeMicroseconds, run: 0);
            thread.DelayNanoseconds[reason] = most;
            check.TakeOut(ref thread);
            Assert.Equal((most, (byte)0), (thread.DelayNanoseconds[reason], thread.UnknownDelays));
            thread.DelayNanoseconds[reason] = most + 1;
            check.TakeOut(ref thread);
            Assert.Equal((0UL, (byte)(1 << reason)), (thread.DelayNanoseconds[reason], thread.UnknownDelays));
            Assert.Equal(1UL, check.Rejected[reason]);
        }
    }

    /// <summary>A false wait for a CPU says nothing of the sleep.</summary>
    [Fact]
    public void TakeOut_JudgesEachReasonByWhatIsLeft()
    {
        var thread = Thread(10_000, run: 1_000_000);
        thread.DelayNanoseconds[(int)DelayReason.Cpu] = ulong.MaxValue;
        thread.DelayNanoseconds[(int)DelayReason.BlockIo] = 9_000_000;
        thread.DelayNanoseconds[(int)DelayReason.Reclaim] = 10_000_000;
        check.TakeOut(ref thread);
        Assert.Equal(1 << (int)DelayReason.Cpu, thread.UnknownDelays);
        Assert.Equal((0UL, 9_000_000UL, 10_000_000UL), (
            thread.DelayNanoseconds[0], thread.DelayNanoseconds[1], thread.DelayNanoseconds[3]));
    }

    /// <summary>Kernels before 4.16 ended a wait for block I/O when the thread ran again.</summary>
    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void TakeOut_LetsOldKernelsCountTheWaitForACpuTwice(ushort version, bool isTrue)
    {
        var thread = Thread(10_000, run: 1_000_000) with { Version = version };
        thread.DelayNanoseconds[(int)DelayReason.Cpu] = 5_000_000;
        thread.DelayNanoseconds[(int)DelayReason.BlockIo] = 8_000_000;
        check.TakeOut(ref thread);
        Assert.Equal(isTrue, thread.UnknownDelays == 0);
    }

    private static ThreadExit Thread(ulong lifeMicroseconds, ulong run) =>
        new() { Version = 16, Runs = 20, ElapsedMicroseconds = lifeMicroseconds, RunNanoseconds = run };
}
