// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Tests.Docs;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// The units as they are shipped, run by a real systemd that is process 1 of a clean Debian: they count, they lose
/// nothing, their sandbox holds, and docs/service.md is true.
/// </summary>
[Trait("Lane", "peers")]
[Collection(KernelCollection.Name)]
public sealed class UnitLifeTests(UnitHost host) : IClassFixture<UnitHost>
{
    private const string Segments = @"run-acct\x2dexporter.mount";

    // linux/capability.h.
    private const ulong NetAdmin = 1UL << 12, SysPtrace = 1UL << 19, SysPacct = 1UL << 20;

    [Fact]
    public void EachExit_IsCountedOnce_OverRestartKillReloadAndRotation()
    {
        host.Install();
        var before = host.Counted();
        var gaps = host.Scrape()!.Sum("acct_exporter_gaps_total");
        host.Exit(20);
        host.HasCounted(before + 20);

        host.Shell("systemctl stop acct-exporter");
        Assert.Equal("inactive", host.Is());
        host.Exit(10);
        host.Shell("systemctl start acct-exporter");
        host.HasCounted(before + 30);

        // The end of its process is the end of its mount namespace.
        var restarts = host.Show("NRestarts");
        host.Shell("systemctl kill -s KILL acct-exporter");
        host.Exit(10);
        host.Until(() => host.Show("NRestarts") != restarts && host.Is() == "active", "restart");
        host.HasCounted(before + 40);

        host.Shell(
            """
            echo 'accounting: { segment-size: 4096 }' > /etc/acct-exporter.yml
            echo ACCT_EXPORTER_CONFIG_FILE=/etc/acct-exporter.yml >> /etc/default/acct-exporter
            systemctl restart acct-exporter
            """);
        // However many a segment is late by.
        foreach (var rotations in new[] { 1, 2, 3 })
        {
            host.Exit(70);
            host.HasCounted(before + 40 + (70 * rotations));
            host.Until(() => host.Scrape()?.Sum("acct_exporter_rotations_total") >= rotations, "rotation");
        }

        host.Shell("systemctl reload acct-exporter");
        host.Until(() => host.Scrape()?.Sum("acct_exporter_config_reloads_total") == 1, "reload");
        host.Exit(10);
        host.HasCounted(before + 260);
        Assert.Equal(gaps, host.Scrape()!.Sum("acct_exporter_gaps_total"));
        Assert.Matches("^[0-9]+ exits counted, accounting active", host.Show("StatusText"));
    }

