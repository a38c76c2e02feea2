// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>closewtmp and utmp2wtmp: parts of a wtmp that are complete in themselves, the wtmp untouched.</summary>
public sealed class WtmpPeriodTests : IDisposable
{
    private const long Day = 1_783_382_400;

    private readonly TemporaryDirectory folder = new();

    private string Wtmp => folder.Of("wtmp");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Utmp_GivesEachLogin_WithTheTimeOfNow()
    {
        byte[] utmp =
        [
            .. WtmpFixture.Record(UtmpType.BootTime, "reboot", "~", Day),
            .. WtmpFixture.Record(UtmpType.UserProcess, "alice", "pts/1", Day, host: "a", id: "ts/1"),
            .. WtmpFixture.Record(UtmpType.DeadProcess, "", "pts/2", Day + 5), .. new byte[768],
            .. WtmpFixture.Record(UtmpType.UserProcess, "bob", "tty1", Day + 6),
        ];
        Assert.Equal(
            Bytes(
                WtmpFixture.Record(UtmpType.DeadProcess, "alice", "pts/1", Filter.Now, host: "a", id: "ts/1"),
                WtmpFixture.Record(UtmpType.DeadProcess, "bob", "tty1", Filter.Now)),
            Hex(Filter.Run(["closewtmp", "-"], utmp)));
        Assert.Equal(
            Bytes(
                WtmpFixture.Record(UtmpType.UserProcess, "alice", "pts/1", Filter.Now, host: "a", id: "ts/1"),
                WtmpFixture.Record(UtmpType.UserProcess, "bob", "tty1", Filter.Now)),
            Hex(Filter.Run(["utmp2wtmp", "-"], utmp)));
    }

    /// <summary>Where there is no utmp: who is on at the end of the wtmp.</summary>
    [Fact]
    public void Wtmp_TellsWhoIsOn()
    {
        File.WriteAllBytes(Wtmp, [.. Boot(0), .. In("alice", 1), .. In("bob", 2), .. Out(1, 3), .. In("carol", 3)]);
        Assert.Equal(
            Bytes(Off("bob", 2, Filter.Now), Off("carol", 3, Filter.Now)),
            Hex(Filter.Run(["closewtmp", "--wtmp", Wtmp])));
        Assert.Equal(
            Bytes(On("bob", 2, Filter.Now), On("carol", 3, Filter.Now)),
            Hex(Filter.Run(["utmp2wtmp", "--wtmp", Wtmp])));
    }

    [Fact]
    public void Cursor_GivesPartAfterPart_EachCompleteInItself()
    {
        File.WriteAllBytes(Wtmp, [.. Boot(0), .. In("alice", 1), .. In("bob", 2)]);
        Assert.Equal(Bytes(Boot(0), In("alice", 1), In("bob", 2)), Take(Day + 100));
        Assert.Equal(Bytes(Off("alice", 1, Day + 100), Off("bob", 2, Day + 100)), Close());

        // Half a record is there when the second part is taken: it is of the third.
        var third = In("carol", 3);
        Append(Wtmp, [.. Out(1, 150), .. third[..100]]);
        Assert.Equal(
            Bytes(On("alice", 1, Day + 100), On("bob", 2, Day + 100), Out(1, 150)), Take(Day + 200));
        Assert.Equal(Bytes(Off("bob", 2, Day + 200)), Close());
        Append(Wtmp, third[100..]);
        Assert.Equal(Bytes(On("bob", 2, Day + 200), third), Take(Day + 300));
        Assert.Equal(Bytes(Off("bob", 2, Day + 300), Off("carol", 3, Day + 300)), Close());
        Assert.Equal(6 * 384 - 384, new FileInfo(Wtmp).Length);

        // Nothing happened: those who are on are still on.
        Assert.Equal(Bytes(On("bob", 2, Day + 300), On("carol", 3, Day + 300)), Take(Day + 400));
    }

