// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Logins;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Logins;

/// <summary>Any file gives a status: no throw, no hang, and not a byte is written anywhere.</summary>
public class HostileDatabaseTests
{
    private const string Loose =
        "CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type, User, Login, Logout, TTY, RemoteHost, Service)";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures", "wtmpdb");

    [Theory]
    [InlineData("absent", nameof(DatabaseStatus.Absent))]
    [InlineData("absent/below", nameof(DatabaseStatus.Absent))]
    [InlineData("nul\0in it", nameof(DatabaseStatus.Absent))]
    [InlineData("directory", nameof(DatabaseStatus.NoDatabase))]
    [InlineData("pipe", nameof(DatabaseStatus.NoDatabase))]
    [InlineData("text", nameof(DatabaseStatus.NoDatabase))]
    [InlineData("short", nameof(DatabaseStatus.NoDatabase))]
    [InlineData("empty", nameof(DatabaseStatus.Read))]
    [InlineData("tableless.db", nameof(DatabaseStatus.NoTable))]
    [InlineData("other.db", nameof(DatabaseStatus.NoTable))]
    [InlineData("view.db", nameof(DatabaseStatus.NoTable))]
    [InlineData("norowid.db", nameof(DatabaseStatus.NoTable))]
    [InlineData("cut.db", nameof(DatabaseStatus.Damaged))]
    [InlineData("hot.db", nameof(DatabaseStatus.Busy))]
    [InlineData("nonsense.db", nameof(DatabaseStatus.Damaged))]
    public void AnyFile_GivesAStatus_AndIsLeftAsItIs(string name, string statusName)
    {
        var status = Enum.Parse<DatabaseStatus>(statusName);
        using var directory = Zoo();
        var before = Listing(directory.Path);
        var started = Stopwatch.GetTimestamp();
        var database = new WtmpDatabase($"{directory.Path}/{name}", Patience);
        var changes = new List<WtmpDatabaseChange>();
        Assert.Equal(status, database.Poll(changes));
        Assert.Equal(status, database.Poll(changes));
        Assert.Equal(status == DatabaseStatus.Read, database.Message.Length == 0);
        Assert.Empty(changes);
        var last = LastLoginDatabase.Read($"{directory.Path}/{name}", Patience, out var logins, out _, out _);
        Assert.Equal(status is DatabaseStatus.Damaged ? last : status, last);
        Assert.Empty(logins);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
        Assert.Equal(before, Listing(directory.Path));
    }

    [Fact]
    public void AnEndlessView_IsNoTable()
    {
        using var directory = new TemporaryDirectory();
        using var writer = new SqlWriter(directory.Of("wtmp.db"), Loose);
        writer.Run("ALTER TABLE wtmp RENAME TO real_wtmp");
        writer.Run("CREATE VIEW wtmp AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            + "SELECT i AS rowid, i AS ID, 3 AS Type, 'a' AS User, i AS Login, i AS Logout, '' AS TTY, "
            + "'' AS RemoteHost, '' AS Service FROM n");
        var database = new WtmpDatabase(directory.Of("wtmp.db"), Patience);
        Assert.Equal(DatabaseStatus.NoTable, database.Poll(new List<WtmpDatabaseChange>()));
    }

