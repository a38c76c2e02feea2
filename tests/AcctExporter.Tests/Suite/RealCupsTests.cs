// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;
using Microsoft.Extensions.Logging.Abstractions;

namespace AcctExporter.Tests.Suite;

/// <summary>A real cupsd with queues that print to files: what it writes to page_log is charged once.</summary>
[Trait("Lane", "peers")]
public sealed class RealCupsTests : IDisposable
{
    /// <summary>
    /// A backend, as those of printers are: it says how many pages came out, at the end or one by one.
    /// </summary>
    private const string Backend = """
        #!/bin/sh
        if [ $# = 0 ]; then echo 'direct paper:/ "x" "x"'; exit 0; fi
        out=${DEVICE_URI#paper:}
        if [ $# = 6 ]; then cat "$6"; else cat; fi > "$out"
        pages=$(grep -c . "$out")
        case $out in
          *single) for page in $(seq "$pages"); do echo "PAGE: $page 1" >&2; done ;;
          *) echo "PAGE: total $pages" >&2 ;;
        esac

        """;

    private const UnixFileMode RootOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryDirectory folder = new();
    private readonly Process server;

    public RealCupsTests()
    {
        foreach (var name in (string[])["etc", "spool", "cache", "run", "log", "tmp", "bin/backend"])
        {
            Directory.CreateDirectory(folder.Of(name));
        }

        foreach (var name in (string[])["daemon", "notifier"])
        {
            Directory.CreateSymbolicLink(folder.Of("bin/" + name), "/usr/lib/cups/" + name);
        }

        // One that others may not run is run as root: the folder is root's.
        File.SetUnixFileMode(folder.File("bin/backend/paper", Backend), RootOnly);
        var here = folder.Path;
        folder.File("etc/cups-files.conf", $"""
            ServerRoot {here}/etc
            ServerBin {here}/bin
            RequestRoot {here}/spool
            CacheDir {here}/cache
            StateDir {here}/run
            TempDir {here}/tmp
            AccessLog {here}/log/access_log
            ErrorLog {here}/log/error_log
            PageLog {here}/log/page_log
            SystemGroup root
            User nobody
            Group nogroup
            Printcap

            """);
        folder.File("etc/cupsd.conf", $$"""
            Listen {{here}}/run/sock
            PageLogFormat %p %u %j %T %P %C %{job-billing} %{job-originating-host-name} %{job-name} %{media} %{sides}
            MaxLogSize 1000
            MaxJobs 0
            Browsing No
            DefaultAuthType None
            <Location />
              Order allow,deny
            </Location>
            <Policy default>
              <Limit All>
                Order allow,deny
              </Limit>
            </Policy>

            """);
        server = Process.Start(new ProcessStartInfo(
            Tools.Installed("/usr/sbin/cupsd", "cups-daemon"),
            ["-f", "-c", folder.Of("etc/cupsd.conf"), "-s", folder.Of("etc/cups-files.conf")])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        Until(() => File.Exists(folder.Of("run/sock")));
        Run("/usr/sbin/lpadmin", "-p", "laser", "-E", "-v", $"paper:{here}/tmp/laser");
        Run("/usr/sbin/lpadmin", "-p", "single", "-E", "-v", $"paper:{here}/tmp/single");
    }

    public void Dispose()
    {
        server.Kill();
        server.WaitForExit();
        server.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Jobs_AreChargedOnce_ThroughItsOwnRotation()
    {
        var paths = new SuitePaths(folder.Of("suite"));
        var log = folder.Of("log/page_log");
        using var follower = new PageLogFollower(
            paths, log, name => name.AsSpan().SequenceEqual("daemon"u8) ? 1u : null, NullLogger.Instance);
        Assert.True(follower.Pass());

        var file = folder.File("document", "one\ntwo\nthree\n");
        const int rounds = 12;
        for (var round = 0; round < rounds; round++)
        {
            Run("/usr/bin/lp", "-d", "laser", "-U", "daemon", "-t", "my [01/Jan/2026:00:00:00 +0000] total 99", file);
            Run("/usr/bin/lp", "-d", "single", "-U", "guest user", file);
            // cupsd 2.4 adds up what its backends say one by one.
            var lines = (ulong)(2 * (round + 1));
            Until(() => follower.Pass() && follower.Figures.Lines >= lines);
        }

        Assert.True(File.Exists(log + ".O"), "cupsd did not rotate its log");
        Assert.Equal((0UL, 0UL), (follower.Figures.Gaps, follower.Figures.BadLines));
        Assert.Equal(
            ["daemon laser 36 12", "guest user single 36 12"],
            follower.Figures.Pages.Select(each => $"{Text(each.User)} {Text(each.Printer)} {each.Pages} {each.Jobs}"));

        var table = new UserTable<TacctSums>();
        var taken = paths.OfNite("qacct", new(2026, 7, 2));
        Assert.True(follower.Take(taken));
        using var qacct = File.OpenRead(taken);
        QacctFile.Read(qacct, table, number => Assert.Fail($"line {number}"));
        Assert.Equal("1 daemon 36|4294967295 guest user 36", PrintTests.Shown(table, each => each.PrintedPages));
    }

    private static string Text(byte[] text) => System.Text.Encoding.ASCII.GetString(text);

    private static void Until(Func<bool> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "it did not come in a minute");
            Thread.Sleep(20);
        }
    }

    private void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Tools.Installed(program, "cups-client"), arguments)
        {
            RedirectStandardOutput = true,
        };
        start.Environment["CUPS_SERVER"] = folder.Of("run/sock");
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
