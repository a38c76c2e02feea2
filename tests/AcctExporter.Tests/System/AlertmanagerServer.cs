// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A real Alertmanager, which tells a webhook each alert by itself and at once. It talks to no other Alertmanager.
/// </summary>
internal sealed class AlertmanagerServer : PeerServer
{
    /// <summary>Starts it.</summary>
    /// <param name="webhook">Where it tells alerts.</param>
    public AlertmanagerServer(Uri webhook)
        : base("alertmanager")
    {
        File.WriteAllText($"{Root}/alertmanager.yml", $"""
            route:
              receiver: test
              group_by: ['...']
              group_wait: 0s
              group_interval: 1s
              repeat_interval: 1h
            receivers:
              - name: test
                webhook_configs:
                  - url: {webhook}
                    send_resolved: false
            """);
        Start(Tools.Alertmanager, [
            $"--config.file={Root}/alertmanager.yml", $"--storage.path={Root}/data",
            $"--web.listen-address={Address}", "--cluster.listen-address=", "--log.level=warn"]);
    }

    /// <inheritdoc/>
    protected override string ReadyPath => "-/ready";
}
