// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Config;
using AcctExporter.Logins;
using AcctExporter.Metrics;
using AcctExporter.Service;
using AcctExporter.Web;

namespace AcctExporter.Cli;

/// <summary>
/// Reads the configuration anew while the agent runs: all that a reload may change takes effect together, or nothing
/// does. What needs a restart is named, and stays as it is.
/// </summary>
/// <param name="options">What is in force.</param>
/// <param name="sources">Where it comes from.</param>
/// <param name="capture">The pipeline.</param>
/// <param name="level">The level of the log.</param>
/// <param name="manager">Is told that a reload is under way.</param>
/// <param name="clock">The wall clock.</param>
/// <param name="log">Where faults are told.</param>
internal sealed partial class Reloader(
    AgentOptions options, ConfigSources sources, ExitCapture capture, LogControl level, ServiceManager manager,
    TimeProvider clock, ILogger log) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private AgentOptions inForce = options;
    private long lastSuccess = UnixMicroseconds(clock);
    private volatile bool failed;
    private ulong reloads;
    private ulong failures;

    /// <summary>
    /// The thread that follows logins: it reads its table of prime time anew. Null where nobody does.
    /// </summary>
    public LoginWatch? Logins { get; init; }

    /// <summary>The web server's own configuration, which is read anew with all else.</summary>
    public WebSecurity? Web { get; init; }

    /// <summary>For scrapes: how the last one went; the start was one.</summary>
    public ReloadFigures Figures => new(
        true, !failed, Volatile.Read(ref lastSuccess), Volatile.Read(ref reloads), Volatile.Read(ref failures));

    /// <summary>Reads and applies; one at a time.</summary>
    /// <returns>Null when it is done; else every fault, a line each.</returns>
    public async Task<string?> ReloadAsync()
    {
        await gate.WaitAsync().ConfigureAwait(false);
        manager.Reloading();
        try
        {
            return await ReloadAloneAsync().ConfigureAwait(false);
        }
        finally
        {
            manager.Reloaded();
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private async Task<string?> ReloadAloneAsync()
    {
        Interlocked.Increment(ref reloads);
        var read = ConfigLoader.Load(sources);
        // It has a log and counters of its own for its faults.
        var webFaults = Web?.Reread() ?? [];
        if (read.Faults.Count + webFaults.Count > 0)
        {
            failed = true;
            Interlocked.Increment(ref failures);
            foreach (var fault in read.Faults)
            {
                Faulty(log, fault);
            }

            Kept(log, read.Faults.Count + webFaults.Count);
            return string.Join('\n', read.Faults.Concat(webFaults));
        }

        var wanted = inForce with { Ledger = inForce.Ledger with { Rules = read.Options.Ledger.Rules } };
        foreach (var setting in SettingTable.All)
        {
            if (setting.Reloads)
            {
                wanted = setting.Take(wanted, read.Options);
            }
            else if (!setting.Show(inForce).SequenceEqual(setting.Show(read.Options)))
            {
                NeedsRestart(log, setting.Key, string.Join(",", setting.Show(inForce)));
            }
        }

        await capture.ReconfigureAsync(wanted.Capture, wanted.Ledger).ConfigureAwait(false);
        Logins?.Reload();
        level.Level = wanted.Log.Level;
        inForce = wanted;
        failed = false;
        Volatile.Write(ref lastSuccess, UnixMicroseconds(clock));
        Done(log, read.File ?? "no file", wanted.Ledger.Rules.Count);
        return null;
    }

    private static long UnixMicroseconds(TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    [LoggerMessage(90, LogLevel.Information, "the configuration was read anew from {File}: {Rules} rules are in force")]
    private static partial void Done(ILogger logger, string file, int rules);

    [LoggerMessage(91, LogLevel.Error, "{Fault}")]
    private static partial void Faulty(ILogger logger, string fault);

    [LoggerMessage(92, LogLevel.Error,
        "the configuration is faulty (faults: {Faults}), so what was in force stays in force. Mend it and send SIGHUP "
        + "again")]
    private static partial void Kept(ILogger logger, int faults);

    [LoggerMessage(93, LogLevel.Warning, "{Key} needs a restart to change: it stays {Value}")]
    private static partial void NeedsRestart(ILogger logger, string key, string value);
}
