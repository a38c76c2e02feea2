// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// The built agent as a process of its own, in an <see cref="AccountingNamespace"/> or, for read-only sources, outside
/// of any. It answers on a free port of 127.0.0.1 and keeps its state in the directory that the test gives it.
/// </summary>
internal sealed partial class AgentProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly Process starter;
    private readonly StringBuilder log = new();
    private readonly TaskCompletionSource<string> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool isDisposed;

    /// <summary>Starts <c>acct-exporter serve</c>; returns before it listens.</summary>
    /// <param name="inside">Where to start it; null: where the test runs.</param>
    /// <param name="state">Holds <c>segments</c> and <c>storage</c>.</param>
    /// <param name="crashAt">A crash point (<c>after-block:3</c>), or null.</param>
    /// <param name="flags">
    /// More flags of <c>serve</c>. With <c>--web.listen-address</c> among them it answers there only.
    /// </param>
    public AgentProcess(AccountingNamespace? inside, string state, string? crashAt, params string[] flags)
        : this(inside, state, crashAt, [], flags)
    {
    }

    private AgentProcess(
        AccountingNamespace? inside, string state, string? crashAt, string[] wrapper, string[] flags)
    {
        string[] command =
        [
            .. wrapper, Program, "serve",
            .. Standard(state).Where(flag => !Array.Exists(flags, own => own.Split('=')[0] == flag.Split('=')[0])),
            .. flags,
        ];
        if (inside is not null)
        {
            command = ["nsenter", "-t", $"{inside.FirstPid}", "-p", "-m", "--", .. command];
        }

        var start = new ProcessStartInfo(command[0]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        if (crashAt is not null)
        {
            start.Environment["ACCT_EXPORTER_CRASH_AT"] = crashAt;
        }

        IsInside = inside is not null;
        starter = Process.Start(start)!;
        starter.ErrorDataReceived += (_, line) => Hear(line.Data);
        starter.OutputDataReceived += (_, _) => { };
        starter.BeginErrorReadLine();
        starter.BeginOutputReadLine();
    }

    /// <summary>Starts it through a program that becomes it: setpriv, unshare.</summary>
    public static AgentProcess Through(
        string[] wrapper, AccountingNamespace? inside, string state, params string[] flags) =>
        new(inside, state, null, wrapper, flags);

    /// <summary>The program under test: built with the tests, beside them.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "acct-exporter");

    /// <summary>Everything it wrote to stderr.</summary>
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

    /// <summary>True until the process has ended.</summary>
    public bool IsRunning => !starter.HasExited;

    /// <summary>True once it has said where it answers.</summary>
    public bool HasAddress => address.Task.IsCompletedSuccessfully;

    private bool IsInside { get; }

    /// <summary>The agent's process id as the test numbers it: the child of nsenter, or the process itself.</summary>
    public int Pid => IsInside
        ? int.Parse(
            File.ReadAllText($"/proc/{starter.Id}/task/{starter.Id}/children").Split(' ')[0],
            CultureInfo.InvariantCulture)
        : starter.Id;

    /// <summary>Where it answers, once it says so.</summary>
    public string Address => address.Task.Wait(Limit) ? address.Task.Result
        : throw new TimeoutException("the agent does not listen: " + Log);

    /// <summary>Waits until /-/ready says 200.</summary>
    public void WaitUntilReady() => Until(() => Get("/-/ready").Code == 200, "ready");

    /// <summary>One scrape, as the last resort of formats. Fails when /metrics does not answer 200.</summary>
    public Scraped Scrape()
    {
        var (code, body) = Get("/metrics");
        return code == 200 ? Scraped.Parse(body)
            : throw new InvalidOperationException($"/metrics: {code} {body} {Log}");
    }

    /// <summary>A request; code 0 when nobody answers (any more).</summary>
    public (int Code, string Body) Get(string path) => Ask(HttpMethod.Get, path);

    /// <summary>The same with POST, and no body.</summary>
    public (int Code, string Body) Post(string path) => Ask(HttpMethod.Post, path);

    private (int Code, string Body) Ask(HttpMethod method, string path)
    {
        try
        {
            using var request = new HttpRequestMessage(method, Address + path.TrimStart('/'));
            using var answer = Client.SendAsync(request).Result;
            return ((int)answer.StatusCode, answer.Content.ReadAsStringAsync().Result);
        }
        catch (AggregateException error) when (error.InnerException is HttpRequestException or IOException
            or global::System.Net.Sockets.SocketException)
        {
            return (0, error.InnerException.Message);
        }
    }

    /// <summary>Waits for a condition, with what the agent said when it does not come.</summary>
    public void Until(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Limit || (!IsRunning && what != "end"))
            {
                throw new TimeoutException($"not '{what}' after {clock.Elapsed}: {Log}");
            }

            Thread.Sleep(10);
        }
    }

    /// <summary>SIGKILL, and nothing before it.</summary>
    public void Kill()
    {
        Signal("KILL");
        WaitForEnd();
    }

    /// <summary>SIGTERM, and waits; returns the exit code.</summary>
    public int Stop()
    {
        Signal("TERM");
        return WaitForEnd();
    }

    /// <summary>Waits for the end that is coming anyway; returns the exit code.</summary>
    public int WaitForEnd()
    {
        if (!starter.WaitForExit(Limit))
        {
            throw new TimeoutException("the agent does not end: " + Log);
        }

        starter.WaitForExit();
        return starter.ExitCode;
    }

    /// <summary>Sends it a signal by name.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{Pid}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        if (IsRunning)
        {
            starter.Kill(entireProcessTree: true);
            starter.WaitForExit();
        }

        starter.Dispose();
    }

    private static string[] Standard(string state) =>
    [
        "--web.listen-address=127.0.0.1:0", $"--accounting.path={state}/segments", $"--storage.path={state}/storage",
    ];

    private void Hear(string? line)
    {
        if (line is null)
        {
            address.TrySetException(new InvalidOperationException("the agent ended before it listened: " + Log));
            return;
        }

        lock (log)
        {
            log.AppendLine(line);
        }

        if (ListeningLine().Match(line) is { Success: true } match)
        {
            address.TrySetResult(match.Groups[1].Value);
        }
    }

    [GeneratedRegex(@"listening on (https?://[^\s""]+)")]
    private static partial Regex ListeningLine();
}
