// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AcctExporter.Logins;
using AcctExporter.Reports;
using AcctExporter.Tests.Capture;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Logins;

/// <summary>The real wtmpdb and lastlog2 of Debian 13 write, and we read meanwhile.</summary>
[Collection("wtmpdb")]
[Trait("Lane", "peers")]
public class RealWtmpdbTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADay_IsSeenAsItHappens(bool ahead)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("wtmp.db");
        var database = new WtmpDatabase(path, Patience);
        Assert.Empty(WtmpDatabaseTests.Poll(database, DatabaseStatus.Absent));
        RealWtmpdb.Wtmpdb("boot", "-q", "-f", path);
        if (ahead)
        {
            RealWtmpdb.Ended(RealWtmpdb.StartSqlite(path, "PRAGMA journal_mode=WAL;"));
        }

        Assert.StartsWith("Boot 1 ", Assert.Single(Within(database)), StringComparison.Ordinal);
        Assert.Equal("2\n", LoginNow(path, "alice", "pts/0"));
        Assert.StartsWith("Login 2 ", Assert.Single(Within(database)), StringComparison.Ordinal);
        Assert.Equal("3\n", LoginNow(path, "bob", "tty1"));
        Assert.StartsWith("Login 3 ", Assert.Single(Within(database)), StringComparison.Ordinal);
        RealWtmpdb.Logins("logout", path, "2", Now(60));
        Assert.StartsWith("Logout 2 ", Assert.Single(Within(database)), StringComparison.Ordinal);
        Assert.Equal(["soft-reboot", "bob"], database.Open.Select(row => row.User));
        RealWtmpdb.Wtmpdb("shutdown", "-f", path);
        Assert.StartsWith("Shutdown 1 ", Assert.Single(Within(database)), StringComparison.Ordinal);
        RealWtmpdb.Wtmpdb("boot", "-q", "-f", path);
        Assert.Equal(["Boot 4", "Cut 3"], Within(database).Select(change => change[..change.LastIndexOf(' ')]));

        // What was rotated away is gone here, and whole there.
        var said = RealWtmpdb.Wtmpdb("rotate", "-d", "0", "-f", path);
        Assert.Contains("entries moved to", said, StringComparison.Ordinal);
        var rotated = Assert.Single(Directory.GetFiles(directory.Path, "wtmp_*.db"));
        Assert.Equal(DatabaseStatus.Read, WtmpDatabase.ReadAll(rotated, Patience, out var rows, out var bad, out _));
        Assert.Equal([1L, 2, 3, 4], rows.Select(row => row.Id));
        Assert.Equal(0, bad);
        Assert.StartsWith("Gone 4 ", Assert.Single(Within(database)), StringComparison.Ordinal);
        // The numbers begin again, and the new row is seen.
        Assert.Equal("1\n", Login(path, "carol", "pts/0", 120));
        Assert.StartsWith("Login 1 ", Assert.Single(Within(database)), StringComparison.Ordinal);
    }

    [Fact]
    public void Last_ShowsWhatTheRealOneShows()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("wtmp.db");
        for (var i = 0; i < 40; i++)
        {
            // Whole seconds: the real tool takes lengths of microseconds.
            Login(path, $"user{i}", $"pts/{i % 7}", (i * 977) - 500_000);
            if (i % 10 != 9)
            {
                RealWtmpdb.Logins("logout", path, $"{i + 1}", Now((i * 977) - 500_000 + (i * 7919)));
            }
        }

        var real = Lines(RealWtmpdb.Wtmpdb("last", "-f", path));
        Assert.Equal(40, real.Length);
        // Where there is no logout, they write "- still logged in" and we, as last always did, "  still logged in".
        var ours = Lines(Ours(path)).Select(line => line.Replace("   still", " - still", StringComparison.Ordinal));
        Assert.Equal(real, ours);
    }

    [Fact]
    public void Last_OfTheFixture_DiffersAsDocumented()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "wtmpdb", "wtmp.db");
        string[] columns = [.. Lines(RealWtmpdb.Wtmpdb("last", "-f", path)).Select(line => line[..55])];
        string[] ours = [.. Lines(Ours(path)).Select(line => line[..55])];
        Assert.Equal("soft-reb", ours[0][..8]);
        Assert.Equal("s-reboot", columns[0][..8]);
        Assert.Equal(columns[1..], ours[1..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ManyLogins_AreEachSeenOnce_AndTheirWriterEndsWell(bool ahead)
    {
        const int logins = 100;
        using var directory = new TemporaryDirectory();
        var path = directory.Of("wtmp.db");
        Login(path, "first", "tty1", 0);
        if (ahead)
        {
            RealWtmpdb.Ended(RealWtmpdb.StartSqlite(path, "PRAGMA journal_mode=WAL;"));
        }

        var alone = Stopwatch.StartNew();
        RealWtmpdb.Logins("many", path, $"{logins}");
        alone.Stop();
        var database = new WtmpDatabase(path, Patience);
        while (WtmpDatabaseTests.Poll(database).Length > 0)
        {
        }

        var together = Stopwatch.StartNew();
        var changes = new List<string>();
        using (var writer = RealWtmpdb.StartLogins("many", path, $"{logins}"))
        {
            while (!writer.HasExited)
            {
                changes.AddRange(Gentle(database));
            }

            together.Stop();
            Assert.Equal(0, writer.ExitCode);
        }

        changes.AddRange(Within(database, wantsNone: true));
        var expected = Enumerable.Range(logins + 2, logins);
        foreach (var kind in new[] { "Login", "Logout" })
        {
            Assert.Equal(expected, changes.Where(change => change.StartsWith(kind + " ", StringComparison.Ordinal))
                .Select(change => int.Parse(change.Split(' ')[1], CultureInfo.InvariantCulture)));
        }

        Assert.Equal(0, database.Resets + database.BadRows);
        // SQLite's writers wait for readers in steps of up to a tenth of a second, here two hundred times.
        Assert.True(
            together.Elapsed < (alone.Elapsed * 3) + TimeSpan.FromSeconds(2), $"{alone.Elapsed} {together.Elapsed}");
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("WAL")]
    public void AWriterThatHoldsItsLock_IsNoHindrance(string mode)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("wtmp.db");
        Login(path, "alice", "tty1", 0);
        RealWtmpdb.Ended(RealWtmpdb.StartSqlite(path, $"PRAGMA journal_mode={mode};"));
        var database = new WtmpDatabase(path, Patience);
        using var writer = RealWtmpdb.StartSqlite(
            path, ".timeout 1000", "BEGIN EXCLUSIVE;", "INSERT INTO wtmp(Type,User,Login) VALUES(3,'bob',5);",
            $".shell touch {directory.Of("held")}; sleep 3", "COMMIT;");
        while (!File.Exists(directory.Of("held")))
        {
            Assert.False(writer.HasExited, "it could not take its lock");
            Thread.Sleep(10);
        }

        var started = Stopwatch.GetTimestamp();
        var changes = new List<WtmpDatabaseChange>();
        var status = database.Poll(changes);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1));
        // The old content is whole as long as the file itself is not being changed.
        Assert.Equal(DatabaseStatus.Read, status);
        Assert.Single(changes);
        RealWtmpdb.Ended(writer);
        Assert.Equal(["Login 2 0"], Within(database));
    }

    [Fact]
    public void Reading_OpensNothingForWriting()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("wtmp.db");
        Login(path, "alice", "tty1", 0);
        var log = directory.Of("strace");
        var agent = Path.Combine(AppContext.BaseDirectory, "acct-exporter.dll");
        using var traced = Process.Start(new ProcessStartInfo(
            Tools.Installed("/usr/bin/strace", "strace"),
            ["-f", "-e", "trace=openat,open,creat,rename,unlink,unlinkat,mkdir,ftruncate,pwrite64,fcntl,flock", "-o",
                log, Environment.ProcessPath!, agent, "last", "-f", path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Assert.Contains("alice", RealWtmpdb.Ended(traced), StringComparison.Ordinal);
        var named = File.ReadAllLines(log).Where(line => line.Contains("wtmp.db", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, line => Assert.Matches("open(at)?\\(.*O_RDONLY", line));
        // No lock on a database: those are at bytes from 0x40000000.
        Assert.DoesNotContain(
            File.ReadAllLines(log), line => line.Contains("l_start=1073741", StringComparison.Ordinal));
    }

    [Fact]
    public void Lastlog2_IsReadAsItsOwnToolDoes()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("lastlog2.db");
        RealWtmpdb.Logins("last", path, "alice", "pts/1", "192.0.2.7", "sshd", "1772359200");
        RealWtmpdb.Logins("last", path, "bob", "tty1", "", "login", "1772360100");
        RealWtmpdb.Logins("last", path, "alice", "pts/2", "192.0.2.8", "sshd", "1772370000");
        Assert.Equal(DatabaseStatus.Read, LastLoginDatabase.Read(path, Patience, out var logins, out var bad, out _));
        Assert.Equal(0, bad);
        var lines = logins.OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Name} {entry.Login.Line} {entry.Login.Host} "
            + $"{DateTime.UnixEpoch.AddSeconds(entry.Login.Seconds):ddd MMM d HH:mm:ss} +0000 2026"));
        var real = RealWtmpdb.Lastlog2("-d", path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(real, lines.Select(line => line.Replace("  ", " ", StringComparison.Ordinal)));
    }

    private static string Login(string path, string user, string line, int afterSeconds) =>
        RealWtmpdb.Logins("login", path, user, line, "192.0.2.7", "sshd", Now(afterSeconds));

    private static string LoginNow(string path, string user, string line) => RealWtmpdb.Logins(
        "login", path, user, line, "192.0.2.7", "sshd",
        string.Create(CultureInfo.InvariantCulture, $"{(DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10}"));

    /// <summary>A whole second, and some later.</summary>
    private static string Now(int afterSeconds) => string.Create(
        CultureInfo.InvariantCulture, $"{(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + afterSeconds) * 1_000_000}");

    /// <summary>What a poll brings within a second of its happening.</summary>
    private static string[] Within(WtmpDatabase database, bool wantsNone = false)
    {
        var started = Stopwatch.GetTimestamp();
        string[] changes;
        do
        {
            changes = WtmpDatabaseTests.Poll(database);
        }
        while (changes.Length == 0 && !wantsNone && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1));
        return changes;
    }

    /// <summary>A look that may come between two changes that leave no pause.</summary>
    private static IEnumerable<string> Gentle(WtmpDatabase database)
    {
        var changes = new List<WtmpDatabaseChange>();
        var status = database.Poll(changes);
        Assert.True(status is DatabaseStatus.Read or DatabaseStatus.Busy, $"{status}: {database.Message}");
        return changes.Select(change => $"{change.Kind} {change.Row.Id}");
    }

    private static string Ours(string path)
    {
        using var output = new MemoryStream();
        using var errors = new StringWriter();
        var io = new ReportIo(Stream.Null, output, errors, new FixedClock { Now = DateTimeOffset.UtcNow });
        Assert.Equal(ReadResult.Whole, new LastReport(io, new LastOptions { Files = [path] }).Run());
        Assert.Equal("", errors.ToString());
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static string[] Lines(string text) => [.. text.Split('\n').TakeWhile(line => line.Length > 0)];
}