    [Fact]
    public void TheSandbox_Holds()
    {
        host.Install();
        var pid = host.Show("MainPID");
        var status = host.Shell($"cat /proc/{pid}/status").Split('\n')
            .Select(line => line.Split(":\t")).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
        var user = host.Shell("id -u acct-exporter").Trim();
        Assert.Equal($"{user}\t{user}\t{user}\t{user}", status["Uid"]);
        Assert.Equal(
            host.Shell("getent group adm utmp acct-exporter | cut -d: -f3 | sort -n | xargs").Trim(),
            string.Join(' ', status["Groups"].Split(' ').Append(status["Gid"].Split('\t')[0]).Distinct()
                .OrderBy(group => int.Parse(group, CultureInfo.InvariantCulture))));
        Assert.Equal("1", status["NoNewPrivs"]);
        Assert.Equal("2", status["Seccomp"]);
        foreach (var set in new[] { "CapPrm", "CapEff", "CapBnd", "CapAmb" })
        {
            var bits = ulong.Parse(status[set], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Assert.Equal(0UL, bits & ~(NetAdmin | SysPtrace | SysPacct));
            Assert.Equal(SysPacct, bits & SysPacct);
        }

        // As its user, with its mounts.
        var inside = $"nsenter -t {pid} -m setpriv --reuid acct-exporter --regid acct-exporter --clear-groups";
        foreach (var place in new[] { "/usr/x", "/etc/x", "/var/lib/x", "/run/x", "/proc/sys/vm/swappiness" })
        {
            // Root itself could not.
            Assert.Contains(
                "Read-only", host.Try($"nsenter -t {pid} -m sh -c 'echo 1 > {place}'").Errors,
                StringComparison.Ordinal);
        }

        string[] places = ["/run/acct-exporter", "/var/lib/acct-exporter", "/var/log/acct-exporter", "/tmp"];
        foreach (var place in places)
        {
            host.Shell($"{inside} sh -c 'echo 1 > {place}/unit-test && rm {place}/unit-test'");
        }

        host.Shell("touch /tmp/of-the-host; mkdir -p /home/somebody");
        Assert.Equal("", host.Shell($"nsenter -t {pid} -m ls /tmp /home | grep host || true"));
        Assert.NotEqual(0, host.Try($"{inside} ls /home").Code);
        host.Shell("rm /tmp/of-the-host");
        // Its segments are on the host's mounts all the same.
        Assert.NotEqual(
            host.Shell($"readlink /proc/{pid}/ns/mnt"), host.Shell("readlink /proc/1/ns/mnt"));
        Assert.DoesNotContain("mount namespace", host.Log(), StringComparison.Ordinal);
    }

    [Fact]
    public void UnitsOfTheSuite_DoTheirWork_AsTheAgentsUser()
    {
        host.Install();
        host.Exit(5);
        foreach (var unit in new[] { "acct-ckpacct", "acct-dodisk", "acct-runacct", "acct-monacct" })
        {
            host.Shell($"systemctl start {unit}.service");
            Assert.Equal("success", host.Show("Result", $"{unit}.service"));
        }

        const string suite = "/var/lib/acct-exporter/suite";
        Assert.Equal("", host.Shell($"find {suite} ! -user acct-exporter"));
        Assert.Contains("root", host.Shell($"cat {suite}/dtmp"), StringComparison.Ordinal);
        Assert.Contains("unitprobe", host.Shell($"cat {suite}/fiscal/fiscrpt*"), StringComparison.Ordinal);
        foreach (var unit in new[] { "acct-ckpacct", "acct-dodisk", "acct-runacct", "acct-monacct" })
        {
            host.Shell($"systemctl start {unit}.timer");
            Assert.Equal("active", host.Is($"{unit}.timer"));
            host.Shell($"systemctl stop {unit}.timer");
        }
    }

    /// <summary>What ran as root before belongs to the service's user after the upgrade.</summary>
    [Fact]
    public void WhatRanAsRootBefore_IsTakenOver()
    {
        host.Install();
        host.Exit(3);
        var before = host.Counted();
        host.Shell("systemctl stop acct-exporter; chown -R root:root /var/lib/acct-exporter /run/acct-exporter");
        host.Install();
        host.HasCounted(before);
        Assert.Equal("", host.Shell("find /var/lib/acct-exporter /run/acct-exporter ! -user acct-exporter"));
    }

    [Fact]
    public void AWrongConfiguration_EndsIt_AndIsNotTriedAgain()
    {
        host.Install();
        host.Shell("echo ACCT_EXPORTER_PAIRS_LIMIT=many >> /etc/default/acct-exporter");
        Assert.NotEqual(0, host.Try("systemctl restart acct-exporter").Code);
        Assert.Equal("failed", host.Is());
        Assert.Equal("2", host.Show("ExecMainStatus"));
        Assert.Contains("ACCT_EXPORTER_PAIRS_LIMIT", host.Log(), StringComparison.Ordinal);
        host.Install();
        Assert.Equal("active", host.Is());
    }

    /// <summary>Every line of the document, in its order, and every drop-in.</summary>
    [Fact]
    public void TheDocument_IsTrue()
    {
        host.Install();
        host.Shell("groupadd -f auditors; mkdir -p /srv/events /srv/reports");
        var dropIns = 0;
        foreach (var block in MarkdownFile.All.Single(file => file.Path == "docs/service.md").Blocks)
        {
            if (block.Kind == "bash")
            {
                var result = host.Try(block.Text);
                Assert.True(result.Code == 0, $"{block}: {result.Text}");
            }
            else if (block.Kind == "ini")
            {
                const string folder = "/etc/systemd/system/acct-exporter.service.d";
                host.Shell(
                    $"""
                    mkdir -p {folder}
                    cat > {folder}/test-{++dropIns}.conf <<'END'
                    {block.Text}END
                    systemctl daemon-reload
                    systemctl restart acct-exporter
                    """);
                Assert.Equal("", host.Try("systemd-analyze verify --man=no acct-exporter.service").Errors);
            }
        }

        // The last of it was: for good.
        Assert.Equal(("inactive", "inactive"), (host.Is(), host.Is(Segments)));
        Assert.DoesNotContain(
            "accounting was on", host.Try("acct-exporter accton off").Text, StringComparison.Ordinal);
        Assert.True(dropIns >= 5);
    }

    [Fact]
    public void Stopped_ItsMountEndsItsAccounting_AndNobodyElses()
    {
        host.Install();
        host.Shell("systemctl stop acct-exporter");
        // Another program's, now.
        host.Shell("acct-exporter accton /var/tmp/pacct 2> /dev/null");
        host.Shell($"systemctl stop '{Segments}'");
        long Size() => long.Parse(host.Shell("stat -c %s /var/tmp/pacct"), CultureInfo.InvariantCulture);
        var before = Size();
        host.Exit(5);
        Assert.True(Size() >= before + (5 * 64));
        host.Shell("acct-exporter accton off 2> /dev/null; rm /var/tmp/pacct");
    }

    [Fact]
    public void Uninstalled_ItLeavesWhatItCounted_AndPurgedNothing()
    {
        host.Install();
        host.Shell("touch /var/log/acct-exporter/exits.jsonl");
        host.InstallScript("--uninstall");
        const string places = "/usr/lib/acct-exporter /usr/bin/acct-exporter /run/acct-exporter "
            + "/etc/systemd/system/acct-* /etc/systemd/system/run-acct* "
            + "/etc/systemd/system/multi-user.target.wants/acct-* /usr/local/share/man/man*/acct-*";
        Assert.Equal("", host.Shell($"ls -d {places} 2> /dev/null | grep -v socket.d || true"));
        Assert.NotEqual("active", host.Is());
        host.Shell("test -f /var/lib/acct-exporter/checkpoint; test -f /etc/default/acct-exporter; id acct-exporter");

        host.InstallScript("--purge");
        Assert.Equal("", host.Shell("ls -d /var/*/acct-exporter /etc/*/acct-exporter* 2> /dev/null || true"));
        Assert.NotEqual(0, host.Try("getent passwd acct-exporter").Code);
        Assert.Equal("0", host.Shell("systemctl --failed --no-legend | wc -l").Trim());
    }

    [Fact]
    public void TheScript_SaysWhatIsWrong()
    {
        var wrong = host.Try("/root/clone/deploy/install.sh --nothing");
        Assert.Equal((2, true), (wrong.Code, wrong.Errors.Contains("--nothing", StringComparison.Ordinal)));
        Assert.Contains(
            "no program acct-exporter", host.Try("/root/clone/deploy/install.sh --published=/srv").Errors,
            StringComparison.Ordinal);
        Assert.Contains("--uninstall", host.InstallScript("--help"), StringComparison.Ordinal);
    }
}
