// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Logins;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Helm;

/// <summary>
/// Why the chart mounts the folder of a login file, and not the file: a mount is of what is there when it is made, and
/// logrotate makes another.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class MountedLoginTests : IDisposable
{
    private readonly FaultLab node = new();

    public MountedLoginTests()
    {
        Directory.CreateDirectory(node.Of("log"));
        Directory.CreateDirectory(node.Of("mounted"));
        File.WriteAllText(node.Of("log/wtmp"), "");
        File.WriteAllText(node.Of("mounted/wtmp"), "");
    }

    public void Dispose() => node.Dispose();

    [Fact]
    public void MountedFolder_IsFollowedOverARotation()
    {
        var agent = Container("mount --bind \"$0/log\" \"$0/mounted\" && mount -o remount,bind,ro \"$0/mounted\"");
        Rotate();
        agent.Until(() => Logins(agent, 2) == 1, "login in the new file");
        Assert.Equal(1, Logins(agent, 1));
        Assert.Equal(0, agent.Scrape().Sum("acct_exporter_login_gaps_total"));
    }

    /// <summary>Nothing tells the agent of it: no fault, no gap.</summary>
    [Fact]
    public void MountedFile_StaysTheOldOne()
    {
        var agent = Container("mount --bind \"$0/log/wtmp\" \"$0/mounted/wtmp\"");
        Rotate();
        Write("wtmp.1", line: 3);
        agent.Until(() => Logins(agent, 3) == 1, "login in the old file");
        Assert.Equal(0, Logins(agent, 2));
        Assert.Equal(0, agent.Scrape().Sum("acct_exporter_login_gaps_total"));
    }

    private AgentProcess Container(string mounts)
    {
        var agent = FaultLab.Ready(node.StartThrough(
            ["unshare", "--mount", "sh", "-c", mounts + " && exec \"$@\"", node.State],
            "--logins.source=wtmp", $"--logins.wtmp={node.Of("mounted/wtmp")}", $"--logins.btmp={node.Of("none")}"));
        Write("wtmp", line: 1);
        agent.Until(() => Logins(agent, 1) == 1, "first login");
        return agent;
    }

    private void Rotate()
    {
        File.Move(node.Of("log/wtmp"), node.Of("log/wtmp.1"));
        Write("wtmp", line: 2);
    }

    private void Write(string file, int line)
    {
        using var log = new FileStream(node.Of($"log/{file}"), FileMode.Append);
        log.Write(new LoginFile("2026-07-02").Login($"10:0{line}:00", "root", $"pts/{line}").Bytes);
    }

    private static double Logins(AgentProcess agent, int line) =>
        agent.Scrape()[$"acct_line_logins_total{{tty=\"pts/{line}\"}}"];
}
