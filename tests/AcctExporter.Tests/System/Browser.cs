// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A real headless Chromium with one page, spoken to over its own protocol (DevTools). It hears every message of the
/// console, every error and every breach of a policy. It ends with the test.
/// </summary>
internal sealed class Browser : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string profile = Directory.CreateTempSubdirectory("browser-test").FullName;
    private readonly Process process;
    private readonly ClientWebSocket socket = new();
    private readonly List<string> complaints = [];
    private string session = "";
    private int calls;
    private int loads;

    private Browser() => process = Process.Start(new ProcessStartInfo(Tools.Chromium,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>What the console said, errors that nobody caught, and what the policy of a page forbade.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>Starts it with an empty page.</summary>
    public static async Task<Browser> StartAsync()
    {
        var browser = new Browser();
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch (Exception error) when (error is TimeoutException or WebSocketException or InvalidOperationException)
        {
            browser.Dispose();
            throw;
        }
    }

    /// <summary>Loads a page, to its end.</summary>
    public async Task OpenAsync(Uri page)
    {
        var before = loads;
        await CallAsync("Page.navigate", new JsonObject { ["url"] = page.ToString() });
        await UntilAsync(async () =>
        {
            await EvaluateAsync("0");
            return loads > before;
        }, $"{page} is loaded");
    }

    /// <summary>The value of an expression in the page; works without its script too.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new JsonObject
        {
            ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true,
        });
        return answer["exceptionDetails"] is { } error
            ? throw new InvalidOperationException($"{expression}: {error.ToJsonString()}")
            : answer["result"]!["value"];
    }

    /// <summary>The text of it.</summary>
    public async Task<string> TextAsync(string expression) => (await EvaluateAsync(expression))!.ToString();

    /// <summary>From the next page on, scripts of pages run or do not.</summary>
    public Task AllowScriptAsync(bool isAllowed) => CallAsync(
        "Emulation.setScriptExecutionDisabled", new JsonObject { ["value"] = !isAllowed });

    /// <summary>What the user prefers: light or dark.</summary>
    public Task PreferAsync(string scheme) => CallAsync("Emulation.setEmulatedMedia", new JsonObject
    {
        ["features"] = new JsonArray(
            new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }),
    });

    /// <summary>The size of the window, in CSS pixels.</summary>
    public Task ResizeAsync(int width, int height) => CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject
    {
        ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600,
    });

    /// <summary>A picture of the page as PNG.</summary>
    public async Task<byte[]> PictureAsync() => Convert.FromBase64String(
        (await CallAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png" }))["data"]!.ToString());

    /// <summary>Waits for something.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > Limit)
            {
                throw new TimeoutException($"not '{what}' after {clock.Elapsed}");
            }

            await Task.Delay(100);
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
        // Children that were just killed may still be writing to it.
        for (var turn = 0; turn < 20 && Directory.Exists(profile); turn++)
        {
            try
            {
                Directory.Delete(profile, recursive: true);
            }
            catch (IOException)
            {
                Thread.Sleep(100);
            }
        }
    }

    private async Task ConnectAsync()
    {
        using var patience = new CancellationTokenSource(Limit);
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("DevTools listening on ", StringComparison.Ordinal) == true)
            {
                address.TrySetResult(line.Data.Split(' ')[^1]);
            }
        };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await socket.ConnectAsync(new Uri(await address.Task.WaitAsync(patience.Token)), patience.Token);
        var targets = await CallAsync("Target.getTargets", []);
        var page = targets["targetInfos"]!.AsArray().First(target => target!["type"]!.ToString() == "page")!;
        session = (await CallAsync("Target.attachToTarget", new JsonObject
        {
            ["targetId"] = page["targetId"]!.ToString(), ["flatten"] = true,
        }))["sessionId"]!.ToString();
        await CallAsync("Page.enable", []);
        await CallAsync("Runtime.enable", []);
        await CallAsync("Log.enable", []);
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject parameters)
    {
        var id = ++calls;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session.Length > 0)
        {
            call["sessionId"] = session;
        }

        using var patience = new CancellationTokenSource(Limit);
        await socket.SendAsync(
            Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, true, patience.Token);
        while (true)
        {
            var message = await ReceiveAsync(patience.Token);
            if (message["id"]?.GetValue<int>() == id)
            {
                return message["error"] is { } error
                    ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : message["result"]!;
            }

            Hear(message);
        }
    }

    private void Hear(JsonNode message)
    {
        switch (message["method"]?.ToString())
        {
            case "Page.loadEventFired":
                loads++;
                break;
            case "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded"
                or "Page.javascriptDialogOpening":
                complaints.Add(message.ToJsonString());
                break;
            default:
                break;
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken patience)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, patience);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray()) ?? throw new JsonException("an empty message");
    }
}
