// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Logins;

/// <summary>
/// Programs of Debian 13 (wtmpdb 0.73, lastlog2 2.41) started by their own C library's loader, whatever this machine
/// has.
/// </summary>
internal static class RealWtmpdb
{
    private static readonly string[] Loader = LoaderOf(Tools.Wtmpdb);

    /// <summary><c>wtmpdb</c>.</summary>
    public static string Wtmpdb(params string[] arguments) => Run([Tools.Wtmpdb + "/usr/bin/wtmpdb", .. arguments]);

    /// <summary><c>lastlog2</c>.</summary>
    public static string Lastlog2(params string[] arguments) => Run([Tools.Wtmpdb + "/usr/bin/lastlog2", .. arguments]);

    /// <summary>tests/tools/logins.c.</summary>
    public static string Logins(params string[] arguments) => Run([Tools.Logins, .. arguments]);

    /// <summary>The same, not waited for.</summary>
    public static Process StartLogins(params string[] arguments) => Start([Tools.Logins, .. arguments]);

    /// <summary>sqlite3(1), a writer with manners of its own, with lines as it takes them.</summary>
    public static Process StartSqlite(string path, params string[] lines)
    {
        var start = new ProcessStartInfo(Tools.Installed("/usr/bin/sqlite3", "sqlite3"), ["-bail", path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.StandardInput.Write(string.Join('\n', lines) + "\n");
        process.StandardInput.Close();
        return process;
    }

    /// <summary>What it said, when it ended well.</summary>
    public static string Ended(Process process)
    {
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {output}{errors.Result}");
            return output;
        }
    }

    private static string Run(IEnumerable<string> command) => Ended(Start(command));

    private static Process Start(IEnumerable<string> command)
    {
        var start = new ProcessStartInfo(Loader[0], [.. Loader[1..], .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TZ"] = "UTC";
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start)!;
    }

    private static string[] LoaderOf(string root)
    {
        var libraries = Path.GetDirectoryName(Directory.GetFiles(root + "/usr/lib", "libc.so.6", new EnumerationOptions
        {
            RecurseSubdirectories = true,
        }).Single())!;
        return [Directory.GetFiles(libraries, "ld-linux-*").Single(), "--library-path", libraries];
    }
}
