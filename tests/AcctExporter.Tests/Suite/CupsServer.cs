// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Suite;

/// <summary>
/// A real cupsd with its own files and socket, and two queues that print to files. Its printers print a page for each
/// line of a document that is not empty. It takes root.
/// </summary>
internal sealed class CupsServer : IDisposable
{
    /// <summary>A queue whose printer says at the end how many pages came out.</summary>
    public const string Laser = "laser";

    /// <summary>A queue whose printer says so page by page.</summary>
    public const string Single = "single";

    /// <summary>A backend, as printers have: it says how many pages came out, at the end or one by one.</summary>
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

    /// <summary>Starts it and makes the queues.</summary>
    public CupsServer()
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
        Run("/usr/sbin/lpadmin", "-p", Laser, "-E", "-v", $"paper:{here}/tmp/laser");
        Run("/usr/sbin/lpadmin", "-p", Single, "-E", "-v", $"paper:{here}/tmp/single");
    }

    /// <summary>The log of printed pages.</summary>
    public string PageLog => folder.Of("log/page_log");

    /// <summary>Hands a document in for a user; it is printed a moment later.</summary>
    public void Print(string queue, string user, string title, string document)
    {
        var file = folder.File("document", document);
        Run("/usr/bin/lp", "-d", queue, "-U", user, "-t", title, file);
    }

    /// <summary>Waits for something that comes with what was printed.</summary>
    public static void Until(Func<bool> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "it did not come in a minute");
            Thread.Sleep(20);
        }
    }

    public void Dispose()
    {
        server.Kill();
        server.WaitForExit();
        server.Dispose();
        folder.Dispose();
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
