// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Runtime.CompilerServices;
using AcctExporter.Cli;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Reports;

/// <summary>The options with which process reports choose exits: each value, its bounds, what is no value.</summary>
public class ExitSelectionTests
{
    /// <summary>2023-11-14 22:13:20 UTC.</summary>
    private const long Begin = 1_700_000_000;

    /// <summary>An hour after the exit.</summary>
    private const long Now = Begin + 3602;

    private const uint Killed = 9;
    private const uint DumpedBySegv = 0x80 | 11;

    /// <summary>One exit: 2.9 s long, 1.5 s of CPU time, 1000:100, on pts/3, with code 3, called worker.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("--user=1000", true)]
    [InlineData("--user=root", false)]
    [InlineData("--user=root,1000", true)]
    [InlineData("--user=root --user=1000,nobody", true)]
    [InlineData("--user=4294967295,7,1,1000,12", true)]
    [InlineData("--user=1000,7,5", true)]
    [InlineData("--group=100", true)]
    [InlineData("--group=100,7,5", true)]
    [InlineData("--group=root", false)]
    [InlineData("--group=root,daemon,100", true)]
    [InlineData("--user=1000 --group=0", false)]
    [InlineData("--command=worker", true)]
    [InlineData("--command=Worker", false)]
    [InlineData("--command=work", false)]
    [InlineData("--command=work*", true)]
    [InlineData("--command=*k?r", true)]
    [InlineData("--command=w*o*r", true)]
    [InlineData("--command=?orker", true)]
    [InlineData("--command=worker?", false)]
    [InlineData("--command=worker*", true)]
    [InlineData("--command=*", true)]
    [InlineData("--command=sh,wor*", true)]
    [InlineData("--command sh --command worker", true)]
    [InlineData("--tty=pts/3", true)]
    [InlineData("--tty=/dev/pts/3", true)]
    [InlineData("--tty=136:3", true)]
    [InlineData("--tty -", false)]
    [InlineData("--tty=pts/30,tty3", false)]
    [InlineData("--tty=-,pts/3", true)]
    [InlineData("--tty=pts/3,tty1,-", true)]
    [InlineData("--since=@1700000002", true)]
    [InlineData("--since=@1700000003", false)]
    [InlineData("--until=@1700000002", true)]
    [InlineData("--until=@1700000001", false)]
    [InlineData("--since=2023-11-14T22:13:22Z --until=2023-11-14T22:13:22Z", true)]
    [InlineData("--since=2023-11-14T23:13:23+01:00", false)]
    [InlineData("--until=2023-11-14T17:13:22.5-05:00", true)]
    [InlineData("--since=-1h", true)]
    [InlineData("--since=-3599s", false)]
    [InlineData("--until=yesterday", false)]
    [InlineData("--signal=any", false)]
    [InlineData("--core", false)]
    [InlineData("--exit-code=3", true)]
    [InlineData("--exit-code=0", false)]
    [InlineData("--exit-code=!0", true)]
    [InlineData("--exit-code=!3", false)]
    [InlineData("--exit-code=!2-5", false)]
    [InlineData("--exit-code=1,3-3", true)]
    [InlineData("--exit-code=4-255", false)]
    [InlineData("--min-cpu=1.5s", true)]
    [InlineData("--min-cpu=1.5", true)]
    [InlineData("--min-cpu=1501ms", false)]
    [InlineData("--min-cpu=0", true)]
    [InlineData("--min-elapsed=2900ms", true)]
    [InlineData("--min-elapsed=2.91", false)]
    [InlineData("--min-elapsed=1h --min-elapsed=1s", true)]
    [InlineData("--since=@9999999999 --since=@0", true)]
    public void AnExit_IsChosen(string options, bool isChosen)
    {
        var exit = Exit();
        Assert.Equal(isChosen, IsChosen(options, exit));
    }

    [Theory]
    [InlineData("--signal=KILL", Killed, true)]
    [InlineData("--signal=sigkill", Killed, true)]
    [InlineData("--signal=9", Killed, true)]
    [InlineData("--signal=TERM,KILL", Killed, true)]
    [InlineData("--signal=any", Killed, true)]
    [InlineData("--signal=any", 1u, true)]
    [InlineData("--signal=any", 127u, true)]
    [InlineData("--signal=SEGV", Killed, false)]
    [InlineData("--signal=RTMIN+3", 37u, true)]
    [InlineData("--signal=RTMAX-1", 63u, true)]
    [InlineData("--signal=RTMIN", 34u, true)]
    [InlineData("--signal=127", 127u, true)]
    [InlineData("--core", Killed, false)]
    [InlineData("--core", DumpedBySegv, true)]
    [InlineData("--core --signal=IOT,SEGV", DumpedBySegv, true)]
    [InlineData("--core", 0x80u, false)]
    [InlineData("--exit-code=0", Killed, false)]
    [InlineData("--exit-code=!0", Killed, false)]
    [InlineData("--exit-code=0", 0u, true)]
    [InlineData("--exit-code=!0", 0u, false)]
    [InlineData("--exit-code=255", 0xff00u, true)]
    public void AnEnd_IsChosen(string options, uint status, bool isChosen) =>
        Assert.Equal(isChosen, IsChosen(options, Exit() with { ExitCode = status }));

