// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;
using AcctExporter.Logins;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary>
/// The accounting suite in the agent: one thread that shows what its files say, and, where a time is set, one that runs
/// it. Nobody waits for their end: what a run was killed in, the next one finishes.
/// </summary>
internal sealed class SuiteService : IHostedService, IDisposable
{
    private readonly SuitePaths paths;
    private readonly SuiteSchedule? schedule;
    private readonly LiveProcesses processes;
    private readonly LiveConnect sessions;
    private readonly PageLogFollower pages;

    public SuiteService(AgentOptions config, TimeProvider clock, ILogger log)
    {
        var options = new RunOptions
        {
            StoragePath = config.Capture.StoragePath,
            Suite = config.Suite with { Logins = config.Logins },
        };
        paths = options.Paths;
        if (SuiteSchedule.IsWanted(options.Suite))
        {
            schedule = new SuiteSchedule(options, new SuiteTasks(options, clock), clock, log);
        }

        processes = new LiveProcesses(options, clock, message => SuiteLog.Told(log, message));
        sessions = new LiveConnect(config.Logins, paths, clock);
        pages = new PageLogFollower(paths, options.Suite.PageLog, DaySetup.UidOf, log);
        ISuiteLive[] live =
        [
            processes, .. config.Logins.Source == LoginSource.Off ? [] : (ISuiteLive[])[new SessionsLive(sessions)],
            new FeesLive(paths), new PagesLive(paths, pages, options.Suite.UsersLimit),
            new DisksShown(paths, options.Suite.UsersLimit),
        ];
        Watch = new SuiteWatch(options, live, schedule?.Counts, clock, log);
    }

    /// <summary>What scrapes show of it.</summary>
    public SuiteWatch Watch { get; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Where the suite is used, what is printed from now on is charged: from the first look at the log on.
        if (schedule is not null || Directory.Exists(paths.Root))
        {
            pages.Pass();
        }

        Watch.Start();
        schedule?.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        schedule?.Stop();
        Watch.Stop();
        return Task.CompletedTask;
    }

    /// <summary>What a thread still uses ends with the process.</summary>
    public void Dispose()
    {
        schedule?.Dispose();
        Watch.Dispose();
    }
}
