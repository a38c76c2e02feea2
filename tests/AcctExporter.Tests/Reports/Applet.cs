// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>Our classic commands in this process, by their command lines, with a clock that stands still.</summary>
internal static class Applet
{
    /// <summary>Runs one.</summary>
    /// <param name="name">The command.</param>
    /// <param name="arguments">What follows it.</param>
    /// <param name="now">What the clock says, in seconds since 1970.</param>
    /// <param name="zone">The zone it is in.</param>
    /// <param name="input">Its standard input; nothing: an empty one.</param>
    public static ToolResult Run(
        string name, IEnumerable<string> arguments, long now, string zone = "UTC", byte[]? input = null)
    {
        using var output = new MemoryStream();
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var io = new ReportIo(new MemoryStream(input ?? []), output, errors, new StandingClock(now, zone));
        var root = new RootCommand();
        foreach (var applet in Applets.All(io))
        {
            root.Add(applet);
        }

        var parsed = SettingFlags.Parse(root, Applets.Arguments(root, name, [.. arguments]));
        if (parsed.Errors.Count > 0)
        {
            SettingFlags.Tell(SettingFlags.FaultsOf(parsed), errors);
            return new ToolResult([], errors.ToString(), ExitCode.Usage);
        }

        var code = parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            Output = TextWriter.Null,
        });
        return new ToolResult(output.ToArray(), errors.ToString(), code);
    }

    /// <summary>A fixture, by its name.</summary>
    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "wtmp", name);

    /// <summary>Bytes as <c>cat -v</c> shows them, of which the files of expectations are made.</summary>
    public static string Shown(ReadOnlySpan<byte> bytes)
    {
        var shown = new StringBuilder();
        foreach (var value in bytes)
        {
            var low = (byte)(value & 0x7f);
            if (value is (byte)'\n' or (byte)'\t')
            {
                shown.Append((char)value);
                continue;
            }

            shown.Append(value >= 0x80 ? "M-" : "");
            shown.Append(low < 0x20 ? $"^{(char)(low + 0x40)}" : low == 0x7f ? "^?" : $"{(char)low}");
        }

        return shown.ToString();
    }

    private sealed class StandingClock(long now, string zone) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.FindSystemTimeZoneById(zone);

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(now);
    }
}
