// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>The clean Debian that other tests install in: whole, alone, and gone afterwards.</summary>
[Trait("Lane", "peers")]
[Collection(KernelCollection.Name)]
public sealed class CleanDebianTests
{
    [Fact]
    public void ItIsADebianOfItsOwn_AndGoneAfterwards()
    {
        string folder;
        int first;
        using (var debian = new CleanDebian())
        {
            first = debian.FirstPid;
            var who = debian.Run("sh", "-c", "id -u; hostname; echo $$; echo to > /tmp/file; echo bad >&2; exit 7");
            Assert.Equal(7, who.Code);
            Assert.Equal("bad\n", who.Errors);
            Assert.StartsWith("0\nclean-debian\n", who.Output, StringComparison.Ordinal);
            // A pid of its own numbering, which begins anew.
            Assert.InRange(int.Parse(who.Output.Split('\n')[2]), 2, 1000);
            Assert.Equal("to\n", File.ReadAllText(debian.PathOf("/tmp/file")));
            Assert.False(Directory.Exists(debian.PathOf("/.host")));
            Assert.NotEqual("clean-debian", Environment.MachineName);

            // Nothing of it is mounted where the host sees it.
            Assert.DoesNotContain("clean-debian", File.ReadAllText("/proc/mounts"), StringComparison.Ordinal);
            folder = Assert.Single(
                Directory.GetDirectories(Path.GetTempPath(), "clean-debian*"),
                root => File.Exists(Path.Combine(root, "tmp/file")));

            // Whoever loses its parent is waited for: no dead process stays.
            debian.Shell("(sh -c 'sleep 0.1' &); sleep 0.5");
            Assert.DoesNotContain("State:\tZ", debian.Shell("cat /proc/[0-9]*/status"), StringComparison.Ordinal);

            using var sleeper = debian.Start("sleep", "infinity");
            Assert.Equal(128 + 15, CleanDebian.Stop(sleeper));
            // Left running: it ends with the rest.
            debian.Start("sleep", "infinity").Dispose();
        }

        Assert.False(Directory.Exists(folder));
        Assert.False(Directory.Exists($"/proc/{first}"));
    }

    [Fact]
    public void ItBootsWithSystemd_AndChangesNoSettingOfTheHost()
    {
        string[] settings = ["net/unix/max_dgram_qlen", "fs/file-max", "kernel/core_pattern", "kernel/pid_max"];
        var before = settings.Select(name => File.ReadAllText("/proc/sys/" + name)).ToArray();
        var groups = new DirectoryInfo("/sys/fs/cgroup")
            .EnumerateDirectories("clean-debian-*", SearchOption.AllDirectories);
        using (var debian = new CleanDebian())
        {
            debian.Boot();
            Assert.Equal("systemd\n", debian.Shell("cat /proc/1/comm"));
            debian.Install("cron");
            Assert.Equal("active\n", debian.Shell("systemctl is-active cron"));
            Assert.NotEqual(0, debian.Run("sh", "-c", "echo 1000 > /proc/sys/kernel/pid_max").Code);
            Assert.NotEmpty(groups);
        }

        Assert.Empty(groups);
        Assert.Equal(before, settings.Select(name => File.ReadAllText("/proc/sys/" + name)));
    }

    [Fact]
    public void PackagesOfTheArchiveCanBeInstalled_AndAccountingIsPrivate()
    {
        using var debian = new CleanDebian();
        debian.Install("acct");
        debian.Shell(
            "touch /var/log/own; accton /var/log/own > /dev/null; /bin/true; /bin/true; accton off > /dev/null");
        // accton, and the two; the shell still lives. Each is a record of 64 bytes; the last accton's caller is one.
        Assert.InRange(new FileInfo(debian.PathOf("/var/log/own")).Length, 3 * 64, 5 * 64);
        Assert.False(File.Exists("/var/log/own"));
        // The package's service was not started.
        Assert.Equal(0, new FileInfo(debian.PathOf("/var/log/account/pacct")).Length);
    }
}
