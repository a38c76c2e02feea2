// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

/// <summary>Over a made-up /proc and /dev; the users are the host's.</summary>
public sealed class LiveLoginsTests : IDisposable
{
    private const long Now = 1_800_000_000;

    private readonly TemporaryDirectory folder = new();

    public LiveLoginsTests()
    {
        // Up for 1000.5 s: since 1,799,998,999.5.
        folder.File("uptime", "1000.50 2000.00\n");
        Directory.CreateDirectory(folder.Of("7"));
        folder.File("7/loginuid", "0");
        Directory.CreateDirectory(folder.Of("8"));
        folder.File("8/loginuid", "4294967295");
        folder.File("tty1");
    }

    [Theory]
    [InlineData("root", 7, "nowhere", 0, true)]
    [InlineData("daemon", 7, "tty1", 0, false)]
    [InlineData("root", 8, "tty1", 0, false)]
    [InlineData("no-such-user", 7, "tty1", 0, false)]
    [InlineData("root", 9, "nowhere", 0, false)]
    [InlineData("root", 7, "nowhere", -1001, true)]
    [InlineData("root", 7, "nowhere", -1002, false)]
    public void ALogin_IsLive_WhenItsProcessIsTheUsers(string user, int pid, string line, long ago, bool live) =>
        Assert.Equal(live, Ask(user, pid, line, Now + ago));

    /// <summary>Without a process of that number the terminal's owner tells: here, who runs the tests.</summary>
    [Fact]
    public void ALogin_IsLive_WhenItsTerminalIsTheUsers()
    {
        Span<byte> name = stackalloc byte[64];
        Assert.True(UserDatabase.TryGetName(OwnUser(), name, out var length, out _));
        var user = Encoding.UTF8.GetString(name[..length]);
        Assert.True(Ask(user, 9, "tty1", Now));
        Assert.False(Ask(user == "daemon" ? "bin" : "daemon", 9, "tty1", Now));
    }

    [Fact]
    public void TryGetUid_IsTheOtherWayRound()
    {
        Assert.True(UserDatabase.TryGetUid("root"u8, out var uid, out _));
        Assert.Equal(0u, uid);
        Assert.False(UserDatabase.TryGetUid("no-such-user"u8, out _, out var errno));
        Assert.Equal(0, errno);
    }

    public void Dispose() => folder.Dispose();

    private static uint OwnUser() => uint.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal))
            .Split('\t')[2]);

    private bool Ask(string user, int pid, string line, long seconds) =>
        new LiveLogins(Now, folder.Path, folder.Path)
            .IsLive(Encoding.ASCII.GetBytes(user), pid, Encoding.ASCII.GetBytes(line), seconds);
}
