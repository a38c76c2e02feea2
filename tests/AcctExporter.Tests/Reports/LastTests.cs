// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// <c>last</c> and <c>lastb</c> on the fixtures, beside which lies what util-linux 2.38.1 printed; and what they print
/// instead.
/// </summary>
public sealed partial class LastTests
{
    /// <summary>2 June 2027, 00:00 UTC.</summary>
    private const long Now = 1_811_894_400;

    private static readonly string[] Fixtures =
        ["basic", "clock", "crash", "midnight", "neg", "odd", "open", "warp", "failed"];

    public static TheoryData<string, string> Expectations
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (name, line) in Fixtures.SelectMany(name => Read(name).Select(said => (name, said.Line))))
            {
                data.Add(name, line);
            }

            return data;
        }
    }

    /// <summary>
    /// The same bytes; but a shutdown after which nothing comes has no end in 1970, and control characters in a name
    /// are shown.
    /// </summary>
    [Theory]
    [MemberData(nameof(Expectations))]
    public void AFixture_IsListedAsUtilLinuxDoes(string name, string line)
    {
        var expected = Read(name).Single(said => said.Line == line).Output;
        var words = line.Split(' ');
        var ours = Run(words[0], words[1..^2], words[^1], NowOf(name));

        Assert.Equal(Mended(expected), ours.Text);
        Assert.Equal((0, ""), (ours.ExitCode, ours.Errors));
    }

    /// <summary>The real tool lists nothing at all.</summary>
    [Fact]
    public void AFileWithHalfARecordAtItsEnd_IsListedUpToIt_AndTold()
    {
        var whole = Run("last", ["-F", "-x", "-w"], "basic.wtmp");
        var ours = Run("last", ["-F", "-x", "-w"], "partial.wtmp");

        Assert.Equal(whole.Text.Replace("basic.wtmp", "partial.wtmp", StringComparison.Ordinal), ours.Text);
        Assert.Equal(4, ours.ExitCode);
        Assert.Matches("^last: .*partial.wtmp ends with 100 bytes of a partial record", ours.Errors);
    }

    /// <summary>The real tool goes on in 1901.</summary>
    [Fact]
    public void After2038_TimeGoesOn() => Assert.Equal(
        """
        shutdown system down  6.18.44-test     Tue Jan 19 04:00:00 2038
        late     pts/0                         Tue Jan 19 03:14:05 2038 - Tue Jan 19 03:14:15 2038  (00:00)
        reboot   system boot  6.18.44-test     Tue Jan 19 03:14:00 2038 - Tue Jan 19 04:00:00 2038  (00:46)

        y2038.wtmp begins Tue Jan 19 03:14:00 2038

        """, Run("last", ["-F", "-x", "-w"], "y2038.wtmp").Text);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void AFileOfAnotherMachine_IsListedAlike(bool wide, bool bigEndian)
    {
        using var folder = new TemporaryDirectory();
        var layout = new UtmpLayout(wide, bigEndian);
        var narrow = File.ReadAllBytes(Applet.Fixture("crash.wtmp"));
        var file = new byte[narrow.Length / UtmpLayout.NarrowSize * layout.Size];
        for (var i = 0; i < narrow.Length / UtmpLayout.NarrowSize; i++)
        {
            var bytes = narrow.AsSpan(i * UtmpLayout.NarrowSize, UtmpLayout.NarrowSize);
            UtmpFields.Of(new UtmpRecord(bytes, UtmpLayout.Usual)).Write(file.AsSpan(i * layout.Size), layout);
        }

        File.WriteAllBytes(folder.Of("crash.wtmp"), file);
        string[] options = ["-F", "-x", "-w", "-i"];
        Assert.Equal(
            Run("last", options, "crash.wtmp").Text,
            Applet.Run("last", [.. options, "-f", folder.Of("crash.wtmp")], Now).Text);
    }

    [Fact]
    public void Rows_SayHowEachEnded_AndABootEndsAtTheCrash()
    {
        var ours = Run("last", ["-x", "--format=json"], "crash.wtmp");
        var rows = JsonDocument.Parse(ours.Output).RootElement.EnumerateArray().ToArray();
        Assert.Equal(13, rows.Length);
        Assert.Equal(
            """
            {"type":"boot","user":"reboot","line":"system boot","host":"6.18.44-test","address":null,"pid":0,
            """ + "\"login\":\"2026-03-01T08:00:00Z\",\"logout\":\"2026-03-01T12:00:00Z\",\"duration_seconds\":14400,"
            + "\"state\":\"crash\"}",
            rows[^1].GetRawText());
        Assert.Equal(
            "down logout shutdown next_run_level shutdown shutdown boot shutdown shutdown logout next_login crash "
            + "crash",
            string.Join(' ', rows.Select(row => row.GetProperty("state").GetString())));
    }

    [Fact]
    public void CsvRows_HaveTheSameColumns() => Assert.Equal(
        "type,user,line,host,address,pid,login,logout,duration_seconds,state\r\n"
        + "failed_login,,ssh:notty,203.0.113.10,203.0.113.10,0,2026-03-01T09:06:00Z,,,failed\r\n",
        Run("lastb", ["-n1", "--format", "csv"], "failed.btmp").Text);

    [Theory]
    [InlineData("-3", 3)]
    [InlineData("-1 -2", 12)]
    [InlineData("-n 2 -1", 12)]
    [InlineData("-12 -n 4", 4)]
    [InlineData("-xwn7", 7)]
    [InlineData("--lim=2", 2)]
    [InlineData("-n 0", 10)]
    [InlineData("-n -1", 10)]
    [InlineData("pts/1", 2)]
    [InlineData("frank 2", 2)]
    [InlineData("reboot", 4)]
    public void Lines_AreAsManyAsAreAskedFor(string options, int count)
    {
        var ours = Run("last", options.Split(' '), "crash.wtmp", fileFirst: true);
        Assert.Equal((0, ""), (ours.ExitCode, ours.Errors));
        Assert.Equal(Math.Min(count, options.Contains('x', StringComparison.Ordinal) ? 13 : 10),
            ours.Text.Split('\n').Length - 3);
    }

    [Theory]
    [InlineData("--time-format=iso8601", "--time-format: 'iso8601' is none of notime, short, full, iso")]
    [InlineData("-s soon", "--since: 'soon' is no time")]
    [InlineData("-n many", "--limit: 'many' is no number of lines")]
    [InlineData("-F --time-format short", "--fulltimes and --time-format exclude each other")]
    [InlineData("-q", "-q: there is no such flag")]
    [InlineData("--full", "--full: there is no such flag")]
    public void AWrongOption_IsTold(string options, string message)
    {
        var ours = Run("last", options.Split(' '), "crash.wtmp");
        Assert.Equal((2, ""), (ours.ExitCode, ours.Text));
        Assert.Contains(message, ours.Errors, StringComparison.Ordinal);
    }

    /// <summary>What can be read is; the real tool stops at the first that cannot.</summary>
    [Fact]
    public void SeveralFiles_AreListedOneAfterTheOther_AndAMissingOneIsTold()
    {
        var ours = Applet.Run(
            "last", ["-f", Applet.Fixture("neg.wtmp"), "-f", "/nowhere", "-f", Applet.Fixture("open.wtmp")], Now);
        Assert.Equal(3, ours.ExitCode);
        Assert.Matches("neg.wtmp begins(.|\n)*open.wtmp begins", ours.Text);
        Assert.Matches("^last: cannot read /nowhere: ", ours.Errors);
    }

    [Fact]
    public void AnEmptyFile_BeginsWhenItWasMade()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.File("wtmp");
        var made = File.GetLastWriteTimeUtc(path);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture,
                $"\nwtmp begins {made:ddd MMM} {made.Day,2} {made:HH:mm:ss yyyy}\n"),
            Applet.Run("last", ["-f", path], Now).Text);
    }

    private static ToolResult Run(
        string name, string[] options, string fixture, long now = Now, bool fileFirst = false) => Applet.Run(
            name, fileFirst ? ["-f", Applet.Fixture(fixture), .. options] : [.. options, "-f", Applet.Fixture(fixture)],
            now);

    private static string Mended(string expected) => EndIn1970().Replace(expected, "")
        .Replace("bad\nname\ttab", "bad*Jname*Itab", StringComparison.Ordinal)
        .Replace("bad\nname", "bad*Jname", StringComparison.Ordinal);

    private static IEnumerable<(string Line, string Output)> Read(string name)
    {
        var file = name == "failed" ? "failed.btmp.expected" : name + ".expected";
        foreach (var part in File.ReadAllText(Applet.Fixture(file)).Split("\n$ ").Skip(name == "failed" ? 0 : 1))
        {
            var lines = part.TrimStart('$', ' ').Split('\n', 2);
            var (line, output) = (lines[0], lines.Length > 1 ? lines[1] : "");
            if (line.StartsWith("last", StringComparison.Ordinal))
            {
                var end = output.IndexOf("[rc 0]", StringComparison.Ordinal);
                yield return (line, end < 0 ? output + "\n" : output[..end]);
            }
        }
    }

    private static long NowOf(string name) => name == "failed" ? Now : long.Parse(
        File.ReadLines(Applet.Fixture(name + ".expected")).First().Split("fixed now = ")[1].Split(' ')[0],
        CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<=^shutdown system down .*) - (Thu Jan  1 00:00:00 1970|1970-01-01T00:00:00\+00:00) .*$",
        RegexOptions.Multiline)]
    private static partial Regex EndIn1970();
}
