// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class OwnUsageTests
{
    [Fact]
    public void Usage_AgreesWithTheRuntime()
    {
        using var usage = new OwnUsage();
        using var self = Process.GetCurrentProcess();
        var started = new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        Assert.InRange(usage.StartUnixSeconds, started - 2, started + 2);

        OwnUsage.ReadCpu(out var user, out var system);
        self.Refresh();
        Assert.InRange(self.UserProcessorTime.TotalMicroseconds - user, -20_000, 2_000_000);
        Assert.InRange(self.PrivilegedProcessorTime.TotalMicroseconds - system, -20_000, 2_000_000);

        Assert.True(usage.TryReadMemory(out var resident, out var virtualBytes));
        Assert.InRange(resident, self.WorkingSet64 / 2, self.WorkingSet64 * 2);
        Assert.InRange(virtualBytes, self.VirtualMemorySize64 / 2, self.VirtualMemorySize64 * 2);
    }

    [Fact]
    public void OpenFiles_AreCounted_WithoutTheCounting()
    {
        // Other tests open files meanwhile: this bounds it, and the exact number is seen in a process alone.
        Assert.InRange(OwnUsage.CountOpenFiles(), 3, 5000);
        Assert.True(OwnUsage.OpenFilesMax() >= OwnUsage.CountOpenFiles());
    }

    [Fact]
    public void Start_IsReadBehindAnyName()
    {
        const string stat = "77 (a) b (c) S 1 77 77 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 1 2 3\n";
        Assert.Equal(1_123.45, OwnUsage.ReadStart(stat, ["cpu 1 2", "btime 1000", "processes 5"], 100), 6);
        Assert.Throws<IOException>(() => OwnUsage.ReadStart(stat, ["cpu 1 2"], 100));
    }
}
