// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Capture;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

public class LastLoginTests
{
    private const string Passwd =
        "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\nzoe:x:1001:1001::/:/bin/sh\n";

    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    [Fact]
    public void Text_HasTheNewestOfAllSources_TheOldestFirst()
    {
        var text = Run(out var errors, ReadResult.Whole, Sources());
        Assert.Equal("", errors);
        Assert.Equal(
            "never       zoe\n2026-03-01  root\n2026-03-01  alice\n2026-03-01  bob\n2026-03-01  crashed\n"
            + "2026-03-01  open\n", text);
    }

    [Fact]
    public void Rows_SayWhereFrom()
    {
        var options = Sources() with { Format = ReportFormat.Csv, Names = ["alice", "bob", "zoe"] };
        var text = Run(out _, ReadResult.Whole, options);
        Assert.Equal(
            "user,last_login,line,host,service,source\r\nzoe,,,,,\r\n"
            + "alice,2026-03-01T10:15:00Z,pts/0,192.0.2.7,sshd,lastlog2\r\n"
            + "bob,2026-03-01T10:15:00Z,pts/0,192.0.2.7,sshd,wtmpdb\r\n", text);
    }

    [Fact]
    public void AFileThatIsMissing_IsSaid_AndTheRestIsShown()
    {
        var text = Run(out var errors, ReadResult.NotRead, Sources() with { Lastlog = "/nowhere/lastlog" });
        Assert.Contains("lastlogin: cannot read /nowhere/lastlog", errors, StringComparison.Ordinal);
        Assert.Contains("2026-03-01  alice\n", text, StringComparison.Ordinal);
        Assert.Equal("", Run(out errors, ReadResult.NotRead, new() { Wtmp = ["/nowhere/wtmp"], MayBeAbsent = true }));
        Assert.Contains("no source of logins could be read", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Lastlog_IsReadOverItsHoles_InEachLayout()
    {
        using var directory = new TemporaryDirectory();
        UtmpLayout[] layouts = [new(false, false), new(true, false), new(false, true), new(true, true)];
        foreach (var layout in layouts)
        {
            var path = directory.File("lastlog");
            using (var file = new FileStream(path, FileMode.Create))
            {
                Put(file, layout, 0, 1_772_359_200, "tty1", "");
                Put(file, layout, 1000, 1_772_360_100, "pts/0", "192.0.2.7");
                Put(file, layout, 4_000_000_000, 1_772_360_200, "pts/1", "192.0.2.8");
            }

            // 1.2 TB of holes.
            Assert.True(new FileInfo(path).Length > 1_000_000_000_000);
            var entries = new List<string>();
            Assert.True(LastlogFile.Read(
                path, (uid, entry) => entries.Add($"{uid} {entry.Seconds} {Text(entry.Line)} {Text(entry.Host)}"),
                out var damaged));
            Assert.Equal(0, damaged);
            Assert.Equal(
                ["0 1772359200 tty1 ", "1000 1772360100 pts/0 192.0.2.7", "4000000000 1772360200 pts/1 192.0.2.8"],
                entries);
        }
    }

    [Fact]
    public void Lastlog_GivesItsUidsTheNamesOfTheUsersFile()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("lastlog");
        using (var file = new FileStream(path, FileMode.Create))
        {
            Put(file, UtmpLayout.Usual, 1001, 1_772_359_200, "tty1", "");
            Put(file, UtmpLayout.Usual, 3_999_999_999, 1_772_359_201, "tty2", "");
        }

        using var users = new TemporaryDirectory();
        var text = Run(out _, ReadResult.Whole, new()
        {
            Lastlog = path, Passwd = users.File("passwd", Passwd), Names = ["zoe", "3999999999"],
        });
        Assert.Equal("2026-03-01  zoe\n2026-03-01  3999999999\n", text);
    }

    [Fact]
    public void Compat_MergesTheOldTable_ByTheFourRules()
    {
        using var directory = new TemporaryDirectory();
        // Gone from passwd; older than today; of the century before; never; and no line at all.
        var table = directory.File(
            "loginlog", "26-02-01  left\n26-02-28  alice\n99-12-31  root\n00-00-00  zoe\nnonsense\n");
        var options = Sources() with { Compat = true, Loginlog = table };
        Assert.Equal("", Run(out var errors, ReadResult.WithFlaws, options, "2026-03-01T23:00:00Z"));
        Assert.Contains("1 record or line", errors, StringComparison.Ordinal);
        Assert.Equal(
            "00-00-00  zoe\n26-03-01  alice\n26-03-01  bob\n26-03-01  crashed\n26-03-01  open\n26-03-01  root\n",
            File.ReadAllText(table));
        // A month later nobody of them was on, but for who never logged out; who is not in passwd is dropped.
        Assert.Equal("", Run(out errors, ReadResult.Whole, options, "2026-04-01T12:00:00Z"));
        Assert.Equal("00-00-00  zoe\n26-03-01  alice\n26-03-01  root\n", File.ReadAllText(table));
        Assert.Single(Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void Compat_KeepsTheCenturyApart_AndMakesTheTable()
    {
        using var directory = new TemporaryDirectory();
        var table = directory.File("loginlog", "99-12-31  root\n68-01-01  alice\n69-01-01  zoe\n");
        Run(out _, ReadResult.Whole, Sources() with { Compat = true, Loginlog = table }, "2026-06-01T00:00:00Z");
        Assert.Equal("69-01-01  zoe\n99-12-31  root\n68-01-01  alice\n", File.ReadAllText(table));
        Run(out _, ReadResult.Whole, Sources() with { Compat = true, Loginlog = directory.Of("new") });
        Assert.Equal("00-00-00  alice\n00-00-00  root\n00-00-00  zoe\n", File.ReadAllText(directory.Of("new")));
    }

    [Fact]
    public void ALoginFile_GivesSessionStarts_AndANameCannotSpeakToATerminal()
    {
        using var directory = new TemporaryDirectory();
        var bytes = new byte[UtmpLayout.NarrowSize * 2];
        Write(bytes, "alice"u8, 1_772_359_200);
        Write(bytes.AsSpan(UtmpLayout.NarrowSize), "caf\u00e9"u8, 1_772_359_201);
        File.WriteAllBytes(directory.Of("wtmp"), bytes);
        var text = Run(out _, ReadResult.Whole, new() { Wtmp = [directory.Of("wtmp")], Passwd = "/dev/null" });
        Assert.Equal("2026-03-01  alice\n2026-03-01  caf\u00e9\n", text);
    }

    private static void Write(Span<byte> destination, ReadOnlySpan<byte> user, long seconds) => new UtmpFields
    {
        Type = UtmpType.UserProcess, User = user, Line = "tty1"u8, Seconds = seconds, Pid = 7,
    }.Write(destination, UtmpLayout.Usual);

    private static void Put(Stream file, UtmpLayout layout, long uid, long seconds, string line, string host)
    {
        var entry = new byte[LastlogRecord.Size(layout)];
        var time = BitConverter.GetBytes(seconds).AsSpan(0, layout.IsWide ? 8 : 4);
        if (layout.IsBigEndian)
        {
            time.Reverse();
        }

        time.CopyTo(entry);
        Encoding.UTF8.GetBytes(line).CopyTo(entry, time.Length);
        Encoding.UTF8.GetBytes(host).CopyTo(entry, time.Length + UtmpRecord.LineSize);
        file.Position = uid * entry.Length;
        file.Write(entry);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static LastLoginOptions Sources() => new()
    {
        Wtmp = [Path.Combine(Fixtures, "wtmpdb", "wtmp.db")],
        Lastlog2 = Path.Combine(Fixtures, "wtmpdb", "lastlog2.db"),
    };

    private static string Run(
        out string errors, ReadResult result, LastLoginOptions options, string now = "2026-06-01T00:00:00Z")
    {
        using var users = new TemporaryDirectory();
        if (options.Passwd == "/etc/passwd")
        {
            options = options with { Passwd = users.File("passwd", Passwd) };
        }

        using var output = new MemoryStream();
        using var said = new StringWriter();
        var clock = new FixedClock { Now = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture) };
        Assert.Equal(result, new LastLoginReport(new ReportIo(Stream.Null, output, said, clock), options).Run());
        errors = said.ToString();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