    [Theory]
    [InlineData("3,NULL,1,NULL,'','',''", false)]
    [InlineData("'three','alice',1,NULL,'','',''", false)]
    [InlineData("NULL,'alice',1,NULL,'','',''", false)]
    [InlineData("9,'alice',1,NULL,'','',''", false)]
    [InlineData("3,'alice',NULL,NULL,'','',''", false)]
    [InlineData("3,'alice','yesterday',NULL,'','',''", false)]
    [InlineData("3,'alice',-1,NULL,'','',''", false)]
    [InlineData("3,'alice',9223372036854775807,NULL,'','',''", false)]
    [InlineData("3,'alice',1,-9223372036854775808,'','',''", false)]
    [InlineData("3,'alice',1,1.5,'','',''", false)]
    [InlineData("3,x'616c696365',1,NULL,'','',''", false)]
    [InlineData("3,'alice',1,NULL,7,'',''", false)]
    [InlineData("3,'alice',1,NULL,'',x'00',''", false)]
    [InlineData("3,CAST(zeroblob(70000) AS TEXT),1,NULL,'','',''", false)]
    [InlineData("3,'alice',1,NULL,'',CAST(zeroblob(3000000) AS TEXT),''", false)]
    [InlineData("3,'alice',1,NULL,NULL,NULL,NULL", true)]
    [InlineData("3,'',1,NULL,'','',''", true)]
    [InlineData("3,CAST(x'ff00fe' AS TEXT),1,NULL,CAST(x'00' AS TEXT),'',''", true)]
    [InlineData("3,'alice',253402300799999999,0,'','',''", true)]
    public void ARowThatCannotBe_IsPassedOver_AndCounted(string values, bool isRow)
    {
        using var directory = new TemporaryDirectory();
        using var writer = new SqlWriter(directory.Of("wtmp.db"), Loose);
        writer.Run($"INSERT INTO wtmp VALUES(1,{values})");
        writer.Run("INSERT INTO wtmp VALUES(2,3,'bob',5000000,6000000,'tty1','','login')");
        var database = new WtmpDatabase(directory.Of("wtmp.db"), Patience);
        var changes = WtmpDatabaseTests.Poll(database);
        Assert.Equal(["Login 2 5", "Logout 2 6"], changes[^2..]);
        Assert.Equal(isRow, changes.Length > 2);
        Assert.Equal(isRow ? 0 : 1, database.BadRows);
        writer.Run("INSERT INTO wtmp VALUES(3,3,'carol',7000000,8000000,'tty1','','login')");
        Assert.Equal(["Login 3 7", "Logout 3 8"], WtmpDatabaseTests.Poll(database));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Reading_LeavesNoTrace(bool ahead, bool writerIsGone)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("wtmp.db");
        var writer = new SqlWriter(path, ahead: ahead);
        writer.Login("alice", 1000);
        if (writerIsGone)
        {
            // The log was taken in, and what stood beside the file is gone; its header still says that there is one.
            writer.Dispose();
        }

        var before = Listing(directory.Path);
        Assert.Equal(ahead && !writerIsGone ? 3 : 1, before.Length);
        var database = new WtmpDatabase(path, Patience);
        Assert.Single(WtmpDatabaseTests.Poll(database));
        Assert.Equal(before, Listing(directory.Path));
        Assert.DoesNotContain(Directory.GetFiles("/proc/self/fd").Select(Target), target =>
            target?.StartsWith(path, StringComparison.Ordinal) == true && writerIsGone);
        writer.Dispose();
    }

    [Fact]
    public void ALogWithoutItsIndex_IsSaid()
    {
        using var directory = new TemporaryDirectory();
        using var writer = new SqlWriter(directory.Of("wtmp.db"), ahead: true);
        writer.Login("alice", 1000);
        File.Copy(directory.Of("wtmp.db"), directory.Of("copy.db"));
        File.Copy(directory.Of("wtmp.db-wal"), directory.Of("copy.db-wal"));
        var before = Listing(directory.Path);
        var database = new WtmpDatabase(directory.Of("copy.db"), Patience);
        Assert.Equal(DatabaseStatus.Unreadable, database.Poll(new List<WtmpDatabaseChange>()));
        Assert.Contains("copy.db-shm is missing", database.Message, StringComparison.Ordinal);
        Assert.Equal(before, Listing(directory.Path));
        // With it, though nobody has it open, all is there.
        File.Copy(directory.Of("wtmp.db-shm"), directory.Of("copy.db-shm"));
        before = Listing(directory.Path);
        Assert.Equal(["Login 1 1000"], WtmpDatabaseTests.Poll(database));
        Assert.Equal(before, Listing(directory.Path));
    }

