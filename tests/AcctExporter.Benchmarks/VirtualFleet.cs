// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AcctExporter.Benchmarks;

/// <summary>
/// Many <see cref="VirtualHost"/>s behind one port of 127.0.0.1, each under a path of its own. Between two scrapes of a
/// host so many processes end there as in <see cref="ExitsBetweenScrapes"/>, until <see cref="Freeze"/>.
/// </summary>
internal sealed class VirtualFleet : IDisposable
{
    /// <summary>20 a second at a scrape each 15 s.</summary>
    public const int ExitsBetweenScrapes = 300;

    private readonly List<VirtualHost> hosts = [];
    private readonly WebApplication app;
    private long scrapes;
    private volatile bool isFrozen;

    /// <summary>Starts it without any host.</summary>
    public VirtualFleet()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(AnswerAsync);
        app.StartAsync().GetAwaiter().GetResult();
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    /// <summary>How many hosts there are.</summary>
    public int Hosts => hosts.Count;

    /// <summary>Scrapes answered so far, of all hosts together.</summary>
    public long Scrapes => Interlocked.Read(ref scrapes);

    /// <summary>Exits of a user on all hosts.</summary>
    public long ExitsOf(int user) => hosts.Sum(host => host.ExitsByUser[user]);

    /// <summary>So many hosts, with those that are there.</summary>
    public void GrowTo(int count)
    {
        while (hosts.Count < count)
        {
            hosts.Add(new VirtualHost(hosts.Count, VirtualHostSetup.Usual));
        }
    }

    /// <summary>From now on no process ends: all later scrapes of a host are alike. <see cref="Thaw"/> undoes it.
    /// </summary>
    public void Freeze() => isFrozen = true;

    /// <summary>Processes end again.</summary>
    public void Thaw() => isFrozen = false;

    /// <summary>The hosts as targets for <c>file_sd_configs</c>.</summary>
    public string Targets() => JsonSerializer.Serialize(hosts.Select((_, number) => new
    {
        targets = new[] { Address },
        labels = new Dictionary<string, string>
        {
            ["instance"] = string.Create(CultureInfo.InvariantCulture, $"host-{number:d4}"),
            ["__metrics_path__"] = string.Create(CultureInfo.InvariantCulture, $"/{number}/metrics"),
        },
    }));

    /// <inheritdoc/>
    public void Dispose()
    {
        app.StopAsync().GetAwaiter().GetResult();
        app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        hosts.ForEach(host => host.Dispose());
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/');
        var host = hosts[int.Parse(path[1], CultureInfo.InvariantCulture)];
        if (!isFrozen)
        {
            host.Live(ExitsBetweenScrapes);
        }

        Interlocked.Increment(ref scrapes);
        return host.Endpoint.AnswerAsync(context);
    }
}
