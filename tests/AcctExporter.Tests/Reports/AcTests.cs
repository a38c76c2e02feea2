// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// <c>ac</c> on the fixtures, beside which lies what GNU ac 6.6.4 said of them; and what ours says instead.
/// </summary>
public sealed class AcTests
{
    /// <summary>2 June 2027, 00:00 UTC.</summary>
    private const long Now = 1_811_894_400;

    private static readonly string[] Fixtures =
        ["basic", "clock", "crash", "midnight", "odd", "open", "partial", "warp"];

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

    [Theory]
    [MemberData(nameof(Expectations))]
    public void AFixture_IsCountedAsGnuAcDoes(string name, string line)
    {
        var expected = Read(name).Single(said => said.Line == line).Output;
        var first = File.ReadLines(Applet.Fixture(name + ".expected")).First();
        var now = long.Parse(first.Split("fixed now = ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        var ours = Applet.Run("ac", [.. line.Split(' ')[1..^1], Applet.Fixture(name + ".wtmp")], now);

        // Users come by name, and not in the order of a hash table.
        Assert.Equal(expected.Split('\n').Order(), Applet.Shown(ours.Output).Split('\n').Order());
        Assert.Equal(name == "partial" ? 4 : 0, ours.ExitCode);
    }

    [Fact]
    public void Users_ComeByTheirNames() => Assert.Equal(
        """
        	alice                                1.50
        	bob                                  0.51
        	carol                                0.02
        	total        2.02

        """, Run("basic", "-p").Text);

    [Fact]
    public void ASessionThatEndsBeforeItBegins_CountsAsNoTime_AndTheRestIsCounted()
    {
        var ours = Run("neg", "-p", "-z", "--complain");

        Assert.Equal(
            """
            neg.wtmp:1: problem: time warp (Thu Jan  1 00:00:00 1970 -> Sun Mar  1 14:00:30 2026)
            neg.wtmp:2: problem: update user carol (for logout) with -20 seconds?!
            	carol                                0.00
            	total        0.00

            """, ours.Text.Replace(Applet.Fixture("") + "/", "", StringComparison.Ordinal));
        Assert.Equal(4, ours.ExitCode);
        Assert.Equal(
            $"ac: sessions that end before they begin: 1, the first at {Applet.Fixture("neg.wtmp")}:2; "
            + "they count as no time, --complain says which\n", ours.Errors);
    }

    [Fact]
    public void TimesAfter2038_AreTimes() => Assert.Equal(
        """
        	late                                 0.00
        Today	total        0.00

        """, Run("y2038", "-d", "-p").Text);

    [Fact]
    public void APartialRecord_IsLeftOutAndSaid()
    {
        var ours = Run("partial");

        Assert.Equal("\ttotal        2.02\n", ours.Text);
        Assert.Contains("partial.wtmp: the last 100 bytes are no whole record", ours.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatCannotBeRead_IsSaid_AndTheOthersAreCounted()
    {
        var basic = Applet.Fixture("basic.wtmp");

        var none = Applet.Run("ac", ["-f", "/nowhere"], Now);
        var one = Applet.Run("ac", ["-f", "/nowhere", "-f", basic, "-f", basic], Now);

        Assert.Equal((3, ""), (none.ExitCode, none.Text));
        Assert.StartsWith("ac: cannot read /nowhere: ", none.Errors, StringComparison.Ordinal);
        Assert.Equal((3, "\ttotal        4.05\n"), (one.ExitCode, one.Text));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void OtherLayouts_CountTheSame(bool wide, bool bigEndian)
    {
        foreach (var name in Fixtures)
        {
            var theirs = Run(name, "-d", "-p", "-a");
            var ours = RunOn(Converted(name, new UtmpLayout(wide, bigEndian)), "-d", "-p", "-a");
            Assert.Equal(theirs.Text, ours.Text);
        }
    }

    [Fact]
    public void ATimeThatCannotBe_IsLeftOutAndSaid()
    {
        var bytes = Converted("basic", new UtmpLayout(IsWide: true, IsBigEndian: false));
        BitConverter.TryWriteBytes(bytes.AsSpan((4 * UtmpLayout.WideSize) + 344), 1L << 40);

        var ours = RunOn(bytes);

        Assert.Equal((4, "\ttotal        0.52\n"), (ours.ExitCode, ours.Text));
        Assert.Contains(": records at a time that cannot be: 1;", ours.Errors, StringComparison.Ordinal);
    }

    /// <summary>At 00:01 the clocks went back to 23:01, and midnight came again.</summary>
    [Fact]
    public void ADayWithTwoEnds_EndsTwice()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllBytes(folder.Of("wtmp"), DayWithTwoEnds());

        var ours = Applet.Run("ac", ["-d", "-f", folder.Of("wtmp")], Now, "America/St_Johns");

        Assert.Equal(
            """
            Nov  5	total       14.50
            Nov  6	total       24.00
            Nov  6	total        1.00
            Nov  7	total       10.50

            """, ours.Text);
    }

    /// <summary>Times of one session that are no whole number of hundredths of an hour.</summary>
    [Theory]
    [InlineData(17, "0.00")]
    [InlineData(18, "0.01")]
    [InlineData(19, "0.01")]
    [InlineData(54, "0.01")]
    [InlineData(90, "0.03")]
    [InlineData(450, "0.12")]
    [InlineData(1350, "0.38")]
    [InlineData(2250, "0.62")]
    [InlineData(36_000_018, "10000.00")]
    public void Hours_HaveTwoDecimals(long seconds, string expected)
    {
        var hundredths = AcPage.HundredthsOfHours(seconds);

        Assert.Equal(
            expected, string.Create(CultureInfo.InvariantCulture, $"{hundredths / 100}.{hundredths % 100:d2}"));
    }

    /// <summary>Any bytes: nothing is thrown, the exit code is one of two, and days add up to the total.</summary>
    [Fact]
    public void AnyBytes_AreCounted_AndDaysAddUp()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("wtmp");
        Holds.ForAll(Gen.Choose(0, int.MaxValue - 1), 500, seed =>
        {
            var random = new Random(seed);
            var bytes = MangledWtmp.Make(random).AsSpan();
            if (seed % 4 == 0)
            {
                random.NextBytes(bytes);
            }

            File.WriteAllBytes(path, bytes[..random.Next(bytes.Length + 1)].ToArray());
            var zone = MangledWtmp.Zone(random);
            var total = Applet.Run("ac", ["--format=csv", "-f", path], Now, zone);
            var days = Applet.Run("ac", ["--format=csv", "-d", "-p", "-f", path], Now, zone);
            return total.ExitCode is 0 or 4 && days.ExitCode == total.ExitCode && Sum(total) == Sum(days);
        });
    }

    [Theory]
    [InlineData("--format=csv", "connect_seconds\r\n7289\r\n")]
    [InlineData("-p --format=csv", "user,connect_seconds\r\nalice,5400\r\nbob,1830\r\ncarol,59\r\n")]
    [InlineData("-d --format=csv", "day,connect_seconds\r\n2026-03-01,7289\r\n")]
    [InlineData("-d -z --format=csv", "day,connect_seconds\r\n2026-03-01,0\r\n2026-03-01,7289\r\n2027-06-02,0\r\n")]
    [InlineData("-d -p bob --format=json",
        "[\n{\"day\":\"2026-03-01\",\"user\":\"bob\",\"connect_seconds\":1830}\n]\n")]
    public void Rows_HaveSecondsByDayAndUser(string arguments, string expected) =>
        Assert.Equal(expected, Run("basic", arguments.Split(' ')).Text);

    [Theory]
    [InlineData("-dp", "-d -p")]
    [InlineData("--daily --indiv", "-d -p")]
    [InlineData("-pyz --all", "-p -y -z -a")]
    [InlineData("--compat -p bob", "--reboots --supplants --timewarps -p bob")]
    [InlineData("-p bob --tw-len 10 --tw-s=100", "--tw-leniency=10 --tw-suspicious=100 -p bob")]
    [InlineData("-p -- bob", "bob -p")]
    [InlineData("-pp -p --tw-leniency 5 --tw-leniency 9", "-p --tw-leniency=9")]
    public void OptionsOfGetopt_AreUnderstood(string some, string same)
    {
        var ours = Run("basic", some.Split(' '));

        Assert.Equal(0, ours.ExitCode);
        Assert.Equal(Run("basic", same.Split(' ')).Text, ours.Text);
    }

    [Theory]
    [InlineData("--tw", "--tw: there is no such flag, or more than one")]
    [InlineData("-dq", "-q: there is no such flag")]
    [InlineData("--tw-suspicious=60", "--tw-suspicious must be more than --tw-leniency")]
    [InlineData("--tw-leniency=-1", "--tw-leniency: '-1' is no whole number of seconds from 0 to 4294967295")]
    [InlineData("--complain --format=json", "--complain and --debug go with --format=text only")]
    public void AWrongCommandLine_IsSaid(string arguments, string fault)
    {
        var ours = Run("basic", arguments.Split(' '));

        Assert.Equal((2, ""), (ours.ExitCode, ours.Text));
        Assert.Contains(fault, ours.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Debug_SaysEachStretchOfTime() => Assert.Contains(
        "\t\t\t\t\t                            1.50 alice                            (logout)\n",
        Run("basic", "--debug").Text, StringComparison.Ordinal);

    /// <summary>A session over the night in which Newfoundland's clocks went back, and a record in that hour.</summary>
    internal static byte[] DayWithTwoEnds()
    {
        const long Noon = 1_288_958_400;
        const long Again = 1_289_097_900;
        var bytes = new byte[4 * UtmpLayout.NarrowSize];
        (long, UtmpType)[] records =
        [
            (Noon, UtmpType.UserProcess), (Noon + 86_400, UtmpType.InitProcess), (Again, UtmpType.InitProcess),
            (Again + 40_500, UtmpType.DeadProcess),
        ];
        for (var i = 0; i < records.Length; i++)
        {
            var (seconds, type) = records[i];
            new UtmpFields { Type = type, Line = "tty1"u8, User = "amy"u8, Seconds = seconds }
                .Write(bytes.AsSpan(i * UtmpLayout.NarrowSize), UtmpLayout.Usual);
        }

        return bytes;
    }

    private static long Sum(ToolResult result) => result.Text.Split("\r\n")[1..^1]
        .Sum(row => long.Parse(row[(row.LastIndexOf(',') + 1)..], CultureInfo.InvariantCulture));

    private static ToolResult Run(string name, params string[] arguments) =>
        Applet.Run("ac", ["-f", Applet.Fixture(name + ".wtmp"), .. arguments], Now);

    private static ToolResult RunOn(byte[] bytes, params string[] arguments)
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllBytes(folder.Of("wtmp"), bytes);
        return Applet.Run("ac", [.. arguments, "-f", folder.Of("wtmp")], Now);
    }

    private static byte[] Converted(string name, UtmpLayout layout)
    {
        var bytes = File.ReadAllBytes(Applet.Fixture(name + ".wtmp")).AsSpan();
        var converted = new List<byte>();
        var record = new byte[layout.Size];
        for (; bytes.Length >= UtmpLayout.NarrowSize; bytes = bytes[UtmpLayout.NarrowSize..])
        {
            UtmpFields.Of(new UtmpRecord(bytes[..UtmpLayout.NarrowSize], UtmpLayout.Usual)).Write(record, layout);
            converted.AddRange(record);
        }

        return [.. converted];
    }

    /// <summary>What <c>ac</c> says in a file of expectations; its messages name the file without its folder.</summary>
    private static IEnumerable<(string Line, string Output)> Read(string name)
    {
        var path = Applet.Fixture(name);
        var text = File.ReadAllText(path + ".expected", Encoding.Latin1)
            .Replace($"\n{name}.wtmp:", $"\n{path}.wtmp:", StringComparison.Ordinal);
        return from part in text.Split("\n$ ")
               let line = part.Split('\n')[0]
               where line.StartsWith("ac ", StringComparison.Ordinal)
               select (line, part[(line.Length + 1)..part.IndexOf("[rc ", StringComparison.Ordinal)]);
    }
}
