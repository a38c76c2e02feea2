// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A real server of somebody else's, on a free port of 127.0.0.1, with a directory of its own. It ends with the test.
/// </summary>
internal abstract class PeerServer : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly string name;
    private readonly StringBuilder log = new();
    private Process? process;

    /// <summary>Chooses the port; nothing runs yet.</summary>
    protected PeerServer(string name)
    {
        this.name = name;
        Root = Directory.CreateTempSubdirectory($"{name}-test").FullName;
        Port = FreePort();
    }

    /// <summary>Its directory.</summary>
    public string Root { get; }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>What it wrote so far.</summary>
    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>The path that answers with 2xx when it serves.</summary>
    protected abstract string ReadyPath { get; }

    /// <summary>A port of 127.0.0.1 on which nobody listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The text at a path; what is no success is a failure of the test.</summary>
    public string Get(string path) => Client.GetStringAsync(At(path)).Result;

    /// <summary>The JSON at a path.</summary>
    public JsonDocument GetJson(string path) => JsonDocument.Parse(Get(path));

    /// <summary>Sends something to a path; the status.</summary>
    public HttpStatusCode Post(string path, HttpContent content)
    {
        using var answer = Client.PostAsync(At(path), content).Result;
        return answer.StatusCode;
    }

    /// <summary>Waits for a condition; says what the server said when it does not come.</summary>
    public void Until(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Limit || process is not { HasExited: false })
            {
                throw new TimeoutException($"{name}: not '{what}' after {clock.Elapsed}: {Trouble()} {Log}");
            }

            Thread.Sleep(100);
        }
    }

    /// <summary>True when it serves.</summary>
    public bool Answers()
    {
        try
        {
            using var answer = Client.GetAsync(At(ReadyPath)).Result;
            return answer.IsSuccessStatusCode;
        }
        catch (AggregateException error) when (error.InnerException is HttpRequestException or IOException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            process.WaitForExit();
        }

        process?.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Starts the program in its directory.</summary>
    protected void Start(string program, params IEnumerable<string> arguments)
    {
        process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Root,
        })!;
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>What is known besides its log of why something does not come.</summary>
    protected virtual string Trouble() => "";

    private Uri At(string path) => new($"http://{Address}/{path.TrimStart('/')}");

    private void Hear(string? line)
    {
        lock (log)
        {
            log.AppendLine(line);
        }
    }
}