    [Fact]
    public void Cursor_FollowsRotation_OverTwoFiles()
    {
        File.WriteAllBytes(Wtmp, [.. Boot(0), .. In("alice", 1)]);
        Take(Day + 100);
        Append(Wtmp, In("bob", 2));
        File.Move(Wtmp, folder.Of("wtmp.1"));
        File.SetLastWriteTimeUtc(folder.Of("wtmp.1"), DateTime.UtcNow.AddMinutes(-2));
        File.WriteAllBytes(Wtmp, Out(1, 120));
        File.Move(folder.Of("wtmp.1"), folder.Of("wtmp.2"));
        File.Move(Wtmp, folder.Of("wtmp.1"));
        File.WriteAllBytes(folder.Of("wtmp.3.gz"), [1, 2, 3]);
        File.WriteAllBytes(Wtmp, In("carol", 3));
        Assert.Equal(Bytes(On("alice", 1, Day + 100), In("bob", 2), Out(1, 120), In("carol", 3)), Take(Day + 200));
        Assert.Equal(Bytes(Off("bob", 2, Day + 200), Off("carol", 3, Day + 200)), Close());
    }

    [Fact]
    public void Cursor_SaysWhatIsMissing_AfterACopyAndTruncate()
    {
        File.WriteAllBytes(Wtmp, [.. Boot(0), .. In("alice", 1)]);
        Take(Day + 100);
        File.WriteAllBytes(Wtmp, In("bob", 2));
        var done = Run(["utmp2wtmp", "--wtmp", Wtmp, "--cursor", folder.Of("cursor")], Day + 200);
        Assert.Equal(ExitCode.BadRecords, done.ExitCode);
        Assert.Contains("is missing", done.Errors, StringComparison.Ordinal);
        Assert.Equal(Bytes(On("alice", 1, Day + 100), In("bob", 2)), Hex(done));
    }

    [Fact]
    public void Cursor_StaysWhereItIs_WhenThePartCannotBeWritten()
    {
        File.WriteAllBytes(Wtmp, In("alice", 1));
        Assert.Equal(ExitCode.Failure, Run(
            ["utmp2wtmp", "--wtmp", Wtmp, "--cursor", folder.Of("cursor"), "-o", "/dev/full"], Day).ExitCode);
        Assert.False(File.Exists(folder.Of("cursor")));
        Assert.Equal(Bytes(In("alice", 1)), Take(Day + 100));
    }

    [Fact]
    public void DamagedCursor_IsSaid()
    {
        File.WriteAllBytes(Wtmp, In("alice", 1));
        Take(Day + 100);
        var text = File.ReadAllText(folder.Of("cursor"));
        foreach (var damaged in new[] { "", "x", text[..^20], text.Replace("sessions ", "sessions A") })
        {
            File.WriteAllText(folder.Of("cursor"), damaged);
            var done = Run(["closewtmp", "--cursor", folder.Of("cursor")], Day);
            Assert.Equal(ExitCode.CannotRead, done.ExitCode);
            Assert.Contains("no cursor of a wtmp", done.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCode.CannotRead, Run(["closewtmp", "--cursor", folder.Of("none")], Day).ExitCode);
    }

    private static byte[] Boot(long at) => WtmpFixture.Record(UtmpType.BootTime, "reboot", "~", Day + at, id: "~~");

    private static byte[] In(string user, int line) => On(user, line, Day + line);

    private static byte[] On(string user, int line, long seconds) =>
        WtmpFixture.Record(UtmpType.UserProcess, user, $"pts/{line}", seconds, pid: line, host: "h", id: $"ts/{line}");

    private static byte[] Off(string user, int line, long seconds) =>
        WtmpFixture.Record(UtmpType.DeadProcess, user, $"pts/{line}", seconds, pid: line, host: "h", id: $"ts/{line}");

    private static byte[] Out(int line, long at) =>
        WtmpFixture.Record(UtmpType.DeadProcess, "", $"pts/{line}", Day + at, pid: line);

    private static FilterResult Run(string[] command, long now) => Filter.Run(command, now: now);

    private string Take(long now) => Hex(Run(["utmp2wtmp", "--wtmp", Wtmp, "--cursor", folder.Of("cursor")], now));

    private string Close() => Hex(Run(["closewtmp", "--cursor", folder.Of("cursor")], Day + 5_000));

    private static string Hex(FilterResult done) => Lines(done.Output);

    private static string Bytes(params byte[][] records) => Lines([.. records.SelectMany(record => record)]);

    /// <summary>As text, so that a difference can be read.</summary>
    private static string Lines(byte[] records) => Filter.Run(["fwtmp"], records).Text;

    private static void Append(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Append);
        file.Write(bytes);
    }
}
