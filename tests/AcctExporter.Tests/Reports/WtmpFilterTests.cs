// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>fwtmp, wtmpfix and acctwtmp: the System V suite's vectors, round trips, damage.</summary>
public sealed class WtmpFilterTests
{
    /// <summary>2026-07-07 00:00:00 UTC.</summary>
    private const long Day = Filter.Now - (16 * 3600);

    public static TheoryData<string> Fixtures => [.. WtmpFixture.Names.Where(name => name != "partial.wtmp")];

    [Fact]
    public void Fwtmp_WritesTheColumns()
    {
        byte[] file =
        [
            .. WtmpFixture.Record(UtmpType.UserProcess, "alice", "pts/1", Day + 36_000, pid: 512, id: "ts/1",
                host: "client.example.org"),
            .. WtmpFixture.Record(UtmpType.DeadProcess, "", "pts/1", Day + 37_230, pid: 512),
        ];
        new byte[] { 15, 0, 9, 0 }.CopyTo(file, 384 + 332);
        Assert.Equal(
            "alice                            ts/1 pts/1                                  512  7 0000 0000 "
            + "1783418400 0 0 19 client.example.org Tue Jul  7 10:00:00 2026\n"
            + "                                      pts/1                                  512  8 0017 0011 "
            + "1783419630 0 0 0  Tue Jul  7 10:20:30 2026\n",
            Filter.Run(["fwtmp"], file).Text);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Fwtmp_EveryForm_GoesBothWays(string name)
    {
        var file = WtmpFixture.Bytes(name);
        Assert.Equal(file, Filter.Run(["fwtmp", "-c"], file).Output);
        var text = Filter.Run(["fwtmp"], file).Output;
        Assert.Equal(text, Filter.Run(["fwtmp", "-i"], text).Output);
        var binary = Filter.Run(["fwtmp", "-ic"], text);
        Assert.Equal((ExitCode.Done, ""), (binary.ExitCode, binary.Errors));
        Assert.Equal(text, Filter.Run(["fwtmp"], binary.Output).Output);
        if (!name.StartsWith("arm64", StringComparison.Ordinal))
        {
            Assert.Equal(file, binary.Output);
        }
    }

    [Fact]
    public void Fwtmp_TellsOfLinesThatAreNone()
    {
        var done = Filter.Run(["fwtmp", "-ic"], Encoding.ASCII.GetBytes("alice pts/1\n\n"));
        Assert.Equal((ExitCode.BadRecords, 0), (done.ExitCode, done.Output.Length));
        Assert.Equal(
            "fwtmp: standard input: line 1 is not what fwtmp writes: left out\n"
            + "fwtmp: standard input: line 2 is not what fwtmp writes: left out\n", done.Errors);
    }

    /// <summary>An editor's work: the host is longer than the number before it says.</summary>
    [Fact]
    public void Fwtmp_ReadsAnEditedHost()
    {
        var text = Filter.Run(["fwtmp"], WtmpFixture.Record(UtmpType.UserProcess, "a", "b", Day, host: "abc")).Text;
        var record = Filter.Run(["fwtmp", "-ic"], Encoding.ASCII.GetBytes(text.Replace(" abc ", " abcdef ")));
        Assert.Equal("abcdef"u8.ToArray(), new UtmpRecord(record.Output, UtmpLayout.Usual).Host.ToArray());
    }

    /// <summary>T-C3: a clock put on by an hour; the suite's moves what was before it, ours does not.</summary>
    [Fact]
    public void WtmpFix_ClockChange()
    {
        var file = TC3('2');
        var sane = Filter.Run(["wtmpfix"], file);
        Assert.Equal((ExitCode.Done, "", Convert.ToHexString(file)), Seen(sane));

        var compat = Filter.Run(["wtmpfix", "--compat"], file);
        Assert.Equal((ExitCode.Done, ""), (compat.ExitCode, compat.Errors));
        Assert.Equal([10, 10, 11, 11, 12, 13, 14], Hours(compat.Output));

        // Linux runs at level 3 or 5: then the suite's moves nothing either.
        Assert.Equal([9, 9, 10, 11, 12, 13, 14], Hours(Filter.Run(["wtmpfix", "--compat"], TC3('3')).Output));
        Assert.Equal([9, 9, 10, 11, 12, 13, 14], Hours(Filter.Run(["wtmpfix", "--compat"], TC3('S')).Output));
    }

    /// <summary>Two changes: what is before the first moves by both, nothing before the last boot moves.</summary>
    [Fact]
    public void WtmpFixCompat_ChangesAddUp_SinceTheLastBoot()
    {
        byte[] file =
        [
            .. Login("a", 1), .. Boot(2), .. Level('2', 2), .. Login("b", 3),
            .. Clock(4, 6), .. Login("c", 7), .. Clock(8, 9), .. Login("d", 10),
        ];
        Assert.Equal([1, 5, 5, 6, 5, 7, 8, 8, 9, 10], Hours(Filter.Run(["wtmpfix", "--compat"], file).Output));
    }

    /// <summary>T-C5: names. The suite's knows no plus sign; ours wants no control characters.</summary>
    [Fact]
    public void WtmpFix_Names()
    {
        byte[] file = [.. Login("-root", 1), .. Login("j.doe", 2), .. Login("bob+x", 3), .. Login("be\all", 4)];
        var compat = Filter.Run(["wtmpfix", "--compat"], file);
        Assert.Equal(["-root", "j.doe", "INVALID", "INVALID"], Users(compat.Output));
        Assert.Equal(
            "wtmpfix: logname \"bob+x\" changed to \"INVALID\"\nwtmpfix: logname \"be?ll\" changed to \"INVALID\"\n",
            compat.Errors);
        var sane = Filter.Run(["wtmpfix"], file);
        Assert.Equal(["-root", "j.doe", "bob+x", "INVALID"], Users(sane.Output));
        Assert.Equal("wtmpfix: logname \"be?ll\" changed to \"INVALID\"\n", sane.Errors);
    }

    /// <summary>4.2: in July 2026 the suite's window is 2026-06-16 to 2026-08-15, exclusive .</summary>
    [Fact]
    public void WtmpFixCompat_KnowsThisMonthOnly()
    {
        var june16 = Day - (21 * 86_400);
        var august15 = Day + (39 * 86_400);
        byte[] file =
        [
            .. At(june16), .. At(june16 + 1), .. At(august15 - 1), .. At(august15), .. At(Day),
        ];
        var compat = Filter.Run(["wtmpfix", "--compat"], file);
        Assert.Equal((ExitCode.Done, 3 * 384), (compat.ExitCode, compat.Output.Length));
        Assert.Equal(
            "wtmpfix: offset 0: 384 bytes are no plausible record\n"
            + "wtmpfix: offset 1152: 384 bytes are no plausible record\n", compat.Errors);

        // At the end of the file it gives up, and writes nothing.
        var cut = Filter.Run(["wtmpfix", "--compat"], file[..(4 * 384)]);
        Assert.Equal((ExitCode.Failure, 0), (cut.ExitCode, cut.Output.Length));
        Assert.Equal((ExitCode.Done, "", Convert.ToHexString(file)), Seen(Filter.Run(["wtmpfix"], file)));

        static byte[] At(long seconds) => WtmpFixture.Record(UtmpType.UserProcess, "a", "pts/1", seconds);
    }

    [Fact]
    public void WtmpFix_LeavesOutWhatIsDamaged()
    {
        var good = WtmpFixture.Made(6, UtmpLayout.Usual);
        byte[] file = [.. good[..768], 1, 2, 3, .. good[768..], .. good[..100]];
        file[384] = 99;
        var done = Filter.Run(["wtmpfix"], file);
        Assert.Equal(Convert.ToHexString([.. good[..384], .. good[768..]]), Convert.ToHexString(done.Output));
        Assert.Equal(
            (ExitCode.BadRecords, "wtmpfix: standard input: 3 places are no good records: left out\n"),
            (done.ExitCode, done.Errors));

        var compat = Filter.Run(["wtmpfix", "--compat"], [.. Login("a", 1), 1, 2, 3, .. Login("b", 2)]);
        Assert.Equal(["a", "b"], Users(compat.Output));
    }

    [Fact]
    public void WtmpFix_AHalfClockChange()
    {
        byte[] file = [.. Login("a", 1), .. Clock(2, 3)[..384], .. Login("b", 4)];
        var sane = Filter.Run(["wtmpfix"], file);
        Assert.Equal(Convert.ToHexString(file), Convert.ToHexString(sane.Output));
        Assert.Equal(
            "wtmpfix: record 2: the clock was set, and no record says to what; left as it is\n", sane.Errors);
        Assert.Equal(ExitCode.Failure, Filter.Run(["wtmpfix", "--compat"], file).ExitCode);
    }

    [Fact]
    public void AcctWtmp_AppendsARecord_CutAt11Bytes()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("wtmp");
        Assert.Equal(ExitCode.Done, Filter.Run(["acctwtmp", "a reason that is long", path]).ExitCode);
        Assert.Equal(ExitCode.Done, Filter.Run(["acctwtmp", "zwölf Ärzte", path]).ExitCode);
        Assert.Equal(
            "[9] [00000] [    ] [        ] [a reason th ] [                    ] [0.0.0.0        ] "
            + "[2026-07-07T16:00:00,000000+00:00]", Filter.Run(["utmpdump", path]).Text.Split('\n')[0]);
        var second = new UtmpRecord(File.ReadAllBytes(path).AsSpan(384), UtmpLayout.Usual);
        Assert.Equal("zwölf Är", Encoding.UTF8.GetString(second.Line)[..8]);
        Assert.True(second.Line.Length <= 11);

        // A file of another host goes on in its own layout.
        File.WriteAllBytes(path, WtmpFixture.Made(2, new(true, true)));
        Assert.Equal(ExitCode.Done, Filter.Run(["acctwtmp", "more", path]).ExitCode);
        Assert.Equal(1200, new FileInfo(path).Length);
        Assert.Equal(UtmpType.Accounting, new UtmpRecord(File.ReadAllBytes(path).AsSpan(800), new(true, true)).Type);
    }

