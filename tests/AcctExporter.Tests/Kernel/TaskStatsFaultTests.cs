// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class TaskStatsFaultTests
{
    [Fact]
    public void Errnos_MeanWhatIsInTheWay()
    {
        Assert.Equal(TaskStatsObstacle.NoNetlink, TaskStatsFault.OfOpening(Errno.EAFNOSUPPORT).Obstacle);
        Assert.Equal(TaskStatsObstacle.NoNetlink, TaskStatsFault.OfOpening(Errno.EPROTONOSUPPORT).Obstacle);
        Assert.Equal(TaskStatsObstacle.Other, TaskStatsFault.OfOpening(Errno.EMFILE).Obstacle);
        Assert.Equal(TaskStatsObstacle.NoTaskStats, TaskStatsFault.OfFinding(Errno.ENOENT).Obstacle);
        Assert.Equal(TaskStatsObstacle.Other, TaskStatsFault.OfFinding(Errno.ENOBUFS).Obstacle);
        Assert.Equal(TaskStatsObstacle.NotPermitted, TaskStatsFault.OfRegistering(Errno.EPERM).Obstacle);
        Assert.Equal(TaskStatsObstacle.OtherPidNamespace, TaskStatsFault.OfRegistering(Errno.EINVAL).Obstacle);
        Assert.Equal(TaskStatsObstacle.Other, TaskStatsFault.OfRegistering(Errno.ERANGE).Obstacle);
    }

    [Theory]
    [InlineData((int)TaskStatsObstacle.NoNetlink, Errno.EAFNOSUPPORT, "RestrictAddressFamilies=")]
    [InlineData((int)TaskStatsObstacle.NoTaskStats, Errno.ENOENT, "CONFIG_TASKSTATS")]
    [InlineData((int)TaskStatsObstacle.NotPermitted, Errno.EPERM, "CAP_NET_ADMIN")]
    [InlineData((int)TaskStatsObstacle.OtherPidNamespace, Errno.EINVAL, "hostPID")]
    [InlineData((int)TaskStatsObstacle.OtherNetworkNamespace, 0, "hostNetwork")]
    [InlineData((int)TaskStatsObstacle.NoCpuList, Errno.ENOENT, "mount -t sysfs")]
    [InlineData((int)TaskStatsObstacle.Other, Errno.ENOBUFS, "report it")]
    public void Message_NamesTheErrorAndTheWayOut(int obstacle, int errno, string wayOut)
    {
        var message = new TaskStatsFault((TaskStatsObstacle)obstacle, errno).Message;
        Assert.StartsWith("no exits from taskstats: ", message);
        Assert.Contains(wayOut, message);
        Assert.Equal(errno != 0, message.Contains($"({Errno.NameOf(errno)})"));
    }

    [Fact]
    public void NoFault_HasNoMessage() => Assert.Equal("", default(TaskStatsFault).Message);
}
