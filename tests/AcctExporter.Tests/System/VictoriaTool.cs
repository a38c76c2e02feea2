// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>A real vmagent or vmalert beside a <see cref="VictoriaServer"/>.</summary>
internal sealed class VictoriaTool : PeerServer
{
    private VictoriaTool(string name, string program, Func<VictoriaTool, string[]> flags)
        : base(name) => Start(program, ["-loggerLevel=WARN", $"-httpListenAddr={Address}", .. flags(this)]);

    /// <inheritdoc/>
    protected override string ReadyPath => "health";

    /// <summary>vmagent: scrapes what the configuration says, and sends it on by remote write.</summary>
    public static VictoriaTool Agent(VictoriaServer storage, string scrapeConfiguration) =>
        new("vmagent", Tools.VictoriaAgent, tool =>
        {
            File.WriteAllText($"{tool.Root}/scrape.yml", scrapeConfiguration);
            return
            [
                $"-promscrape.config={tool.Root}/scrape.yml", $"-remoteWrite.tmpDataPath={tool.Root}/queue",
                $"-remoteWrite.url=http://{storage.Address}/api/v1/write",
            ];
        });

    /// <summary>
    /// vmalert: evaluates rules over what is in the storage each second, for the time some seconds ago, which is
    /// complete by then; what they record goes there, too.
    /// </summary>
    public static VictoriaTool Rules(VictoriaServer storage, string rules) =>
        new("vmalert", Tools.VictoriaAlert, _ =>
        [
            $"-rule={rules}", $"-datasource.url=http://{storage.Address}", "-notifier.blackhole",
            $"-remoteWrite.url=http://{storage.Address}", "-evaluationInterval=1s", "-rule.evalDelay=10s",
        ]);
}