    /// <summary>The kernel keeps 15 bytes of a name, and some of them are no letters.</summary>
    [Theory]
    [InlineData("--command=systemd-coredump", "systemd-coredum", true)]
    [InlineData("--command=systemd-coredump*", "systemd-coredum", true)]
    [InlineData("--command=systemd-coredum", "systemd-coredum", true)]
    [InlineData("--command=systemd-coredu", "systemd-coredum", false)]
    [InlineData("--command=system?-coredump", "systemd-coredum", true)]
    [InlineData("--command=system?-coredump", "system-coredump", false)]
    [InlineData("--command=*-coredump", "systemd-coredum", false)]
    [InlineData("--command=systemd-coredump", "systemd-coredump", true)]
    [InlineData("--command=a?b", "a,b", true)]
    [InlineData("--command=a?b", "a\nb", true)]
    [InlineData("--command=é", "é", true)]
    [InlineData("--command=??", "é", true)]
    [InlineData("--command=?", "", false)]
    [InlineData("--command=*", "", true)]
    [InlineData("--command=*aab", "aaaab", true)]
    [InlineData("--command=*aab", "aaaba", false)]
    [InlineData("--command=*ab?*abc", "abxababc", true)]
    public void AName_IsMeantAsFarAsItWasKept(string options, string name, bool isChosen) =>
        Assert.Equal(isChosen, IsChosen(options, Exit() with { Command = NameOf(name) }));

    [Theory]
    [InlineData("--user=rot", "--user: there is no user 'rot'; did you mean 'root'?")]
    [InlineData("--user=root,no-such-body", "--user: there is no user 'no-such-body'")]
    [InlineData("--user=-1", "--user: there is no user '-1'")]
    [InlineData("--user=4294967296", "--user: there is no user '4294967296'")]
    [InlineData("--user=root,", "--user: an empty value; leave the option, or the comma, out")]
    [InlineData("--group=daemno", "--group: there is no group 'daemno'; did you mean 'daemon'?")]
    [InlineData("--command=", "--command: its value is empty")]
    [InlineData("--command=,", "--command: an empty value; leave the option, or the comma, out")]
    [InlineData("--tty=nowhere", "--tty: 'nowhere' is no terminal; it can be pts/3, /dev/tty1, ttyS0, console, a "
        + "device number such as 4:1, or - for none")]
    [InlineData("--tty=pts/2048", "--tty: 'pts/2048' is no terminal")]
    [InlineData("--since=soon", "--since: 'soon' is no time; it can be '2026-03-01 12:00', 2026-03-01T12:00:00Z, "
        + "yesterday, -2days or @1772366400")]
    [InlineData("--until=2026-02-30T00:00:00Z", "--until: '2026-02-30T00:00:00Z' is no time")]
    [InlineData("--until=@5 --since=@6", "--until: it is before --since, so nothing would be left")]
    [InlineData("--signal=KIL", "--signal: 'KIL' is no signal; it can be KILL, SIGKILL, 9, RTMIN+3 or any; did you "
        + "mean 'KILL'?")]
    [InlineData("--signal=0", "--signal: '0' is no signal")]
    [InlineData("--signal=128", "--signal: '128' is no signal")]
    [InlineData("--signal=RTMIN+31", "--signal: 'RTMIN+31' is no signal")]
    [InlineData("--signal=RTMIN-1", "--signal: 'RTMIN-1' is no signal")]
    [InlineData("--exit-code=256", "--exit-code: '256' is no exit code; it can be 1, 2-9, or !0 for all but 0, from "
        + "0 to 255")]
    [InlineData("--exit-code=5-3", "--exit-code: '5-3' is no exit code")]
    [InlineData("--exit-code=!", "--exit-code: '!' is no exit code")]
    [InlineData("--exit-code=1 --signal=9", "--exit-code: a process that a signal ended has no exit code, so nothing "
        + "would be left with --signal; leave one of them out")]
    [InlineData("--exit-code=1 --core", "--exit-code: a process that a signal ended has no exit code, so nothing would "
        + "be left with --core; leave one of them out")]
    [InlineData("--min-cpu=fast", "--min-cpu: 'fast' is no duration; it can be 1.5s, 200ms, 5m, 1h, 2d, or seconds "
        + "alone")]
    [InlineData("--min-elapsed=-1", "--min-elapsed: '-1' is no duration")]
    public void WhatIsNoValue_IsToldWithWhatIsOne(string options, string fault)
    {
        var told = Parse(options).Result.Errors;
        Assert.StartsWith(fault, told[0].Message, StringComparison.Ordinal);
        Assert.All(told, error => Assert.Equal(told[0].Message, error.Message));
    }

