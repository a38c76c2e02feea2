// SPDX-License-Identifier: Apache-2.0
using System.Net;
using AcctExporter.Tests.Web;
using AcctExporter.Web;

namespace AcctExporter.Tests.RealSystem;

/// <summary>What NegotiationTests knows of servers is what they really send.</summary>
[Trait("Lane", "peers")]
public class AcceptHeaderTests
{
    private const string Natives = "native-histograms";

    [Theory]
    [InlineData("2.42", "", "OpenMetrics")]
    [InlineData("2.42", Natives, "Protobuf")]
    [InlineData("3.5", "", "OpenMetrics")]
    [InlineData("3.5", Natives, "Protobuf")]
    [InlineData("3.5", "created-timestamp-zero-ingestion", "Protobuf")]
    public async Task AcceptHeaders_AreTheRecordedOnes(string version, string feature, string format)
    {
        var address = $"127.0.0.1:{PeerServer.FreePort()}";
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://{address}/");
        listener.Start();
        var setup = new PrometheusSetup(address)
        {
            Program = version == "2.42" ? Tools.Prometheus : Tools.Prometheus3,
            Flags = feature.Length > 0 ? [$"--enable-feature={feature}"] : [],
        };
        using var prometheus = new PrometheusServer(setup);
        var asked = await listener.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var accept = asked.Request.Headers["Accept"]!;
        asked.Response.Close();
        Assert.Equal(format, Negotiation.ContentFor(accept).Format.ToString());
        // A later one than was recorded may ask in other words. What it is given has to be the same.
        if (PrometheusServer.VersionOf(setup).ToString(2) == version)
        {
            Assert.Contains(accept, NegotiationAccepts.OfPrometheus.Keys);
            Assert.Equal(format, NegotiationAccepts.OfPrometheus[accept].ToString());
        }
    }
}
