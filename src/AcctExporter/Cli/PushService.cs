// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Config;
using AcctExporter.Logins;
using AcctExporter.Metrics;
using AcctExporter.Push;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary>
/// The push over OTLP in the agent: it begins before counting does, so that no exit is missed, and ends behind it, so
/// that the last push has everything.
/// </summary>
internal sealed class PushService : IHostedService, IDisposable
{
    /// <summary>How long the end of the agent waits for the last push.</summary>
    public static readonly TimeSpan LastPushTime = TimeSpan.FromSeconds(3);

    private const string Data = "metrics";

    private readonly ILogger log;
    private readonly MetricsPush? metrics;
    private readonly Uri? endpoint;

    private PushService(ILogger log, MetricsPush? metrics = null, Uri? endpoint = null) =>
        (this.log, this.metrics, this.endpoint) = (log, metrics, endpoint);

    /// <summary>How pushes of metrics go; null where none is pushed.</summary>
    public PushFigures? Metrics => metrics?.Figures;

    /// <summary>What the agent says of itself; called once a push.</summary>
    public Func<AgentFigures> Agent
    {
        set
        {
            if (metrics is not null)
            {
                metrics.Agent = value;
            }
        }
    }

    /// <summary>A limit in multiples of its default, rounded up.</summary>
    public static int Multiple(int limit, int usual) => Math.Max(1, (limit + usual - 1) / usual);

    /// <summary>Makes what options and environment ask for; it does nothing where they ask for nothing.</summary>
    public static PushService Create(
        AgentOptions config, ExitCapture capture, LoginWatch? logins, SuiteService suite, ILogger log)
    {
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        if (OtlpSettings.For(OtlpSignal.Metrics, config.Push, variable) is not { } settings)
        {
            if (config.Push.Endpoint is { } endpoint)
            {
                PushLog.SwitchedOff(log, endpoint);
            }

            return new PushService(log);
        }

        var connection = new OtlpConnection(settings);
        var options = new PushMeterOptions(
            [.. Catalog.For(config.Ledger.Bounds).Where(family => !family.ScrapeOnly
                && (config.Scrape.AllHistograms || !family.AllHistogramsOnly))],
            settings.Histograms, () => OtlpResource.Builder(Cli.Agent.Build, variable),
            () => new PushExporter(settings.ExporterOptions(connection), TimeProvider.System),
            Cli.Agent.Build.Version,
            Math.Max(Multiple(config.Logins.UsersLimit, new LoginOptions().UsersLimit),
                Multiple(config.Logins.LinesLimit, new LoginOptions().LinesLimit)),
            Multiple(config.Suite.UsersLimit, new SuiteOptions().UsersLimit));
        var metrics = new MetricsPush(
            new PushSources(capture, logins, suite.Watch), options, settings,
            new PushBook(Data, settings.Endpoint, TimeProvider.System, log), () => connection.Problem,
            TimeProvider.System);
        capture.Show(metrics.Observer);
        PushLog.Pushing(log, Data, settings.Endpoint, settings.Interval);
        return new PushService(log, metrics, settings.Endpoint);
    }

    /// <summary>True when exit events are pushed.</summary>
    public static bool PushesEvents(AgentOptions config) => config.Push.Events
        && OtlpSettings.For(OtlpSignal.Logs, config.Push, Environment.GetEnvironmentVariable) is not null;

    /// <summary>Where exit events are pushed to; null where none are. It is the pipeline's to use and to end.</summary>
    public static ExitLogs? Events(AgentOptions config)
    {
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        return config.Push.Events && OtlpSettings.For(OtlpSignal.Logs, config.Push, variable) is { } settings
            ? new ExitLogs(settings, OtlpResource.Builder(Cli.Agent.Build, variable),
                (PushMeter.Name, Cli.Agent.Build.Version), TimeProvider.System)
            : null;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics?.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (metrics is null)
        {
            return;
        }

        // Not by the token: it is over when counting took all its time.
        var last = metrics.StopAsync();
        await last.WaitAsync(LastPushTime, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!last.IsCompleted)
        {
            PushLog.DoesNotEnd(log, Data, endpoint!, LastPushTime);
        }
    }

    /// <summary>What a push that hangs still uses ends with the process.</summary>
    public void Dispose() => metrics?.Dispose();
}
