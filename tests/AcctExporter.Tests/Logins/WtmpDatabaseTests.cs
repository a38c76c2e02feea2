// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Logins;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Logins;

public class WtmpDatabaseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "wtmpdb", "wtmp.db");

    [Fact]
    public void Rows_AreThoseThatSqliteSays()
    {
        var expected = File.ReadAllLines(Fixture + ".rows.txt").Skip(1).Order(StringComparer.Ordinal);
        Assert.Equal(DatabaseStatus.Read, WtmpDatabase.ReadAll(Fixture, Patience, out var rows, out var bad, out _));
        Assert.Equal(0, bad);
        Assert.Equal(expected, rows.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Id}|{(int)row.Type}|{row.User}|{row.LoginMicroseconds}|{row.LogoutMicroseconds}|{row.Line}|"
            + $"{row.Host}|{row.Service}")));
    }

    [Fact]
    public void Poll_TellsWhatBecameOfEachRow()
    {
        var database = new WtmpDatabase(Fixture, Patience);
        // 1 was shut down at 18:00 and 4 with it; 5 crashed with 6 before 7 began, and that goes on.
        Assert.Equal(
            ["Boot 1 1772352000", "Shutdown 1 1772388000", "Login 2 1772359200", "Logout 2 1772364600",
                "Login 3 1772360100", "Logout 3 1772361930", "Login 4 1772370000", "Boot 5 1772391600",
                "Login 6 1772391700", "Boot 7 1772391800", "Cut 4 1772388000", "Crash 5 1772391800",
                "Crash 6 1772391800"],
            Poll(database));
        Assert.Equal([7L], database.Open.Select(row => row.Id));
        Assert.Empty(Poll(database));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_FollowsAWriter(bool ahead)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("wtmp.db");
        var database = new WtmpDatabase(path, Patience);
        Assert.Empty(Poll(database, DatabaseStatus.Absent));
        using var writer = new SqlWriter(path, ahead: ahead);
        Assert.Empty(Poll(database));
        writer.Boot(1000);
        var alice = writer.Login("alice", 1010);
        Assert.Equal(["Boot 1 1000", "Login 2 1010"], Poll(database));
        var bob = writer.Login("bob", 1011);
        Assert.Equal(["Login 3 1011"], Poll(database));
        Assert.Equal(["reboot", "alice", "bob"], database.Open.Select(row => row.User));
        writer.Logout(alice, 1020.5);
        writer.Login("carol", 1021, 1022);
        Assert.Equal(["Logout 2 1020", "Login 4 1021", "Logout 4 1022"], Poll(database));
        writer.Logout(1, 1030);
        Assert.Equal(["Shutdown 1 1030"], Poll(database));
        writer.Boot(1040);
        Assert.Equal(["Boot 5 1040", $"Cut {bob} 1030"], Poll(database));
        Assert.Empty(Poll(database));
    }

    [Fact]
    public void Sessions_OnOneLine_AreKeptApart()
    {
        // sshd without a terminal writes the line "ssh", for all of them.
        using var directory = new TemporaryDirectory();
        using var writer = new SqlWriter(directory.Of("wtmp.db"));
        var first = writer.Login("alice", 1000, line: "ssh");
        writer.Login("bob", 1001, line: "ssh");
        var database = new WtmpDatabase(directory.Of("wtmp.db"), Patience);
        Assert.Equal(2, Poll(database).Length);
        writer.Logout(first, 1005);
        Assert.Equal(["Logout 1 1005"], Poll(database));
        Assert.Equal("bob", Assert.Single(database.Open).User);
    }

    [Fact]
    public void Position_CarriesOn_AlsoWithWhatIsOpen()
    {
        using var directory = new TemporaryDirectory();
        using var writer = new SqlWriter(directory.Of("wtmp.db"));
        var before = new WtmpDatabase(directory.Of("wtmp.db"), Patience);
        writer.Boot(1000);
        var alice = writer.Login("alice", 1010);
        Poll(before);
        var saved = before.Position.ToBytes();
        writer.Logout(alice, 1020);
        writer.Login("bob", 1021);

        var after = new WtmpDatabase(directory.Of("wtmp.db"), Patience);
        after.Restore(WtmpDatabasePosition.Of(saved)!);
        Assert.Equal(["Logout 2 1020", "Login 3 1021"], Poll(after));
        Assert.Equal(["reboot", "bob"], after.Open.Select(row => row.User));
        Assert.Null(WtmpDatabasePosition.Of(saved.AsSpan(1)));
    }

    [Fact]
    public void Poll_ReadsMoreThanOneLookTakes_InParts()
    {
        using var directory = new TemporaryDirectory();
        using var writer = new SqlWriter(directory.Of("wtmp.db"));
        writer.Run("BEGIN");
        for (var i = 0; i < 25_000; i++)
        {
            writer.Login("alice", 1000 + i, 1001 + i);
        }

        writer.Run("COMMIT");
        var database = new WtmpDatabase(directory.Of("wtmp.db"), Patience);
        var counts = new List<int>();
        do
        {
            counts.Add(Poll(database).Length);
        }
        while (database.HasMore);
        Assert.Equal([20_000, 20_000, 10_000], counts);
        Assert.Equal(25_000, database.Position.LastId);
    }

    [Fact]
    public void SkipsHistory_BeginsAtTheEnd_WithWhoIsLoggedIn()
    {
        using var directory = new TemporaryDirectory();
        using var writer = new SqlWriter(directory.Of("wtmp.db"));
        writer.Boot(1000);
        writer.Login("crashed", 1001);
        writer.Boot(2000);
        var alice = writer.Login("alice", 2001);
        writer.Login("bob", 2002, 2003);
        var database = new WtmpDatabase(directory.Of("wtmp.db"), Patience) { SkipsHistory = true };
        Assert.Empty(Poll(database));
        Assert.Equal(["reboot", "alice"], database.Open.Select(row => row.User));
        writer.Logout(alice, 2010);
        writer.Login("carol", 2011);
        Assert.Equal(["Logout 4 2010", "Login 6 2011"], Poll(database));
    }

    [Fact]
    public void RowsThatAreRotatedAway_AreGone_AndNothingIsReadTwice()
    {
        using var directory = new TemporaryDirectory();
        using var writer = new SqlWriter(directory.Of("wtmp.db"));
        var database = new WtmpDatabase(directory.Of("wtmp.db"), Patience);
        writer.Boot(1000);
        writer.Login("alice", 1010);
        writer.Login("bob", 2000);
        Poll(database);
        writer.Run("DELETE FROM wtmp WHERE Login <= 1500000000");
        writer.Login("carol", 2001);
        Assert.Equal(["Gone 1 1000", "Gone 2 1010", "Login 4 2001"], Poll(database));
        Assert.Equal(0, database.Resets);
        // All of it: the numbers begin again.
        writer.Run("DELETE FROM wtmp");
        Assert.Equal(1, writer.Login("dave", 2002));
        Assert.Equal(["Gone 3 2000", "Gone 4 2001", "Login 1 2002"], Poll(database));
        Assert.Equal(1, database.Resets);
    }

    /// <summary>As <c>wtmpdb rotate</c> does it; numbers go on as long as a row is left.</summary>
    [Theory]
    [InlineData(3, 3, 0)]
    [InlineData(3, 4, 0)]
    [InlineData(2, 4, 1)]
    public void RowsThatWereReadAndOver_AreNoGap_WhenTheyAreTakenAway(int read, int written, int gaps)
    {
        using var directory = new TemporaryDirectory();
        using var writer = new SqlWriter(directory.Of("wtmp.db"));
        var database = new WtmpDatabase(directory.Of("wtmp.db"), Patience);
        for (var i = 0; i < read; i++)
        {
            writer.Login("alice", 1000 + i, 1100 + i);
        }

        Poll(database);
        for (var i = read; i < written; i++)
        {
            writer.Login("bob", 2000 + i, 2100 + i);
        }

        writer.Run(read == written ? "DELETE FROM wtmp WHERE ID < 3" : "DELETE FROM wtmp WHERE ID <= 3");
        Assert.Equal(read == written ? 0 : 2, Poll(database).Length);
        Assert.Equal(gaps, database.Gaps);
    }

    [Fact]
    public void AFileThatLogRotationPutThere_IsReadFromItsBeginning()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("wtmp.db");
        var database = new WtmpDatabase(path, Patience);
        using (var writer = new SqlWriter(path))
        {
            writer.Boot(1000);
            writer.Login("alice", 1010);
            Poll(database);
        }

        File.Move(path, path + ".1");
        File.WriteAllBytes(path, []);
        Assert.Equal(["Gone 1 1000", "Gone 2 1010"], Poll(database));
        using (var writer = new SqlWriter(path))
        {
            Assert.Equal(1, writer.Login("bob", 1020));
            Assert.Equal(["Login 1 1020"], Poll(database));
        }

        // And one with as many rows at once.
        File.Delete(path);
        using (var writer = new SqlWriter(path))
        {
            writer.Login("carol", 1030);
            writer.Login("dave", 1031);
            Assert.Equal(["Gone 1 1020", "Login 1 1030", "Login 2 1031"], Poll(database));
        }

        Assert.Equal(2, database.Resets);
    }

    [Fact]
    public void AnOlderCopy_IsNotCountedAgain()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("wtmp.db");
        var database = new WtmpDatabase(path, Patience);
        using var writer = new SqlWriter(path);
        writer.Login("alice", 1000, 1001);
        File.Copy(path, path + ".backup");
        writer.Login("bob", 1010, 1011);
        Poll(database);
        File.Move(path + ".backup", path, overwrite: true);
        Assert.Empty(Poll(database));
        Assert.Equal(1, database.Resets);
        using var restored = new SqlWriter(path);
        restored.Login("carol", 1020, 1021);
        Assert.Equal(["Login 2 1020", "Logout 2 1021"], Poll(database));
    }

    [Fact]
    public void ImportedRows_AreOver_WhenTheSystemStartedAfterThem()
    {
        using var directory = new TemporaryDirectory();
        using var writer = new SqlWriter(directory.Of("wtmp.db"));
        var database = new WtmpDatabase(directory.Of("wtmp.db"), Patience);
        writer.Boot(1000);
        writer.Boot(5000);
        writer.Login("alice", 5001);
        Poll(database);
        // wtmpdb import writes old sessions behind the new ones.
        writer.Login("old", 2000);
        Assert.Equal(["Login 4 2000", "Crash 4 5000"], Poll(database));
        Assert.Equal(["reboot", "alice"], database.Open.Select(row => row.User));
    }

    internal static string[] Poll(WtmpDatabase database, DatabaseStatus status = DatabaseStatus.Read)
    {
        var changes = new List<WtmpDatabaseChange>();
        var was = database.Poll(changes);
        Assert.True(was == status, $"{was}: {database.Message}");
        return [.. changes.Select(change => string.Create(
            CultureInfo.InvariantCulture, $"{change.Kind} {change.Row.Id} {change.Microseconds / 1_000_000}"))];
    }
}
