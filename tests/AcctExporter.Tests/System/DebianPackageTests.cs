// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace AcctExporter.Tests.RealSystem;

/// <summary>The Debian package in a clean Debian with a real systemd: installed, upgraded, removed, purged.</summary>
[Trait("Lane", "peers")]
[Collection(KernelCollection.Name)]
public sealed class DebianPackageTests(DebianPackage package) : IClassFixture<DebianPackage>, IDisposable
{
    private const string Deb = "/srv/acct-exporter.deb";
    private const string NextDeb = "/srv/acct-exporter-next.deb";
    private const string Rights = "-all,+sys_pacct,+sys_ptrace,+net_admin";
    private const string Segments = "/run/acct-exporter";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly Lazy<CleanDebian> clean = new(() => new CleanDebian());
    private readonly int port = PeerServer.FreePort();

    private string Address => $"127.0.0.1:{port}";

    private CleanDebian Debian => clean.Value;

    public void Dispose()
    {
        if (clean.IsValueCreated)
        {
            Debian.Dispose();
        }
    }

    /// <summary>Whoever makes it of the same program and commit can see that it is the one that others have.</summary>
    [Fact]
    public void MadeAgain_ItIsTheSame_ByteByByte() =>
        Assert.True(File.ReadAllBytes(package.First).AsSpan().SequenceEqual(File.ReadAllBytes(package.MakeAgain())));