    [Fact]
    public void EachFault_IsToldAtOnce() => Assert.Equal(
        ["--user", "--user", "--since", "--min-cpu"],
        Parse("--user=nobody1,nobody2 --since=never --min-cpu=x").Result.Errors.Select(
            fault => fault.Message.Split(':')[0]));

    [Fact]
    public void NothingGiven_IsEveryExit()
    {
        Assert.True(Selection("").IsAll);
        Assert.True(ExitSelection.All.IsAll);
        Assert.All(
            [
                "--user=0", "--group=0", "--command=*", "--tty=-", "--since=@0", "--until=now", "--signal=any",
                "--core", "--exit-code=0-255", "--min-cpu=1ms", "--min-elapsed=1ms",
            ],
            (string option) => Assert.False(Selection(option).IsAll, option));
    }

    /// <summary>What the record cut down is chosen by what taskstats say: 9.9 ms more.</summary>
    [Fact]
    public void WhatIsKnownBetter_Counts()
    {
        var record = Exit();
        var truth = new ExitTruth { IsKnown = true, UserMicroseconds = 1_009_900, SystemMicroseconds = 500_100 };
        var entry = EntryOf(record, ref truth, out _);
        Assert.True(Selection("--min-cpu=1510ms").Matches(entry));
        Assert.False(Selection("--min-cpu=1511ms").Matches(entry));
    }

    /// <summary>Old records, and those of other machines, have ticks of another length.</summary>
    [Theory]
    [InlineData("--min-cpu=150ms", true)]
    [InlineData("--min-cpu=151ms", false)]
    [InlineData("--min-elapsed=290ms", true)]
    [InlineData("--min-elapsed=291ms", false)]
    public void ADuration_IsInTheRecordsTicks(string options, bool isChosen) => Assert.Equal(
        isChosen, Selection(options).Matches(EntryOf(Exit(), ref Unsafe.NullRef<ExitTruth>(), out _, ticks: 1000)));

    [Fact]
    public void Matching_AllocatesNothing()
    {
        var all = Selection("--user=1000,5 --group=100,7 --command=a*b,wor* --tty=pts/3 --since=@5 --until=now "
            + "--exit-code=3 --min-cpu=1 --min-elapsed=1");
        Assert.True(all.Matches(EntryOf(Exit(), ref Unsafe.NullRef<ExitTruth>(), out var bytes)));
        Assert.Equal(0, Allocated.By(() =>
        {
            var entry = new AcctEntry(ref bytes.Records[0], 100, ref Unsafe.NullRef<ExitTruth>());
            for (var i = 0; i < 10_000; i++)
            {
                all.Matches(entry);
            }
        }));
    }

    private static AcctRecord Exit() => new()
    {
        Version = 3,
        TicksPerSecond = 100,
        Uid = 1000,
        Gid = 100,
        Tty = (136 << 8) + 3,
        ExitCode = 3 << 8,
        BeginUnixSeconds = (uint)Begin,
        ElapsedTicks = 290,
        UserTicks = 100,
        SystemTicks = 50,
        Command = NameOf("worker"),
    };

    private static CommandName NameOf(string text) => CommandName.From(System.Text.Encoding.UTF8.GetBytes(text));

    private static bool IsChosen(string options, AcctRecord record) =>
        Selection(options).Matches(EntryOf(record, ref Unsafe.NullRef<ExitTruth>(), out _));

    /// <param name="record">The exit.</param>
    /// <param name="truth">What is known better.</param>
    /// <param name="bytes">Lives as long as the entry.</param>
    /// <param name="ticks">So many are a second.</param>
    private static AcctEntry EntryOf(
        AcctRecord record, ref ExitTruth truth, out ExitBatch bytes, ushort ticks = 100)
    {
        bytes = new ExitBatch { Count = 1 };
        AcctEncoder.Write(record, bytes.Bytes);
        return new AcctEntry(ref bytes.Records[0], ticks, ref truth);
    }

    private static ExitSelection Selection(string options)
    {
        var (flags, result) = Parse(options);
        Assert.Empty(result.Errors);
        return flags.Selection(result);
    }

    private static (ProcessFlags Flags, ParseResult Result) Parse(string options)
    {
        var io = new ReportIo(Stream.Null, Stream.Null, TextWriter.Null, new StandingClock());
        var command = new AppletCommand("probe", "A command with nothing of its own", io);
        var flags = ProcessFlags.AddTo(command);
        var words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (flags, SettingFlags.Parse(command, [.. command.Rewrite(words)]));
    }

    private sealed class StandingClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Now);
    }
}
