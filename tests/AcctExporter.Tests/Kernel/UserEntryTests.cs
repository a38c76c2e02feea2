// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class UserEntryTests
{
    [Theory]
    [InlineData("alice:x:1001:100:Alice:/home/alice:/bin/sh", "1001 alice /home/alice")]
    [InlineData("alice:x:4294967294:100:::", "4294967294 alice ")]
    [InlineData("alice:x:1001:", "1001 alice ")] // as short as fgetpwent(3) takes it
    [InlineData("alice:x:1001", null)]
    [InlineData("alice:x:4294967296:1::/h:", null)]
    [InlineData("alice:x:-1:1::/h:", null)]
    [InlineData("alice:x:1x:1::/h:", null)]
    [InlineData("+alice:x:1:1::/h:", null)] // of another service (nsswitch.conf(5), compat)
    [InlineData("#alice:x:1:1::/h:", null)]
    [InlineData(":x:1:1::/h:", null)]
    [InlineData("a:b:1:2:3:4:5:6:7:8", null)]
    [InlineData("", null)]
    public void Parse_TakesALineApart(string line, string? expected)
    {
        var user = UserEntry.Parse(Encoding.UTF8.GetBytes(line));
        Assert.Equal(expected, user is null ? null
            : $"{user.Uid} {Encoding.UTF8.GetString(user.Name)} {Encoding.UTF8.GetString(user.Home)}");
    }

    [Fact]
    public void OfHost_IsTheSystemsDatabase_FromManyThreads() => Parallel.For(0, 20, _ =>
        Assert.Contains(UserEntry.OfHost(), user => user.Uid == 0 && user.Home.AsSpan().SequenceEqual("/root"u8)));

    [Fact]
    public void OfFile_ReadsAllOfIt()
    {
        using var folder = new TemporaryDirectory();
        var lines = Enumerable.Range(0, 3000).Select(uid => $"user{uid}:x:{uid}:1::/home/{uid}:/bin/sh");
        Assert.Equal(3000, UserEntry.OfFile(folder.File("users", string.Join('\n', lines))).Count);
        Assert.ThrowsAny<IOException>(() => UserEntry.OfFile(folder.Of("none")));
    }
}
