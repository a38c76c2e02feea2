// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Reports;

/// <summary>What a program did.</summary>
/// <param name="Output">Its standard output, byte by byte.</param>
/// <param name="Errors">Its standard error; each byte a character.</param>
/// <param name="ExitCode">Its exit code; 128 and the signal's number when a signal ended it.</param>
internal sealed record ToolResult(byte[] Output, string Errors, int ExitCode)
{
    /// <summary>Its standard output; each byte a character.</summary>
    public string Text => Encoding.Latin1.GetString(Output);

    /// <summary>The lines of its standard output, in the order of their bytes.</summary>
    public string[] SortedLines => [.. Text.Split('\n').Order(StringComparer.Ordinal)];
}

/// <summary>
/// Real tools (util-linux, GNU acct) in an environment of their own: a clock that stands still, one time zone, the C
/// locale, a time limit. Tests that run them are of the lane peers; a tool that is missing fails them.
/// </summary>
internal static class ClassicTool
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>GNU ac.</summary>
    public static string Ac => Tools.Installed("/usr/bin/ac", "acct");

    /// <summary>GNU sa.</summary>
    public static string Sa => Tools.Installed("/usr/sbin/sa", "acct");

    /// <summary>GNU lastcomm.</summary>
    public static string Lastcomm => Tools.Installed("/usr/bin/lastcomm", "acct");

    /// <summary>GNU dump-acct.</summary>
    public static string DumpAcct => Tools.Installed("/usr/sbin/dump-acct", "acct");

    /// <summary>GNU dump-utmp.</summary>
    public static string DumpUtmp => Tools.Installed("/usr/sbin/dump-utmp", "acct");

    /// <summary>last of util-linux (a link of the name lastb shows failed logins).</summary>
    public static string Last => Tools.Installed("/usr/bin/last", "util-linux");

    /// <summary>lastb of util-linux.</summary>
    public static string Lastb => Tools.Installed("/usr/bin/lastb", "util-linux");

    /// <summary>utmpdump of util-linux.</summary>
    public static string Utmpdump => Tools.Installed("/usr/bin/utmpdump", "util-linux");

    /// <summary>Runs one, and waits for its end.</summary>
    /// <param name="program">Its full path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="now">What its clock says, in seconds since 1970; 0: the host's clock.</param>
    /// <param name="zone">TZ: <c>Europe/Berlin</c>, <c>UTC</c>.</param>
    /// <param name="input">Its standard input; nothing: an empty one.</param>
    /// <param name="directory">Where it is run: names of files in messages can be short then.</param>
    /// <exception cref="TimeoutException">It did not end within a minute, and was killed.</exception>
    public static ToolResult Run(
        string program, IEnumerable<string> arguments, long now, string zone = "UTC", byte[]? input = null,
        string? directory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.Latin1,
            WorkingDirectory = directory ?? "",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = zone;
        if (now != 0)
        {
            start.Environment["LD_PRELOAD"] = Tools.FixedTime;
            start.Environment["FIXED_NOW"] = now.ToString(CultureInfo.InvariantCulture);
        }

        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        var copied = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = process.StandardError.ReadToEndAsync();
        var given = Task.Run(() => Give(process, input ?? []));
        if (!process.WaitForExit(Limit))
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} does not end");
        }

        Task.WaitAll(copied, errors, given);
        return new ToolResult(output.ToArray(), errors.Result, process.ExitCode);
    }

    private static void Give(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of it.
        }
    }
}
