// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace AcctExporter.Tests.RealSystem;

/// <summary>An alert as Alertmanager told it.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Annotations">What it tells people.</param>
internal sealed record ToldAlert(
    IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations)
{
    /// <summary>Its name.</summary>
    public string Name => Labels["alertname"];

    public override string ToString() => $"{Name}: {Annotations.GetValueOrDefault("description")}";
}

/// <summary>What Alertmanager's webhooks are sent to: it keeps every alert.</summary>
internal sealed class WebhookListener : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<ToldAlert> told = new();

    /// <summary>Listens from here on.</summary>
    public WebhookListener()
    {
        Uri = new($"http://127.0.0.1:{PeerServer.FreePort()}/");
        listener.Prefixes.Add(Uri.ToString());
        listener.Start();
        _ = ListenAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Uri { get; }

    /// <summary>All that was told, in its order.</summary>
    public IReadOnlyList<ToldAlert> Told => [.. told];

    public void Dispose() => listener.Close();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var call = await listener.GetContextAsync();
                using var body = await JsonDocument.ParseAsync(call.Request.InputStream);
                foreach (var alert in body.RootElement.GetProperty("alerts").EnumerateArray())
                {
                    told.Enqueue(new(Texts(alert, "labels"), Texts(alert, "annotations")));
                }

                call.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private static Dictionary<string, string> Texts(JsonElement alert, string key) =>
        alert.GetProperty(key).EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString()!);
}