    [Theory]
    [InlineData("wtmp.db")]
    [InlineData("lastlog2.db")]
    public void ADamagedFile_GivesAStatus(string name)
    {
        var whole = File.ReadAllBytes(Path.Combine(Fixtures, name));
        var random = new Random(20_261_122);
        // In memory: a disk takes ten times as long.
        var path = $"/dev/shm/acct-damaged-{Environment.ProcessId}-{name}";
        var seen = new int[(int)DatabaseStatus.TooSlow + 1];
        for (var run = 0; run < 10_000; run++)
        {
            var bytes = Mutated(whole, random);
            File.WriteAllBytes(path, bytes);
            DatabaseStatus status;
            if (name == "wtmp.db")
            {
                var database = new WtmpDatabase(path, TimeSpan.Zero) { SkipsHistory = run % 4 == 0 };
                var changes = new List<WtmpDatabaseChange>();
                status = database.Poll(changes);
                database.Poll(changes);
                Assert.True(changes.Count < 1000);
            }
            else
            {
                status = LastLoginDatabase.Read(path, TimeSpan.Zero, out _, out _, out _);
            }

            seen[(int)status]++;
        }

        File.Delete(path);
        Assert.Equal(0, seen[(int)DatabaseStatus.TooSlow] + seen[(int)DatabaseStatus.Absent]);
        Assert.True(seen[(int)DatabaseStatus.Read] > 1000, string.Join(' ', seen));
        Assert.True(seen[(int)DatabaseStatus.Damaged] > 100, string.Join(' ', seen));
    }

    private static byte[] Mutated(byte[] whole, Random random)
    {
        var bytes = (byte[])whole.Clone();
        for (var times = random.Next(1, 6); times > 0; times--)
        {
            // Rows are at the ends of the pages, what leads to them at their beginnings.
            var page = random.Next(bytes.Length / 4096) * 4096;
            var at = random.Next(3) switch
            {
                0 => random.Next(bytes.Length),
                1 => page + random.Next(120),
                _ => page + 4095 - random.Next(400),
            };
            bytes[at] = random.Next(3) switch
            {
                0 => (byte)(bytes[at] ^ (1 << random.Next(8))),
                1 => (byte)random.Next(256),
                _ => (byte)(random.Next(2) * 255),
            };
        }

        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static TemporaryDirectory Zoo()
    {
        var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.Of("directory"));
        using (var made = Process.Start("mkfifo", directory.Of("pipe")))
        {
            made.WaitForExit();
        }

        directory.File("text", new string('x', 5000));
        directory.File("short", "SQLite format 3\0");
        directory.File("empty");
        new SqlWriter(directory.Of("tableless.db"), "CREATE TABLE passengers(Name)").Dispose();
        new SqlWriter(
            directory.Of("other.db"), "CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Who); CREATE TABLE Lastlog2(Who)")
            .Dispose();
        new SqlWriter(
            directory.Of("view.db"), "CREATE TABLE t(a); CREATE VIEW wtmp AS SELECT * FROM t; "
            + "CREATE VIEW Lastlog2 AS SELECT * FROM t").Dispose();
        new SqlWriter(
            directory.Of("norowid.db"),
            Loose + " WITHOUT ROWID; "
            + "CREATE TABLE Lastlog2(Name PRIMARY KEY, Time, TTY, RemoteHost, Service) WITHOUT ROWID").Dispose();
        var whole = File.ReadAllBytes(Path.Combine(Fixtures, "wtmp.db"));
        File.WriteAllBytes(directory.Of("cut.db"), whole[..5000]);
        File.WriteAllBytes(directory.Of("hot.db"), whole);
        directory.File("hot.db-journal", new string('j', 600));
        var nonsense = (byte[])whole.Clone();
        nonsense.AsSpan(100, 3000).Fill(0x7f);
        File.WriteAllBytes(directory.Of("nonsense.db"), nonsense);
        return directory;
    }

    private static string[] Listing(string directory) =>
        [.. new DirectoryInfo(directory).GetFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => $"{entry.Name} {(entry as FileInfo)?.Length} {entry.LastWriteTimeUtc:O}")];

    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            // It was closed meanwhile, by another test.
            return null;
        }
    }
}
