// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;

namespace AcctExporter.Cli;

/// <summary>
/// The pipeline as a service of the host: it starts before the web server and ends after it. Should it give up, the
/// agent ends: a page that stands still would be a lie.
/// </summary>
internal sealed class CaptureService(
    ExitCapture capture, IHostApplicationLifetime lifetime, ILoggerFactory logs) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        capture.Start();
        _ = capture.Ended.ContinueWith(_ => lifetime.StopApplication(), TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        capture.Stop();
        await capture.Ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!capture.Ended.IsCompleted)
        {
            AgentLog.DoesNotEnd(logs.CreateLogger("capture"), Agent.StopTime);
        }
    }
}
