// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class UserDatabaseTests
{
    [Fact]
    public void TryGetName_KnowsRoot_FromManyThreads() => Parallel.For(0, 200, _ =>
    {
        Span<byte> name = stackalloc byte[32];
        Assert.True(UserDatabase.TryGetName(0, name, out var length, out var errno));
        Assert.Equal(("root", 0), (Encoding.ASCII.GetString(name[..length]), errno));
        Assert.True(UserDatabase.TryGetGroupName(0, name, out length, out _));
        Assert.Equal("root", Encoding.ASCII.GetString(name[..length]));
    });

    [Fact]
    public void TryGetUid_KnowsRoot_AndNobodyElse()
    {
        Assert.True(UserDatabase.TryGetUid("root"u8, out var uid, out var errno));
        Assert.Equal((0u, 0), (uid, errno));
        Assert.True(UserDatabase.TryGetUid("nobody"u8, out uid, out _));
        Assert.Equal(65534u, uid);
        foreach (var name in (string[])["no-such-user", "", "root\0x", new string('x', 100_000)])
        {
            Assert.False(UserDatabase.TryGetUid(Encoding.UTF8.GetBytes(name), out _, out _));
        }
    }

    [Fact]
    public void TryGetName_TellsNobodyFromFailure()
    {
        Span<byte> name = stackalloc byte[32];
        Assert.False(UserDatabase.TryGetName(3_999_999_999, name, out var length, out var errno));
        Assert.Equal((0, 0), (length, errno));
        Assert.False(UserDatabase.TryGetGroupName(3_999_999_999, name, out _, out errno));
        Assert.Equal(0, errno);
        Assert.False(UserDatabase.TryGetName(0, name[..3], out length, out errno));
        Assert.Equal((0, Errno.ERANGE), (length, errno));
    }
}