    [Fact]
    public void AcctWtmp_LeavesTheSystemsFilesAlone()
    {
        // What must not be lost is asked about, and only what each boot makes anew is tried.
        Assert.All(
            new[]
            {
                "/var/log/wtmp", "/var/log/./btmp", "/var/log/lastlog", "/var/lib/wtmpdb/wtmp.db",
                "/var/lib/lastlog/lastlog2.db",
            },
            path => Assert.True(SystemLoginFiles.Contain(path)));
        foreach (var path in new[] { "/run/utmp", "/var/run/utmp" })
        {
            var done = Filter.Run(["acctwtmp", "x", path]);
            Assert.Equal(
                (ExitCode.Usage, $"acctwtmp: {path}: it belongs to the programs that write the system's logins, and is "
                    + "only read; name a copy\n"), (done.ExitCode, done.Errors));
        }

        Assert.Equal(ExitCode.Usage, Filter.Run(["acctwtmp", "bell\a", "-"]).ExitCode);
        using var folder = new TemporaryDirectory();
        File.WriteAllBytes(folder.Of("torn"), new byte[100]);
        var torn = Filter.Run(["acctwtmp", "x", folder.Of("torn")]);
        Assert.Equal(ExitCode.Failure, torn.ExitCode);
        Assert.Equal(100, new FileInfo(folder.Of("torn")).Length);
    }

