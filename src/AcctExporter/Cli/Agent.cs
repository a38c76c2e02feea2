// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using AcctExporter.Capture;
using AcctExporter.Config;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Metrics;
using AcctExporter.Push;
using AcctExporter.Service;
using AcctExporter.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AcctExporter.Cli;

/// <summary>The running agent: the generic host, the pipeline as one of its services, and the web server.</summary>
/// <param name="config">What holds.</param>
/// <param name="sources">Where it comes from.</param>
/// <param name="webConfig">What the web server's own file says.</param>
/// <param name="rights">What was opened with rights that are given up.</param>
internal sealed class Agent(
    AgentOptions config, ConfigSources sources, WebConfigRead webConfig, FewerRights rights)
{
    /// <summary>How long an end may take: the last records are counted and saved in it.</summary>
    public static readonly TimeSpan StopTime = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan OpenFilesInterval = TimeSpan.FromSeconds(15);

    private const int LongestUserName = 256;

    private readonly CaptureOptions options = config.Capture;
    private readonly WebOptions web = config.Web;
    private readonly LogControl logControl = new(config.Log.Level);
    private ExitLogs? eventPush;
    private volatile int openFiles = -1;

    /// <summary>Which program this is, from the build.</summary>
    public static BuildFacts Build { get; } = ReadBuild();

    /// <summary>Runs until it is told to end; returns the exit code.</summary>
    /// <exception cref="CaptureFault">It cannot start.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var logs = new LogProvider(
            config.Log.Format, logControl, Console.OpenStandardError(), TimeProvider.System);
        using var manager = ServiceManager.Find(Environment.GetEnvironmentVariable, TimeProvider.System);
        var signs = new AgentSigns(TimeProvider.System);
        manager.Watch(signs.Pulse);
        var security = new WebSecurity(webConfig,
            () => web.ConfigFile is { } file ? WebConfigReader.Read(file) : WebConfigRead.None, TimeProvider.System,
            logs.CreateLogger("web"));
        var app = CreateApp(logs, security);
        await using (app.ConfigureAwait(false))
        {
            using var usage = new OwnUsage();
            // Counting them takes opening a directory: a scrape opens nothing.
            using var descriptors =
                new Timer(_ => openFiles = OwnUsage.CountOpenFiles(), null, TimeSpan.Zero, OpenFilesInterval);
            // What cannot be used is refused before accounting is switched on.
            CheckLogins();
            var capture = app.Services.GetRequiredService<ExitCapture>();
            AgentLog.SayRights(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("rights"), rights);
            var logins = app.Services.GetService<LoginWatch>();
            signs.Capture = capture;
            signs.Logins = logins;
            var suite = app.Services.GetRequiredService<SuiteService>();
            using var reloader = new Reloader(config, sources, capture, logControl, manager, TimeProvider.System,
                app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("config")) 
                {
                    Logins = logins, Web = security,
                };
            using var hangUp = OnHangUp(app, reloader);
            var push = app.Services.GetRequiredService<PushService>();
            AgentFigures Say() => Figures(usage, logs.Counts) with
            {
                Reload = reloader.Figures, MetricsPush = push.Metrics, Web = FiguresOf(security),
            };
            push.Agent = Say;
            var recent = new RecentExits(TimeProvider.System);
            capture.Show(recent);
            var renderer = new ScrapeRenderer(
                capture, config.Scrape with { Bounds = config.Ledger.Bounds }, Build, Say,
                () => capture.CountingSinceUnixMicroseconds, TimeProvider.System)
                {
                    Logins = logins, Suite = suite.Watch, Recent = recent, Host = Environment.MachineName,
                };
            RequestGuard.Use(app, security);
            WebEndpoints.Map(app, renderer, web, signs.Ailment, _ => reloader.ReloadAsync());
            app.Lifetime.ApplicationStopping.Register(() =>
            {
                // At once: a scrape that takes its time holds up the end of the server, but not that of counting.
                capture.Stop();
                logins?.Stop();
                manager.Stopping();
            });
            await ServeAsync(app, capture, signs, cancellation).ConfigureAwait(false);
            return capture.Ended.IsCompletedSuccessfully && logins is not { Ended.IsFaulted: true }
                ? ExitCode.Done : ExitCode.Failure;
        }
    }

    /// <summary>
    /// SIGHUP reads the configuration anew. Without a file there is none to read: on a terminal it then means that the
    /// terminal is gone, and the agent ends as with Ctrl-C.
    /// </summary>
    private PosixSignalRegistration OnHangUp(WebApplication app, Reloader reloader) =>
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            if (sources.File is null && !Console.IsInputRedirected)
            {
                app.Lifetime.StopApplication();
                return;
            }

            _ = Task.Run(reloader.ReloadAsync);
        });

    private async Task ServeAsync(
        WebApplication app, ExitCapture capture, AgentSigns signs, CancellationToken cancellation)
    {
        try
        {
            // Whoever ends it meanwhile waits until it has started: then all ends in its order, and accounting is left
            // as it is to be.
            await app.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // The pipeline runs already: it ends as if it had never begun.
            capture.Stop(asFound: true);
            await capture.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new CaptureFault(error.InnerException is AddressInUseException
                ? $"{error.Message} Another program answers there: end it, or choose another port with "
                    + "--web.listen-address"
                : $"cannot listen on {string.Join(" or ", web.ListenAddresses)}: {error.Message}. Choose an address of "
                + "this host and a port that this user may have with --web.listen-address", error);
        }

        signs.Listens = true;
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("web");
        var server = app.Services.GetRequiredService<IServer>();
        foreach (var address in server.Features.Get<IServerAddressesFeature>()!.Addresses)
        {
            AgentLog.Listening(logger, address.TrimEnd('/') + "/");
        }

        await app.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
    }

    private WebApplication CreateApp(LogProvider logs, WebSecurity security)
    {
        IReadOnlyList<int> sockets = [];
        if (web.SystemdSocket)
        {
            sockets = SystemdSockets.Take(Environment.GetEnvironmentVariable, out var fault);
            if (fault is not null)
            {
                throw new CaptureFault(fault);
            }
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore()
            .ConfigureKestrel(server => WebServer.Configure(server, web, sockets, security));
        builder.Services.AddSingleton(services =>
        {
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("capture");
            return new ExitCapture(
                ChooseSource(logger) with { Opened = rights.Opened }, config.Ledger, LookUpUser, LookUpGroup,
                TimeProvider.System, logger, eventPush = PushService.Events(config));
        });
        builder.Services.AddSingleton(services => PushService.Create(
            config, services.GetRequiredService<ExitCapture>(), services.GetService<LoginWatch>(),
            services.GetRequiredService<SuiteService>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("push")));
        // Services end in the order opposite to that in which they start.
        builder.Services.AddHostedService(services => services.GetRequiredService<PushService>());
        builder.Services.AddHostedService<CaptureService>();
        if (config.Logins.Source != LoginSource.Off)
        {
            builder.Services.AddSingleton(services => new LoginWatch(
                config.Logins with { SyncInterval = options.CheckpointInterval }, options.StoragePath,
                options.OnDamage == DamageAction.StartAnew, HostOfLogins(), TimeProvider.System,
                services.GetRequiredService<ILoggerFactory>().CreateLogger("logins")));
            builder.Services.AddHostedService<LoginService>();
        }

        builder.Services.AddSingleton(services => new SuiteService(
            config, TimeProvider.System, services.GetRequiredService<ILoggerFactory>().CreateLogger("suite")));
        builder.Services.AddHostedService(services => services.GetRequiredService<SuiteService>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTime);
        // What the level leaves of ours is for the provider to say: it may change.
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.Warning);
        // What a failing start would say is said by Program, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddProvider(logs);
        return builder.Build();
    }

    private void CheckLogins()
    {
        if (config.Logins.Source == LoginSource.Off || options.OnDamage == DamageAction.StartAnew)
        {
            return;
        }

        try
        {
            LoginStore.Check(options.StoragePath, config.Logins);
        }
        catch (UnauthorizedAccessException)
        {
            // Who may not even read it lacks more than that: the pipeline says what, and the way out.
        }
    }

    private static LoginHost HostOfLogins() => new(
        KnowsUser, NameFiles.Read(NameFiles.Users).Select(user => user.Name),
        LoginProcess.CanBeSeen ? LoginProcess.StartOf : null);

    private CaptureOptions ChooseSource(ILogger logger)
    {
        if (options.FollowActive && options.SourceFile is null && !options.TakeOver
            && ActiveAccounting.Find(options.UsualFiles) is { } file)
        {
            CaptureLog.FollowingOthers(logger, file);
            return options with { SourceFile = file };
        }

        return options;
    }

    /// <summary>
    /// The name of a user from NSS, or null. On a thread of its own: a directory server may take its time.
    /// </summary>
    /// <exception cref="IOException">The directory cannot tell now; it may know the user later.</exception>
    public static byte[]? LookUpUser(uint uid)
    {
        var name = new byte[LongestUserName];
        return UserDatabase.TryGetName(uid, name, out var length, out var errno) ? name[..length]
            : NullOrFault(errno);
    }

    /// <summary>The name of a group, likewise.</summary>
    public static byte[]? LookUpGroup(uint gid)
    {
        var name = new byte[LongestUserName];
        return UserDatabase.TryGetGroupName(gid, name, out var length, out var errno) ? name[..length]
            : NullOrFault(errno);
    }

    /// <summary>Whether NSS knows a user of that name, likewise.</summary>
    /// <exception cref="IOException">The directory cannot tell now.</exception>
    public static bool KnowsUser(byte[] name) =>
        UserDatabase.TryGetUid(name, out _, out var errno) || NullOrFault(errno) is not null;

    private static byte[]? NullOrFault(int errno) => errno == 0 ? null
        : throw new IOException($"the system's directory of users and groups failed: {Errno.Describe(errno)}");

    private AgentFigures Figures(OwnUsage usage, LogCounts counts) => new()
    {
        Process = FiguresOf(usage),
        EventsPush = eventPush?.Figures,
        Log = new LogFigures(counts[LogSeverity.Debug], counts[LogSeverity.Info], counts[LogSeverity.Warn],
            counts[LogSeverity.Error], counts.Dropped),
    };

    private static WebFigures? FiguresOf(WebSecurity security) => security.State is { } state
        ? new WebFigures(
            state.Successful, state.Reloads, state.Failures,
            state.CertificateEnds is { } end ? new DateTimeOffset(end).ToUnixTimeSeconds() * 1_000_000 : 0,
            security.Refusals.Certificates, security.Refusals.Passwords, security.Refusals.Busy,
            security.Refusals.Rate)
        : null;

    private ProcessFigures FiguresOf(OwnUsage usage)
    {
        OwnUsage.ReadCpu(out var user, out var system);
        var known = usage.TryReadMemory(out var resident, out var address);
        return new ProcessFigures
        {
            CpuMicroseconds = user + system,
            ResidentBytes = known ? resident : -1,
            VirtualBytes = known ? address : -1,
            StartUnixMicroseconds = (long)(usage.StartUnixSeconds * 1_000_000),
            OpenFiles = openFiles,
            MaxFiles = OwnUsage.OpenFilesMax(),
        };
    }

    private static BuildFacts ReadBuild()
    {
        var attribute = typeof(Agent).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        var parts = (attribute?.InformationalVersion ?? "0").Split('+', 2);
        return new BuildFacts(parts[0], parts.Length > 1 ? parts[1] : "unknown");
    }
}
