// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;

namespace AcctExporter.Cli;

/// <summary>
/// The thread that follows logins as a service of the host. Should it give up, the agent ends, as with exits.
/// </summary>
internal sealed class LoginService(LoginWatch logins, IHostApplicationLifetime lifetime, ILoggerFactory logs)
    : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        logins.Start();
        _ = logins.Ended.ContinueWith(_ => lifetime.StopApplication(), TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        logins.Stop();
        await logins.Ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!logins.Ended.IsCompleted)
        {
            AgentLog.DoesNotEnd(logs.CreateLogger("logins"), Agent.StopTime);
        }
    }
}
