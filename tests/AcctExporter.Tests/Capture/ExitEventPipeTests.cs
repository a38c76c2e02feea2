// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.RegularExpressions;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Capture;

/// <summary>The program itself with its events on standard output, which somebody reads, or not.</summary>
public sealed partial class ExitEventPipeTests : IDisposable
{
    private const int Exits = 50_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory temporary = new();
    private readonly Process agent;

    public ExitEventPipeTests()
    {
        var file = temporary.Of("pacct");
        File.WriteAllBytes(file, new AcctFileGenerator(7) { HostileNames = true }.File(Exits));
        agent = Process.Start(new ProcessStartInfo(AgentProcess.Program,
        [
            "serve", $"--source={file}", $"--storage.path={temporary.Of("storage")}",
            "--web.listen-address=127.0.0.1:0", "--events.file=-", "--events.select=all",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    public void Dispose()
    {
        if (!agent.HasExited)
        {
            agent.Kill();
            agent.WaitForExit();
        }

        agent.Dispose();
        temporary.Dispose();
    }

    /// <summary>A pipe that is full holds up neither the counting nor the end.</summary>
    [Fact]
    public void PipeThatNobodyReads_HoldsUpNothing()
    {
        Assert.Contains("ready: ", HearUntil("ready: "));
        var clock = Stopwatch.StartNew();
        var log = End();
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.5, 10);
        var left = LeftLine().Match(log);
        Assert.True(left.Success, log);
        // The ring was full, and the batch that is in the pipe's mouth is not over.
        Assert.InRange(int.Parse(left.Groups[1].Value), 8192, 8192 + 500);
    }

    [Fact]
    public void PipeThatWasClosed_IsSaidOnce_AndHoldsUpNothing()
    {
        agent.StandardOutput.Close();
        HearUntil("Broken pipe");
        Thread.Sleep(1500);
        var log = End();
        Assert.DoesNotContain("Broken pipe", log);
        Assert.Contains("exit events were not written before the end", log);
    }

    [Fact]
    public async Task PipeThatIsRead_GetsWholeLines()
    {
        var lines = 0;
        var reader = Task.Run(() =>
        {
            while (agent.StandardOutput.ReadLine() is { } line)
            {
                lines++;
                Assert.StartsWith("{\"time\":\"", line);
                Assert.EndsWith("}", line);
            }
        });
        HearUntil("ready: ");
        var log = End();
        await reader.WaitAsync(Limit);
        Assert.InRange(lines, 8192, Exits);
        Assert.DoesNotContain("not written", log);
    }

    /// <summary>SIGTERM; what it says from there to its end.</summary>
    private string End()
    {
        using (var kill = Process.Start("kill", ["-s", "TERM", $"{agent.Id}"]))
        {
            kill.WaitForExit();
        }

        var rest = agent.StandardError.ReadToEndAsync();
        Assert.True(agent.WaitForExit(Limit), "the agent does not end");
        Assert.Equal(0, agent.ExitCode);
        return rest.Result;
    }

    private string HearUntil(string words)
    {
        var heard = "";
        while (agent.StandardError.ReadLine() is { } line)
        {
            heard += line + "\n";
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return heard;
            }
        }

        throw new InvalidOperationException(heard);
    }

    [GeneratedRegex(@"(\d+) exit events were not written before the end")]
    private static partial Regex LeftLine();
}
