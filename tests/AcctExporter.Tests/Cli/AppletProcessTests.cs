// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Reports;

namespace AcctExporter.Tests.Cli;

/// <summary>The classic commands as they are called: the built program, by its name or through a link.</summary>
public class AppletProcessTests
{
    private const string Listed = "alice    tty1                          Sun Mar  1 10:00 - 11:30  (01:30)";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");

    [Fact]
    public void ALinkOfItsName_AndTheCommandOfItsName_AreTheSame()
    {
        using var folder = new TemporaryDirectory();
        File.CreateSymbolicLink(folder.Of("last"), Program);
        File.CreateSymbolicLink(folder.Of("other"), Program);
        var file = Applet.Fixture("basic.wtmp");

        var linked = Shell(folder, $"./last -2 -n1 -f {file} alice");
        Assert.Equal((0, $"{Listed}\n\nbasic.wtmp begins Sun Mar  1 08:00:00 2026\n", ""), linked);
        Assert.Equal(linked, Shell(folder, $"PATH=.:$PATH last -1 -f {file} alice"));
        Assert.Equal(linked, Shell(folder, $"./other last -1 -f {file} alice"));
        Assert.Equal(2, Shell(folder, $"./other -1 -f {file}").Code);
    }

    [Fact]
    public void AReaderThatGoesAway_IsNoFailure()
    {
        using var folder = new TemporaryDirectory();
        using (var file = File.Create(folder.Of("wtmp")))
        {
            new Logins.WtmpGenerator(1).Write(file, 20_000);
        }

        var (code, output, errors) = Shell(
            folder, $"set -o pipefail; {Program} last -f wtmp | head -1 | wc -l", "bash");
        Assert.Equal((0, "1", ""), (code, output.Trim(), errors));
    }

    [Theory]
    [InlineData("last -f basic.wtmp > /dev/full", 1, "No space left on device")]
    [InlineData("last -f /nowhere/wtmp", 3, "last: cannot read /nowhere/wtmp: ")]
    [InlineData("last -f .", 3, "last: cannot read .: ")]
    [InlineData("last -f partial.wtmp", 4, "last: partial.wtmp ends with 100 bytes of a partial record")]
    [InlineData("last --no-such", 2, "--no-such: there is no such flag")]
    [InlineData("lastb -s never", 2, "--since: 'never' is no time")]
    [InlineData("last -f", 2, "Required argument missing for option: '-f'")]
    public void WhatGoesWrong_IsToldOnStderr_WithItsExitCode(string line, int code, string message)
    {
        using var folder = new TemporaryDirectory();
        File.Copy(Applet.Fixture("basic.wtmp"), folder.Of("basic.wtmp"));
        File.Copy(Applet.Fixture("partial.wtmp"), folder.Of("partial.wtmp"));

        var (ended, _, errors) = Shell(folder, $"{Program} {line}");
        Assert.Equal(code, ended);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void AskedForIt_ItSaysItsVersionAndWhatItKnows()
    {
        using var folder = new TemporaryDirectory();
        Assert.Matches("^last: acct-exporter [0-9.]+\n$", Shell(folder, $"{Program} last -V").Output);
        Assert.Contains("--time-format", Shell(folder, $"{Program} lastb -h").Output, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Errors) Shell(
        TemporaryDirectory folder, string line, string shell = "sh")
    {
        var start = new ProcessStartInfo(shell, ["-c", line])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TZ"] = "UTC";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
