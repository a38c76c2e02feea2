// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.RegularExpressions;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Cli;

/// <summary><c>timex</c> as it is called: times on standard error, the command's own exit code and streams.</summary>
public sealed class TimexTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(4_999, "0.00")]
    [InlineData(5_000, "0.01")]
    [InlineData(40_000, "0.04")]
    [InlineData(59_990_000, "59.99")]
    [InlineData(59_995_000, "1:00.00")]
    [InlineData(1_346_300_000, "22:26.30")]
    [InlineData(22_133_680_000, "6:08:53.68")]
    [InlineData(360_000_010_000, "100:00:00.01")]
    public void ATime_IsThatOfAClock(long microseconds, string expected) =>
        Assert.Equal(expected, TimexReport.Time(microseconds));

    [Fact]
    public void Times_AreThoseOfTheCommand()
    {
        var run = Shell($"{Program} timex sleep 0.25");

        var times = Regex.Match(run.Errors, @"^\nreal {8}(\d\.\d\d)\nuser {8}(\d\.\d\d)\nsys {9}(\d\.\d\d)\n\n$");
        Assert.True(times.Success, run.Errors);
        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.True(double.Parse(times.Groups[1].Value) >= 0.25, run.Errors);
    }

    /// <summary>The CPU time of a child that is waited for is the command's, as the shell itself counts it.</summary>
    [Fact]
    public void CpuTime_IsWithThatOfChildren()
    {
        var run = Shell(
            $"{Program} timex --format csv sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; times'");
        var user = double.Parse(run.Errors.Split("\r\n")[1].Split(',')[3]);
        var told = Regex.Match(run.Output, @"^(\d+)m([\d.]+)s");
        var shells = (60 * double.Parse(told.Groups[1].Value)) + double.Parse(told.Groups[2].Value);
        Assert.InRange(user, shells - 0.02, shells + 0.2);
        Assert.True(user > 0.01);
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("sh -c 'exit 3'", 3)]
    [InlineData("sh -c 'exit 255'", 255)]
    [InlineData("sh -c 'kill -9 $$'", 137)]
    [InlineData("sh -c 'kill -TERM $$'", 143)]
    [InlineData("-- sh -c 'exit 4'", 4)]
    [InlineData("--storage.path /nowhere sh -c 'exit 5'", 5)]
    [InlineData("no-such-command", 127)]
    [InlineData("/no/such/command", 127)]
    [InlineData("./plain", 126)]
    [InlineData(".", 126)]
    [InlineData("./script", 6)]
    [InlineData("./old -x y", 7)]
    [InlineData("-s true", 2)]
    [InlineData("", 2)]
    [InlineData("-Z true", 2)]
    public void TheExitCode_IsTheCommands(string line, int code)
    {
        const UnixFileMode runnable = (UnixFileMode)0x1ed; // 0755
        folder.File("plain", "x");
        File.SetUnixFileMode(folder.File("script", "#!/bin/sh\nexit 6\n"), runnable);
        File.SetUnixFileMode(folder.File("old", "[ \"$1$2\" = -xy ] && exit 7\n"), runnable);

        var run = Shell($"{Program} timex {line}");

        Assert.Equal(code, run.Code);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(
            code > 128 && code < 255,
            run.Errors.StartsWith("Command terminated abnormally.\n", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatItDoesNotDo_IsSaid()
    {
        Assert.Contains("--system: sysstat has it", Shell($"{Program} timex -s true").Errors, StringComparison.Ordinal);
        Assert.Contains("name a command to run", Shell($"{Program} timex -p").Errors, StringComparison.Ordinal);
    }

    /// <summary>Streams, words, bytes that are no UTF-8, environment, folder: as they are.</summary>
    [Fact]
    public void TheCommand_HasEverythingAsItIs()
    {
        var run = Shell(
            $"export ODD=$(printf 'a\\377b'); printf in | {Program} timex sh -c "
            + "'cat; printf \"%s|%s|%s|\" \"$1\" \"$2\" \"$ODD\" | od -An -tx1; pwd' "
            + "-- '-p -x' \"$(printf '\\351t\\351')\"");
        Assert.Equal(0, run.Code);
        Assert.Equal($"in 2d 70 20 2d 78 7c e9 74 e9 7c 61 ff 62 7c\n{folder.Path}\n", run.Output);
    }

    /// <summary>.NET ignores SIGPIPE, the command must not: it would never end.</summary>
    [Fact]
    public void ABrokenPipe_EndsTheCommand() => Assert.Equal(
        "y\n141\n", Shell($"{{ {Program} timex yes; echo $? >&2; }} 2>codes | head -1; tail -1 codes").Output);

    /// <summary>What nohup and a shell's &amp; have their commands ignore, they ignore under timex as well.</summary>
    [Theory]
    [InlineData("", "sh -c 'kill -INT $$; exit 5'", 130)]
    [InlineData("trap '' INT; ", "sh -c 'kill -INT $$; exit 5'", 5)]
    [InlineData("", "sh -c 'kill -QUIT $$; exit 5'", 131)]
    [InlineData("trap '' QUIT; ", "sh -c 'kill -QUIT $$; exit 5'", 5)]
    public void IgnoredSignals_StayIgnored(string before, string command, int code) =>
        Assert.Equal(code, Shell($"ulimit -c 0; {before}{Program} timex {command}").Code);

    /// <summary>Ctrl-C goes to both: the command ends or goes on as it will, and its times are told.</summary>
    [Fact]
    public void AnInterrupt_IsTheCommands()
    {
        // Not with the shell's &: what it puts into the background ignores the signal.
        const string Loop = "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.05; done";
        using var process = Process.Start(new ProcessStartInfo(
            "env", ["--default-signal=INT", "setsid", Program, "timex", "sh", "-c", Loop])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        Assert.Equal(0, Shell($"kill -INT -{process.Id}").Code);
        if (!process.WaitForExit(TimeSpan.FromSeconds(20)))
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.Equal((9, "caught\n"), (process.ExitCode, process.StandardOutput.ReadToEnd()));
        Assert.StartsWith("\nreal ", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    private (int Code, string Output, string Errors) Shell(string line)
    {
        // Whoever runs the tests may have them ignore what a shell's & ignores.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,QUIT", "bash", "-c", line])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
