// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;
using SQLitePCL;
using static AcctExporter.Tests.Logins.LoginLab;

namespace AcctExporter.Tests.Logins;

/// <summary>Sessions from a database of wtmpdb: its rows, written by SQLite itself.</summary>
public sealed class LoginDatabaseTests : IDisposable
{
    private readonly LoginLab lab = new();

    public LoginDatabaseTests()
    {
        Batteries_V2.Init();
        // As libwtmpdb makes it.
        Run("CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, "
            + "Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT");
    }

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Auto_ReadsWtmp_UntilTheDatabaseHasRows()
    {
        lab.Write(Boot(Noon));
        Assert.Equal((true, null), (lab.Turn().WtmpUp, lab.Shown!.WtmpdbUp));
        Row(1, "reboot", Noon - 100, "~");
        Assert.Equal((null, true), (lab.Restart().WtmpUp, lab.Shown!.WtmpdbUp));
        Assert.Single(lab.Log.Messages, text => text.Contains("Wtmpdb now", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_AreSessions_ManyOnOneLine_OverRestarts()
    {
        Row(1, "reboot", Noon - 500, "~");
        Row(3, "old", Noon - 400, "pts/9");
        Row(3, "gone", Noon - 300, "pts/8", Noon - 200);
        var shown = lab.Turn();
        Assert.Equal((0UL, 0UL), (shown.LoginsOf(), shown.Boots));
        Assert.Equal(["user=\"old\""], shown.Users.Select(user => System.Text.Encoding.UTF8.GetString(user.Labels)));
        Row(3, "alice", Noon, "ssh");
        Row(3, "bob", Noon + 5, "ssh");
        shown = lab.After(10);
        Assert.Equal((2UL, 0UL), (shown.LoginsOf(), shown.Anomaly(LoginAnomaly.MissingLogout)));
        Assert.Equal((10UL, 5UL, 10UL), (shown.Connected("alice"), shown.Connected("bob"), shown.Connected("old")));
        Run($"UPDATE wtmp SET Logout = {Noon + 12}000000 WHERE User = 'alice'");
        lab.Pass(20);
        shown = lab.Restart();
        Assert.Equal((12UL, 25UL, 1UL), (shown.Connected("alice"), shown.Connected("bob"), shown.LogoutsOf()));
        Run($"UPDATE wtmp SET Logout = {Noon + 40}000000 WHERE User = 'reboot'");
        Row(1, "reboot", Noon + 60, "~");
        shown = lab.After(50);
        Assert.Equal((1UL, 1UL, 0UL), (shown.Boots, shown.Shutdowns, shown.Crashes));
        Assert.Equal((40UL, 35UL), (shown.Connected("old"), shown.Connected("bob")));
        // One logged out, one was ended by the shutdown.
        Assert.Equal(2UL, shown.Line("ssh").Logouts);
        Assert.Equal(shown.Counters(), lab.Restart().Counters());
    }

    /// <summary>A row that is away tells nothing of its end: what was credited stays, and the others go on.</summary>
    [Fact]
    public void ARowThatIsAway_EndsWhereItWasCreditedTo()
    {
        Row(1, "reboot", Noon - 500, "~");
        lab.Turn();
        Row(3, "alice", Noon, "ssh");
        Row(3, "bob", Noon, "ssh");
        lab.After(10);
        Run("DELETE FROM wtmp WHERE User = 'alice'");
        var shown = lab.After(5);
        Assert.Equal((10UL, 15UL, 0UL), (shown.Connected("alice"), shown.Connected("bob"), shown.CorrectedSeconds));
        Assert.Equal(1UL, shown.Anomaly(LoginAnomaly.Gone));
        var open = shown.Users.Select(user => user.SessionsOn(LineClass.Other));
        Assert.Equal([0, 1], open.Where(count => count >= 0));
    }

    [Fact]
    public void WhatIsWrongWithADatabase_IsCountedOnce()
    {
        Row(1, "reboot", Noon - 500, "~");
        lab.Turn();
        Run("INSERT INTO wtmp(Type, User, Login, TTY) VALUES(3, 'nobody', NULL, 'ssh')");
        Row(3, "alice", Noon, "");
        Row(3, "bob", Noon + 1, "ssh");
        var shown = lab.After(10);
        Assert.Equal((1UL, 0UL), (shown.Flaw(UtmpFlaw.Type), shown.SessionGaps));
        // Without a line, the service is one.
        Assert.Equal(1UL, shown.Line("sshd").Logins);
        Run("DELETE FROM wtmp WHERE User = 'bob'");
        lab.After(1);
        Row(3, "carol", Noon + 11, "ssh");
        Assert.Equal((1UL, 1UL), (lab.After(1).Flaw(UtmpFlaw.Type), lab.Shown!.SessionGaps));
        var failures = lab.Shown!.ReadFailures;
        File.Delete(lab.Of("wtmp.db"));
        lab.After(1);
        Assert.Equal((failures + 1, false), (lab.After(1).ReadFailures, lab.Shown!.WtmpdbUp));
    }

    private void Row(int type, string user, long login, string line, long? logout = null) => Run(
        "INSERT INTO wtmp(Type, User, Login, Logout, TTY, RemoteHost, Service) "
        + $"VALUES({type}, '{user}', {login}000000, {(logout is { } end ? $"{end}000000" : "NULL")}, '{line}', 'host', "
        + "'sshd')");

    private void Run(string statement)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(lab.Of("wtmp.db"), out var database));
        using (database)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(database, statement));
        }
    }
}