    [Fact]
    public void AcctWtmp_WritesACopy()
    {
        using var folder = new TemporaryDirectory();
        var basic = WtmpFixture.PathOf("basic.wtmp");
        var before = File.ReadAllBytes(basic);
        Assert.Equal(
            ExitCode.Done, Filter.Run(["acctwtmp", "runacct", basic, "--output", folder.Of("copy")]).ExitCode);
        Assert.Equal(
            [.. before, .. Filter.Run(["acctwtmp", "runacct", "-"]).Output], File.ReadAllBytes(folder.Of("copy")));
        Assert.Equal(before, File.ReadAllBytes(basic));
    }

    private static (int, string, string) Seen(FilterResult done) =>
        (done.ExitCode, done.Errors, Convert.ToHexString(done.Output));

    private static byte[] TC3(char level) =>
    [
        .. Level(level, 9), .. WtmpFixture.Record(UtmpType.Accounting, "", "acctg on", Day + (9 * 3600)),
        .. Login("alice", 10), .. Clock(11, 12),
        .. WtmpFixture.Record(UtmpType.DeadProcess, "", "pts/1", Day + (13 * 3600)),
        .. WtmpFixture.Record(UtmpType.Accounting, "", "runacct", Day + (14 * 3600)),
    ];

    private static byte[] Login(string user, int hour) =>
        WtmpFixture.Record(UtmpType.UserProcess, user, "pts/1", Day + (hour * 3600));

    private static byte[] Boot(int hour) => WtmpFixture.Record(UtmpType.BootTime, "reboot", "~", Day + (hour * 3600));

    private static byte[] Level(char level, int hour) =>
        WtmpFixture.Record(UtmpType.RunLevel, "runlevel", "~", Day + (hour * 3600), pid: level + (256 * 'N'));

    private static byte[] Clock(int from, int to) =>
    [
        .. WtmpFixture.Record(UtmpType.OldTime, "date", "|", Day + (from * 3600)),
        .. WtmpFixture.Record(UtmpType.NewTime, "date", "{", Day + (to * 3600)),
    ];

    private static long[] Hours(byte[] file) => [.. WtmpFixture.Slots(file, UtmpLayout.Usual)
        .Select(slot => (new UtmpRecord(slot, UtmpLayout.Usual).Seconds - Day) / 3600)];

    private static string[] Users(byte[] file) => [.. WtmpFixture.Slots(file, UtmpLayout.Usual)
        .Select(slot => Encoding.UTF8.GetString(new UtmpRecord(slot, UtmpLayout.Usual).User))];
}