    [Fact]
    public void Service_IsInstalled_Upgraded_Removed_AndPurgedWithoutATrace()
    {
        Prepare();
        Debian.Boot();
        var before = Files();
        Debian.Install(Deb);

        // It runs, as its user, with nothing left to configure.
        Assert.Equal(
            "active\nenabled\n",
            Debian.Shell("systemctl is-active acct-exporter; systemctl is-enabled acct-exporter"));
        var pid = Pid();
        Assert.Equal("acct-exporter\n", Debian.Shell($"stat -c %U /proc/{pid}"));
        using (var page = Client.Send(new HttpRequestMessage(HttpMethod.Get, $"http://{Address}/")))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        Debian.Shell("i=0; while [ $i -lt 50 ]; do /srv/deb-probe; i=$((i + 1)); done");
        HasCounted(50);

        // Commands, by root and by the user; the classic ones by their own names; what is read.
        Assert.Equal(50, Lines(Debian.Shell("acct-exporter lastcomm deb-probe")));
        Assert.Equal(50, Lines(Debian.Shell(
            "runuser -u acct-exporter -- env PATH=/usr/lib/acct-exporter/bin lastcomm deb-probe")));
        var doctor = Debian.Run("acct-exporter", "doctor");
        Assert.InRange(doctor.Code, 0, 1);
        Assert.Contains("accounting", doctor.Output, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith(
            ".\\\"", Debian.Shell("zcat /usr/share/man/man8/acct-exporter.8.gz"), StringComparison.Ordinal);
        Assert.Equal("", Debian.Shell("dpkg --verify acct-exporter"));
        Assert.DoesNotContain("not found", Debian.Shell("ldd /usr/lib/acct-exporter/*.so /usr/bin/acct-exporter"));

        // An upgrade loses no exit, whenever it comes.
        using (var storm = Debian.Start(
            "sh", "-c", "i=0; while [ $i -lt 300 ]; do /srv/deb-probe; sleep 0.01; i=$((i + 1)); done"))
        {
            Debian.Install(NextDeb);
            Assert.True(storm.WaitForExit(Limit));
        }

        Assert.Equal("99.0-1", Debian.Shell("dpkg-query -W -f '${Version}' acct-exporter"));
        Assert.NotEqual(pid, Pid());
        HasCounted(350);
        Assert.Equal(0, Scrape().Sum("acct_exporter_gaps_total"));

        // Removed, it writes no more, and what it counted is there for the next installation.
        using (var segment = OpenActive())
        {
            Debian.Shell("apt-get remove -qq -y acct-exporter");
            EndsNothing(segment);
        }

        Assert.False(File.Exists(Debian.PathOf("/usr/lib/acct-exporter/acct-exporter")));
        Assert.True(Directory.Exists(Debian.PathOf("/var/lib/acct-exporter")));
        Debian.Install(NextDeb);
        HasCounted(350);
        Debian.Shell("/srv/deb-probe; /srv/deb-probe");
        HasCounted(352);
        Assert.Equal(0, Scrape().Sum("acct_exporter_gaps_total"));

        using (var segment = OpenActive())
        {
            Debian.Shell("apt-get purge -qq -y acct-exporter");
            EndsNothing(segment);
        }

        Assert.Equal(before, Files());
        Assert.False(Directory.Exists(Debian.PathOf(Segments)));
        Assert.Equal("", Debian.Shell("systemctl list-units --all --no-legend --plain 'acct*' 'run-acct*'"));
        Assert.Contains("acct-exporter", Debian.Shell("getent passwd acct-exporter"), StringComparison.Ordinal);
    }

    /// <summary>In a container, say: nothing is started, and accounting that an agent left on still ends.</summary>
    [Fact]
    public void WithoutSystemd_ItIsInstalled_AndRemovalEndsAccounting()
    {
        Prepare();
        Debian.Install(Deb);
        Assert.Equal("750 acct-exporter\n", Debian.Shell("stat -c '%a %U' /var/lib/acct-exporter"));
        Debian.Shell("! systemctl --version 2> /dev/null; runuser -u acct-exporter -- acct-exporter --version");

        // As the unit does it: its user, the same capabilities.
        Debian.Shell($"install -d -o acct-exporter -m 0750 {Segments}");
        using (var agent = Debian.Start(
            "setpriv", "--reuid=acct-exporter", "--regid=acct-exporter", "--init-groups",
            $"--inh-caps={Rights}", $"--ambient-caps={Rights}", $"--bounding-set={Rights}",
            "sh", "-c", $"exec acct-exporter serve --web.listen-address={Address} > /tmp/agent.log 2>&1"))
        {
            HasCounted(0);
            Debian.Shell("/srv/deb-probe; /srv/deb-probe; /srv/deb-probe");
            HasCounted(3);

            // Accounting that goes on is no secret of the removal's.
            var running = Debian.Run("/var/lib/dpkg/info/acct-exporter.prerm", "remove");
            Assert.Equal(0, running.Code);
            Assert.Contains(") has accounting on", running.Errors, StringComparison.Ordinal);
            Assert.Contains("if the kernel still writes", running.Errors, StringComparison.Ordinal);
            Assert.Equal(0, CleanDebian.Stop(agent));
        }

        using var segment = OpenActive();
        var length = segment.Length;
        Debian.Shell("/srv/deb-probe");
        Assert.True(segment.Length > length);
        // Settings that systemd reads, and sh does not.
        Debian.Shell("echo 'ACCT_EXPORTER_LABELS=user (command' >> /etc/default/acct-exporter");
        Assert.Equal("", Debian.Run("dpkg", "--purge", "acct-exporter").Errors);
        EndsNothing(segment);
        Assert.False(Directory.Exists(Debian.PathOf("/var/lib/acct-exporter")));
        Assert.False(Directory.Exists(Debian.PathOf(Segments)));
    }

    /// <summary>The packages, an address that is free here, and a program whose name is nobody else's.</summary>
    private void Prepare()
    {
        Debian.Take(package.First, Deb);
        Debian.Take(package.Next, NextDeb);
        Directory.CreateDirectory(Debian.PathOf("/etc/systemd/system/acct-exporter.service.d"));
        Debian.Shell(
            $"""
            cp /bin/true /srv/deb-probe
            printf '[Service]\nEnvironment=ACCT_EXPORTER_WEB_LISTEN_ADDRESS={Address}\n' \
              > /etc/systemd/system/acct-exporter.service.d/address.conf
            """);
    }

    private string Pid() => Debian.Shell("systemctl show -P MainPID acct-exporter").Trim();

    private Scraped Scrape() => Scraped.Parse(Client.GetStringAsync($"http://{Address}/metrics").Result);

    private void HasCounted(int probes)
    {
        double counted = -1;
        SpinWait.SpinUntil(() => (counted = TryCount()) >= probes, Limit);
        Assert.True(probes == (int)counted, $"{counted} of {probes} exits: {Log()}");
    }

    private string Log() => Debian.Run(
        "sh", "-c", "cat /tmp/agent.log; journalctl -o cat --no-pager -n 30 -u acct-exporter").Text;

    private double TryCount()
    {
        try
        {
            return Scrape().Sum("acct_process_exits_total", ("command", "deb-probe"));
        }
        catch (AggregateException error) when (error.InnerException is HttpRequestException)
        {
            Thread.Sleep(50);
            return -1;
        }
    }

    /// <summary>The segment that the kernel writes to, held open: it tells when its name is gone, too.</summary>
    private FileStream OpenActive() => new(
        Directory.GetFiles(Debian.PathOf(Segments), "pacct-*").Order(StringComparer.Ordinal).Last(),
        FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>No agent runs, and what ends is not recorded any more.</summary>
    private void EndsNothing(FileStream segment)
    {
        Assert.DoesNotContain(
            "acct-exporter", Debian.Run("sh", "-c", "cat /proc/[0-9]*/comm").Output,
            StringComparison.Ordinal);
        var length = segment.Length;
        Debian.Shell("i=0; while [ $i -lt 20 ]; do /srv/deb-probe; i=$((i + 1)); done");
        Assert.Equal(length, segment.Length);
    }

    /// <summary>Every name, but of what every installation of a package changes.</summary>
    private string[] Files() => Debian.Shell(
        """
        find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp \
          -o -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/systemd/timers \
          -o -path /var/tmp \) -prune -o -print
        ls -d /var/log/*
        """).Split('\n').Order(StringComparer.Ordinal).ToArray();

    private static int Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}
