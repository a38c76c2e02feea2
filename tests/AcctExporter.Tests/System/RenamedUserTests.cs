// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Users and groups whose names are shared, changed, handed on, deleted or hostile, in an /etc/passwd of the test's
/// own. A name is kept for ten minutes, so an agent that shall see a new one is started anew, as it may be in life.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class RenamedUserTests : IDisposable
{
    private readonly NameLab names = new("files");
    private int ended;

    public void Dispose() => names.Dispose();

    [Fact]
    public void NumbersOfOneName_ShareAPair()
    {
        names.Users(NameLab.Root + NameLab.User(1001, "twin") + NameLab.User(1002, "twin"));
        names.Groups("root:x:0:\nstaff:x:50:\nstaff:x:51:\n");
        var agent = names.Serve("--labels=user,command,group");
        End((1001, 50, "sh", 2), (1002, 51, "sh", 3), (1002, 50, "sh", 1), (1002, 51, "ls", 1));
        Expect(agent, "twin:staff/ls=1 twin:staff/sh=6");
        Restart(ref agent, "--labels=user,command,group");
        End((1002, 50, "sh", 1), (1001, 51, "ls", 1), (1001, 51, "cat", 1));
        Expect(agent, "twin:staff/cat=1 twin:staff/ls=2 twin:staff/sh=7");
    }

    /// <summary>A number is a label of its user alone, whatever others are called.</summary>
    [Fact]
    public void NameLikeANumber_IsNotThatNumber()
    {
        names.Users(NameLab.Root + NameLab.User(1002, "1001") + NameLab.User(1003, "other")
            + NameLab.User(1004, "1001x") + NameLab.User(1005, @"\x6fther"));
        var agent = names.Serve();
        End((1001, "sh", 1), (1002, "sh", 2), (1003, "sh", 4), (1004, "sh", 8), (1005, "sh", 16));
        Expect(agent, @"1001/sh=1 1001x/sh=8 1002/sh=2 \x5cx6fther/sh=16 \x6fther/sh=4");
    }

    [Fact]
    public void HostileUserName_IsOneSeries()
    {
        byte[] hostile = [.. "a\",user=\"root"u8, 0xff, (byte)'\\', .. "xff\t"u8, .. Encoding.UTF8.GetBytes("\u202e")];
        File.WriteAllBytes(names.Lab.Of("passwd"),
            [.. Encoding.UTF8.GetBytes(NameLab.Root), .. hostile, .. ":x:1001:1001::/:/bin/sh\n"u8]);
        var agent = names.Serve();
        End((1001, "sh", 3), (0, "sh", 1));
        NameLab.TimeToCount(agent, ended);
        var user = Assert.Single(NameLab.UserPairs(agent).Split("/sh=3", StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(@"a"",user=""root\xff\x5cxff\x09\xe2\x80\xae", user);
        Assert.Equal(Convert.ToHexStringLower(hostile), StormTruth.NameHexOf(user));
    }

    [Fact]
    public void RenamedUser_KeepsTheSeries_WhileOneLives()
    {
        names.Users(NameLab.Root + NameLab.User(1001, "maiden") + NameLab.User(1002, "leaver"));
        var agent = names.Serve();
        End((1001, "sh", 2), (1002, "sh", 1));
        Expect(agent, "leaver/sh=1 maiden/sh=2");

        // In mid-flight; the second one is deleted.
        names.Users(NameLab.Root + NameLab.User(1001, "married"));
        End((1001, "sh", 1), (1001, "ls", 1), (1002, "sh", 1));
        Expect(agent, "leaver/sh=2 maiden/ls=1 maiden/sh=3");

        Restart(ref agent);
        End((1001, "sh", 1), (1001, "cat", 1), (1002, "cat", 1));
        Expect(agent, "leaver/cat=1 leaver/sh=2 maiden/cat=1 maiden/ls=1 maiden/sh=4");
    }

    /// <summary>
    /// The old bearer's series go on under the old name; the new bearer must not count into them, and has the number.
    /// </summary>
    [Fact]
    public void NameThatAnotherUserTakesOver_DoesNotMixTheTwo()
    {
        names.Users(NameLab.Root + NameLab.User(1001, "x"));
        names.Groups("root:x:0:\nstaff:x:50:\n");
        var agent = names.Serve("--labels=user,command,group");
        End((1001, 50, "sh", 2));
        Expect(agent, "x:staff/sh=2");

        // Two answers within a second are taken for those of one time.
        Thread.Sleep(1100);
        names.Users(NameLab.Root + NameLab.User(1001, "y") + NameLab.User(1002, "x"));
        names.Groups("root:x:0:\ncrew:x:50:\nstaff:x:51:\n");
        End((1002, 51, "sh", 5), (1001, 50, "sh", 1));
        Expect(agent, "1002:51/sh=5 x:staff/sh=3");

        Restart(ref agent, "--labels=user,command,group");
        End((1002, 51, "ls", 1), (1001, 50, "ls", 1));
        Expect(agent, "1002:51/ls=1 1002:51/sh=5 x:staff/ls=1 x:staff/sh=3");
    }

    /// <summary>A user who got another number is the same user: nobody else is called so.</summary>
    [Fact]
    public void NameWithAnotherNumber_GoesOnCounting()
    {
        names.Users(NameLab.Root + NameLab.User(1001, "x"));
        var agent = names.Serve();
        End((1001, "sh", 2));
        Expect(agent, "x/sh=2");
        names.Users(NameLab.Root + NameLab.User(1002, "x"));
        Restart(ref agent);
        End((1002, "sh", 5), (1001, "sh", 1), (1002, "ls", 1));
        Expect(agent, "x/ls=1 x/sh=8");
    }

    private void End(params (uint Id, string Command, int Count)[] processes) => ended += names.End(processes);

    private void End(params (uint Uid, uint Gid, string Command, int Count)[] processes) => ended += names.End(
        [.. processes.Select(one => (one.Uid, one.Gid, Encoding.UTF8.GetBytes(one.Command), one.Count))]);

    private void Expect(AgentProcess agent, string pairs)
    {
        NameLab.TimeToCount(agent, ended);
        Assert.Equal(pairs, NameLab.UserPairs(agent));
    }

    private void Restart(ref AgentProcess agent, params string[] flags)
    {
        Assert.Equal(0, agent.Stop());
        agent = names.Serve(flags);
        // The agent's own end.
        ended++;
    }
}
