// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AcctExporter.Tests.RealSystem;

/// <summary>Programs that the tests drive. One that is missing fails the test: it is never skipped.</summary>
internal static class Tools
{
    private const int DefaultPort = 9810;

    /// <summary>The generator of processes with known ends (tests/tools/storm.c).</summary>
    public static string Storm => Built("storm");

    /// <summary>Processes that use a known amount of CPU (tests/tools/burn.c).</summary>
    public static string Burn => Built("burn");

    /// <summary>A process of many named threads (tests/tools/crowd.c).</summary>
    public static string Crowd => Built("crowd");

    /// <summary>Processes with chosen names and owners (tests/tools/named.c).</summary>
    public static string Named => Built("named");

    /// <summary>A login by login(1) on a terminal of its own (tests/tools/ptylogin.c).</summary>
    public static string PtyLogin => Built("ptylogin");

    /// <summary>
    /// The folder of a module for nsswitch.conf(5), called <c>slow</c> there, that does what a file says
    /// (tests/tools/nss_slow.c).
    /// </summary>
    public static string SlowDirectory => Path.GetDirectoryName(Built("libnss_slow.so.2"))!;

    /// <summary>For LD_PRELOAD: the wall clock stands still at FIXED_NOW (tests/tools/fixtime.c).</summary>
    public static string FixedTime => Built("fixtime.so");

    /// <summary>Logins through the libraries of wtmpdb and lastlog2 (tests/tools/logins.c).</summary>
    public static string Logins => Built("logins");

    /// <summary>What was unpacked of Debian 13's wtmpdb and lastlog2 (tests/fetch-debs.sh).</summary>
    public static string Wtmpdb => Path.Combine(Path.GetDirectoryName(Built("wtmpdb/complete"))!, "root");

    /// <summary>pac of Debian's package lpr (tests/fetch-debs.sh).</summary>
    public static string Pac => Built("lpr/root/usr/sbin/pac");

    /// <summary>VictoriaMetrics of Debian 13 (tests/fetch-debs.sh).</summary>
    public static string VictoriaMetrics => Built("victoriametrics/root/usr/bin/victoria-metrics");

    /// <summary>Its vmagent: scrapes and sends on.</summary>
    public static string VictoriaAgent => Built("victoriametrics/root/usr/bin/vmagent");

    /// <summary>Its vmalert: evaluates rules.</summary>
    public static string VictoriaAlert => Built("victoriametrics/root/usr/bin/vmalert");

    /// <summary>The Prometheus of the Debian after 13 (tests/fetch-debs.sh): 3.5 or later.</summary>
    public static string Prometheus3 => Built("prometheus3/root/usr/bin/prometheus");

    /// <summary>Its promtool.</summary>
    public static string Promtool3 => Built("prometheus3/root/usr/bin/promtool");

    /// <summary>The Prometheus of Debian 12: 2.42.</summary>
    public static string Prometheus => Installed("/usr/bin/prometheus", "prometheus");

    /// <summary>Its promtool.</summary>
    public static string Promtool => Installed("/usr/bin/promtool", "prometheus");

    /// <summary>The Alertmanager of Debian 12: 0.25.</summary>
    public static string Alertmanager => Installed("/usr/bin/prometheus-alertmanager", "prometheus-alertmanager");

    /// <summary>A clean Debian as a tar archive (tests/debian-root.sh).</summary>
    public static string DebianRoot => Built("debian/root.tar");

    /// <summary>helm 4.1.4 (tests/fetch-helm.sh).</summary>
    public static string Helm => Built("helm/helm");

    /// <summary>The types of Kubernetes and of the Prometheus Operator, beside helm.</summary>
    public static string KubernetesTypes =>
        Path.Combine(Path.GetDirectoryName(Built("helm/complete"))!, "node_modules");

    /// <summary>Debian's browser.</summary>
    public static string Chromium => Installed("/usr/bin/chromium", "chromium");

    /// <summary>The folder of the SDK that these tests run by.</summary>
    public static string Sdk => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>The packages that were restored on this machine.</summary>
    public static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");

    /// <summary>A program of a Debian package, by its full path.</summary>
    public static string Installed(string path, string package) => File.Exists(path) ? path
        : throw new FileNotFoundException($"{path} is missing (package {package}): ./tests/run.sh installs it");

    /// <summary>Fails where somebody listens on the default address, for tests of what is shipped as it is.</summary>
    public static void RequireDefaultPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, DefaultPort);
        try
        {
            listener.Start();
        }
        catch (SocketException)
        {
            throw new InvalidOperationException(
                $"somebody listens on 127.0.0.1:{DefaultPort}, which this test needs: `ss -ltnp` says who");
        }
    }

    private static string Built(string name)
    {
        var directory = Environment.GetEnvironmentVariable("ACCT_TEST_TOOLS")
            ?? throw new InvalidOperationException("ACCT_TEST_TOOLS is not set: ./tests/run.sh builds them, sets it");
        var path = Path.Combine(directory, name);
        return File.Exists(path) ? path
            : throw new FileNotFoundException($"{path} is missing: ./tests/run.sh builds it");
    }
}
