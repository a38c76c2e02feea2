// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A clean Debian that systemd runs, with deploy/ of this repository in <c>/root/clone</c>: deploy/install.sh makes the
/// agent a service in it. One for all tests of the units; each begins with <see cref="Install"/>.
/// </summary>
public sealed class UnitHost : IDisposable
{
    private const string Clone = "/root/clone";
    private const string Program = "/root/published";

    /// <summary>A command that nothing else on the host is called.</summary>
    private const string Probe = "unitprobe";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly CleanDebian debian = new();
    private readonly int port = FreePort();

    public UnitHost()
    {
        debian.Boot();
        debian.Take(Path.Combine(Repository.Root, "LICENSE"), $"{Clone}/LICENSE");
        foreach (var folder in new[] { "deploy", "deploy/man" })
        {
            Take(Path.Combine(Repository.Root, folder), $"{Clone}/{folder}");
        }

        Take(PublishedProgram.Folder, Program);
        debian.Shell($"cp /bin/true /usr/local/bin/{Probe}");
    }

    /// <summary>
    /// Installs the agent, or upgrades it, and starts it, on a port of its own and without its old settings.
    /// </summary>
    public void Install()
    {
        // The socket of the unit would be seen on the machine of the tests.
        debian.Shell(
            $"""
            mkdir -p /etc/systemd/system/acct-exporter.socket.d
            printf '[Socket]\nListenStream=\nListenStream=127.0.0.1:{port}\n' \
              > /etc/systemd/system/acct-exporter.socket.d/port.conf
            echo ACCT_EXPORTER_WEB_LISTEN_ADDRESS=127.0.0.1:{port} > /etc/default/acct-exporter
            rm -rf /etc/systemd/system/acct-exporter.service.d
            systemctl disable --quiet --now acct-exporter.socket 2> /dev/null || true
            {Clone}/deploy/install.sh --published={Program}
            """, Limit);
    }

    /// <summary>deploy/install.sh with an option; what it said.</summary>
    internal string InstallScript(string option) => debian.Shell($"{Clone}/deploy/install.sh {option} 2>&1", Limit);

    /// <summary>Lines for sh inside, as root; a failure fails the test. The output.</summary>
    internal string Shell(string lines) => debian.Shell(lines, Limit);

    /// <summary>The same, with the result.</summary>
    internal DebianResult Try(string lines) => debian.Run(Limit, "sh", "-e", "-c", lines);

    /// <summary>So many processes called by one name, each an exit of root's.</summary>
    internal void Exit(int count) => Shell($"i=0; while [ $i -lt {count} ]; do {Probe}; i=$((i + 1)); done");

    /// <summary>How many of them the service says it has counted; -1 while it does not answer.</summary>
    internal double Counted() => Scrape() is { } scrape
        ? scrape[$"acct_process_exits_total{{user=\"root\",command=\"{Probe}\"}}"] : -1;

    /// <summary>What it says to a scrape; null while it does not answer.</summary>
    internal Scraped? Scrape()
    {
        try
        {
            return Scraped.Parse(Client.GetStringAsync($"http://127.0.0.1:{port}/metrics").Result);
        }
        catch (AggregateException error) when (error.InnerException is HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Waits until it has counted so many of them, and fails when it has counted more.</summary>
    internal void HasCounted(double count)
    {
        Until(() => Counted() >= count, $"{count} exits");
        Assert.Equal(count, Counted());
    }

    /// <summary>Waits for what must come true.</summary>
    internal void Until(Func<bool> holds, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < Limit, $"no {what}:\n{Log()}");
            Thread.Sleep(50);
        }
    }

    /// <summary>The service's state, one word of systemd's.</summary>
    internal string Is(string unit = "acct-exporter.service") =>
        Try($"systemctl is-active '{unit}'").Output.Trim();

    /// <summary>A property of the unit.</summary>
    internal string Show(string property, string unit = "acct-exporter.service") =>
        Shell($"systemctl show --value -p {property} '{unit}'").Trim();

    /// <summary>What the service said.</summary>
    internal string Log() => Shell("journalctl --no-pager -o cat -u acct-exporter.service");

    public void Dispose() => debian.Dispose();

    private void Take(string folder, string path)
    {
        foreach (var file in Directory.GetFiles(folder))
        {
            debian.Take(file, $"{path}/{Path.GetFileName(file)}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
