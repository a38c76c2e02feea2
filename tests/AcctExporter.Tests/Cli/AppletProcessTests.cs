// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Cli;
using AcctExporter.Reports;
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

    /// <summary>One that is asked for is made alone, by the name that it has in the tree of commands.</summary>
    [Fact]
    public void EachName_IsThatOfItsCommand()
    {
        var io = new ReportIo(Stream.Null, Stream.Null, TextWriter.Null, TimeProvider.System);
        Assert.Equal(Applets.All(io).Select(applet => applet.Name), Applets.Names);
        Assert.All(Applets.Names, name => Assert.Equal(name, Applets.Called(io, "/usr/bin/" + name, ["x"])?.Name));
        Assert.All(Applets.Names, name => Assert.Equal(name, Applets.Called(io, "acct-exporter", [name, "x"])?.Name));
        Assert.Null(Applets.Called(io, "acct-exporter", ["serve", "last"]));
        Assert.Null(Applets.Called(io, "acct-exporter", []));

        var all = CommandTree.All(io).Subcommands.Select(command => command.Name).ToArray();
        Assert.All(all, name => Assert.Equal(
            [name], CommandTree.For(io, "acct-exporter", [name, "x"]).Subcommands.Select(command => command.Name)));
        Assert.Equal(all, CommandTree.For(io, "acct-exporter", ["serv"]).Subcommands.Select(command => command.Name));
        Assert.Equal(all, CommandTree.For(io, "acct-exporter", []).Subcommands.Select(command => command.Name));
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
    [InlineData("last -f basic.wtmp > /dev/full", 1, "last: cannot write standard output: No space left on device\n")]
    [InlineData("last -f /nowhere/wtmp", 3, "last: cannot read /nowhere/wtmp: No such file or directory\n")]
    [InlineData("last -f .", 3, "last: cannot read .: Is a directory\n")]
    [InlineData("ac -f .", 3, "ac: cannot read .: Is a directory; name another file with -f\n")]
    [InlineData("fwtmp < .", 3, "fwtmp: cannot read standard input: Is a directory\n")]
    [InlineData("acctcon --carry /nowhere/x < basic.wtmp", 1, "acctcon: cannot write /nowhere/x.new: No such")]
    [InlineData("utmpdump --follow /nowhere/wtmp", 3, "utmpdump: cannot read /nowhere/wtmp: No such file")]
    [InlineData("lastlogin --wtmp basic.wtmp --passwd /nowhere", 3, "lastlogin: cannot read /nowhere: No such file")]
    [InlineData("lastlogin --lastlog2 /nowhere", 3, "lastlogin: cannot read /nowhere: No such file or directory")]
    [InlineData("lastlogin --compat --format json", 2, "lastlogin: --format: with --compat there is")]
    [InlineData("lastlogin --no-such", 2, "lastlogin: --no-such: there is no such flag")]
    [InlineData("wtmpfix --compta basic.wtmp", 2, "; did you mean '--compat'?\nwtmpfix: --help says what there is\n")]
    [InlineData("utmpdump -- -x", 2, "utmpdump: -x: there is no such flag")]
    [InlineData("last -f partial.wtmp", 4, "last: partial.wtmp ends with 100 bytes of a partial record")]
    [InlineData("last --no-such", 2, "--no-such: there is no such flag")]
    [InlineData("lastb -s never", 2, "--since: 'never' is no time")]
    [InlineData("last -f", 2, "last: Required argument missing for option: '-f'")]
    [InlineData("sa ''", 3, "sa: cannot read '': No such file or directory\n")]
    [InlineData("acctprc1 ''", 3, "acctprc1: cannot read '': No such file or directory\n")]
    [InlineData("utmpdump ''", 3, "utmpdump: cannot read '': No such file or directory\n")]
    [InlineData("sa --command '' basic.wtmp", 2, "sa: --command: its value is empty\n")]
    [InlineData("lastcomm --exit-code= -f basic.wtmp", 2, "lastcomm: --exit-code: its value is empty\n")]
    [InlineData("last -t '' -f basic.wtmp", 2, "its value is empty\n")]
    [InlineData("sa --storage.path /nowhere", 3, "sa: there is no journal in /nowhere: name the place that the agent")]
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

    /// <summary>The exit code is still what it would be, and that of the command for timex.</summary>
    [Theory]
    [InlineData("lastcomm -f /nowhere/pacct 2> /dev/full", 3)]
    [InlineData("sa --no-such 2> /dev/full", 2)]
    [InlineData("timex sh -c 'exit 7' 2> /dev/full", 7)]
    [InlineData("timex sh -c 'exit 7' 2>&-", 7)]
    public void MessagesThatNobodyTakes_StopNothing(string line, int code)
    {
        using var folder = new TemporaryDirectory();
        Assert.Equal((code, "", ""), Shell(folder, $"{Program} {line}"));
    }

    /// <summary>What .NET sends to make keys readable is nothing that a report should leave on a terminal.</summary>
    [Theory]
    [InlineData("lastcomm -f pacct")]
    [InlineData("last -f basic.wtmp")]
    [InlineData("sa --by command pacct")]
    public void ATerminal_IsSentNoControls(string line)
    {
        using var folder = new TemporaryDirectory();
        File.Copy(Applet.Fixture("basic.wtmp"), folder.Of("basic.wtmp"));
        File.Copy(Applet.Fixture("../pacct/synth-mix.pacct"), folder.Of("pacct"));
        var output = Shell(folder, $"TERM=xterm script -qec '{Program} {line}' /dev/null").Output;
        Assert.Contains('\n', output);
        Assert.DoesNotContain("\x1b", output, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAreWritten_AsGetoptTakesThem()
    {
        using var folder = new TemporaryDirectory();
        var file = Applet.Fixture("basic.wtmp");
        Assert.Equal((0, ""), Ended(Shell(folder, $"{Program} utmpdump --out=text {file}")));
        Assert.Equal((0, ""), Ended(Shell(folder, $"{Program} utmpdump --rev -oagain text && cmp again {file}")));
        Assert.Equal((0, ""), Ended(Shell(folder, $"{Program} acctcon1 -ptlfile --hol /dev/null < {file}")));

        static (int Code, string Errors) Ended((int Code, string Output, string Errors) run) =>
            (run.Code, string.Concat(run.Errors.Split('\n').Where(line =>
                !line.StartsWith("Utmp", StringComparison.Ordinal)
                && !line.Contains("/dev/null", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("EST5EDT,M3.2.0,M11.1.0", true)]
    [InlineData("nonsense", true)]
    [InlineData(":Europe/Berlin", false)]
    [InlineData("UTC0", false)]
    [InlineData("", false)]
    public void AZoneThatIsNotKnown_IsTold(string zone, bool isTold)
    {
        using var folder = new TemporaryDirectory();
        var errors = Shell(folder, $"TZ='{zone}' {Program} last -f {Applet.Fixture("basic.wtmp")}").Errors;
        Assert.Equal(isTold, errors.StartsWith($"last: TZ={zone}: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("last -f wtmp.1.gz", "it is compressed: unpack it")]
    [InlineData("ac -f wtmp.1.gz", "it is compressed: unpack it")]
    [InlineData("utmpdump wtmp.1.gz", "it is compressed: unpack it")]
    [InlineData("lastlogin --wtmp wtmp.1.gz", "it is compressed: unpack it")]
    [InlineData("wtmpfix wtmp.db", "it is a SQLite database: last")]
    public void WhatHasNoRecordsAsItIs_IsNotTakenForThem(string line, string message)
    {
        using var folder = new TemporaryDirectory();
        File.Copy(Applet.Fixture("../wtmpdb/wtmp.db"), folder.Of("wtmp.db"));
        var (code, output, errors) = Shell(
            folder, $"gzip < {Applet.Fixture("basic.wtmp")} > wtmp.1.gz; {Program} {line}");
        Assert.Equal((3, ""), (code, output));
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void APipe_IsReadOnce()
    {
        using var folder = new TemporaryDirectory();
        var file = Applet.Fixture("basic.wtmp");
        var (code, output, _) = Shell(folder, $"mkfifo pipe; cat {file} > pipe & timeout 20 {Program} last -f pipe");
        Assert.Equal(0, code);
        Assert.Contains(Listed, output, StringComparison.Ordinal);
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
