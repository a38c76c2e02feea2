// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Tests.Logins;

namespace AcctExporter.Tests.Reports;

/// <summary>What the commands of connect accounting do with other files and forms than the usual ones.</summary>
public class ConnectFilesTests
{
    [Fact]
    public void AMissingHolidaysFile_IsSaid_AndAllIsNonPrime()
    {
        using var run = new ConnectRun();
        var (code, output, errors) = run.Run(
            "acctcon1", LoginFile.Crash.Bytes, "-t", "--holidays", run.Of("none"));

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(
            $"acctcon1: {run.Of("none")}: No such file or directory: all time is taken for non-prime; write it, or "
            + "name another with --holidays (--logins.holidays of the agent and of runacct)\n", errors);
        Assert.StartsWith("34818\t1002\tbob\t0\t2700\t", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingHolidaysFile_Compat_FailsAtTheFirstSession()
    {
        using var run = new ConnectRun();
        var (code, output, errors) = run.Run(
            "acctcon", LoginFile.Crash.Bytes, "--compat", "-l", run.Of("lineuse"), "--holidays", run.Of("none"));

        Assert.Equal((ExitCode.Failure, ""), (code, output));
        Assert.Equal(
            $"{run.Of("none")}: No such file or directory\npnpsplit: holidays table setup failed\n"
            + "acctcon: could not calculate prime/non-prime hours\n", errors);
        Assert.False(File.Exists(run.Of("lineuse")));
        var nobody = new LoginFile("2026-07-07").Boot("09:00");
        Assert.Equal(ExitCode.Done, run.Run(
            "acctcon", nobody.Bytes, "--compat", "--holidays", run.Of("none")).Code);
    }

    [Theory]
    [InlineData("2026-12-26 12:00", false)]
    [InlineData("2026-12-27 12:00", true)]
    public void AnOldHolidaysFile_IsSaid(string now, bool isOld)
    {
        using var run = new ConnectRun { Now = now };
        Assert.Equal(
            isOld ? $"***UPDATE {run.Of("holidays")} WITH NEW HOLIDAYS***\n" : "",
            run.Run("acctcon", LoginFile.Crash.Bytes, "--compat").Errors);
        Assert.Equal(
            isOld ? $"acctcon: {run.Of("holidays")}: it is of 2026: write the holidays of 2027 into it\n" : "",
            run.Run("acctcon", LoginFile.Crash.Bytes).Errors);
    }

    [Fact]
    public void ABadHolidaysLine_IsSaid()
    {
        using var run = new ConnectRun("2026 0800 1800\n2/31 no day\n");
        Assert.StartsWith(
            $"acctcon: {run.Of("holidays")} line 2: that is no date of the table's year: ",
            run.Run("acctcon", LoginFile.Crash.Bytes).Errors, StringComparison.Ordinal);
    }

    /// <summary>Three days in three files, with two who stay: together it is what one run over all charges.</summary>
    [Fact]
    public void CarriedSessions_AreChargedOnce()
    {
        var first = new LoginFile("2026-07-07").Boot("08:00").Login("09:00", "alice", "pts/1")
            .Login("10:00", "bob", "pts/2").Accounting("20:00", "runacct");
        var second = new LoginFile("2026-07-08").Login("09:00", "carol", "pts/3").Logout("09:30", "pts/3")
            .Logout("10:00", "pts/2").Accounting("20:00", "runacct");
        var third = new LoginFile("2026-07-09").Logout("07:00", "pts/1").Accounting("20:00", "runacct");
        using var run = new ConnectRun();
        string Day(LoginFile file) => run.Run(
            "acctcon", file.Bytes, "--carry", run.Of("open"), "--format", "csv", "-l", run.Of("lines")).Output;

        var all = "uid,user,prime_connect_seconds,nonprime_connect_seconds,sessions\r\n";
        Assert.Equal(all + "1001,alice,32400,7200,1\r\n1002,bob,28800,7200,1\r\n", Day(first));
        Assert.Equal(
            all + "1001,alice,36000,50400,0\r\n1002,bob,7200,43200,0\r\n1003,carol,1800,0,1\r\n", Day(second));
        Assert.Contains("pts/1,86400,1,0,0,0\r\n", run.Text("lines"), StringComparison.Ordinal);
        Assert.Equal(all + "1001,alice,0,39600,0\r\n", Day(third));

        byte[] together = [.. first.Bytes, .. second.Bytes, .. third.Bytes];
        Assert.Equal(
            all + "1001,alice,68400,97200,1\r\n1002,bob,36000,50400,1\r\n1003,carol,1800,0,1\r\n",
            run.Run("acctcon", together, "--format", "csv").Output);
    }

    [Fact]
    public void ACarryFile_ThatIsSomethingElse_IsLeftAlone()
    {
        using var run = new ConnectRun();
        File.WriteAllText(run.Of("open"), "something else");
        var (code, output, errors) = run.Run("acctcon", LoginFile.Crash.Bytes, "--carry", run.Of("open"));
        Assert.Equal((ExitCode.Failure, ""), (code, output));
        Assert.Contains("does not keep sessions", errors, StringComparison.Ordinal);
        Assert.Equal("something else", run.Text("open"));

        Assert.Equal(
            ExitCode.Usage, run.Run("acctcon", LoginFile.Crash.Bytes, "--compat", "--carry", run.Of("new")).Code);
    }

    [Fact]
    public void TheSystemsOwnFiles_AreNotWritten()
    {
        using var run = new ConnectRun();
        // The one that no host misses: should this be written after all, the next boot makes it anew.
        var (code, output, errors) = run.Run("acctcon", LoginFile.Crash.Bytes, "-l", "/run/utmp");
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains("/run/utmp", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedRecords_AreCounted()
    {
        using var run = new ConnectRun();
        var bytes = LoginFile.Crash.Bytes;
        bytes[3 * 384] = 99;
        var (code, output, errors) = run.Run("acctcon", bytes);
        Assert.Equal(ExitCode.BadRecords, code);
        Assert.Contains("standard input: 1 place is no good record", errors, StringComparison.Ordinal);
        Assert.Contains("bob", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_OfSessions()
    {
        using var run = new ConnectRun();
        Assert.StartsWith(
            "[\n{\"line\":\"pts/2\",\"device\":34818,\"uid\":1002,\"user\":\"bob\",\"host\":\"\","
            + "\"prime_seconds\":2700,\"nonprime_seconds\":0,\"charged_from\":\"2026-07-02T08:15:00Z\","
            + "\"charged_to\":\"2026-07-02T09:00:00Z\",\"login\":\"2026-07-02T08:15:00Z\",\"ended_by\":\"logout\"},",
            run.Run("acctcon1", LoginFile.Crash.Bytes, "-t", "--format", "json").Output, StringComparison.Ordinal);
        Assert.Contains(
            "console,,1004,dave,,0,0,2026-07-02T13:00:00Z,2026-07-02T13:00:00Z,2026-07-02T13:00:00Z,crash\r\n",
            run.Run("acctcon1", LoginFile.Crash.Bytes, "-t", "--format", "csv").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void LineUseAndReboots_AreReportsOfTheirOwn()
    {
        using var run = new ConnectRun();
        File.WriteAllBytes(run.Of("wtmp"), LoginFile.Crash.Bytes);
        run.Run("acctcon", LoginFile.Crash.Bytes, "--compat", "-l", run.Of("l"), "-o", run.Of("o"));
        Assert.Equal(run.Text("l"), run.Run("lineuse", [], run.Of("wtmp"), "--compat").Output);
        Assert.Equal(run.Text("o"), run.Run("reboots", [], run.Of("wtmp"), "--compat").Output);
        Assert.Equal(run.Text("o"), run.Run("reboots", LoginFile.Crash.Bytes, "-").Output);
        Assert.Equal(ExitCode.CannotRead, run.Run("lineuse", [], run.Of("none")).Code);
        Assert.Contains(
            "pts/2,9900,0.124998",
            run.Run("lineuse", LoginFile.Crash.Bytes, "-", "--format", "csv").Output, StringComparison.Ordinal);
        Assert.Contains(
            "{\"reason\":\"run-level 3\",\"count\":2,\"from\":\"2026-07-02T06:00:00Z\",\"to\":\"2026-07-03T",
            run.Run("reboots", LoginFile.Crash.Bytes, "-", "--format", "json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Acctcon1_PrintsTheRecords()
    {
        using var run = new ConnectRun();
        var file = new LoginFile("2026-07-07").Login("10:00", "alice", "pts/1").Login("10:00", "j.doe", "pts/2");
        const string First = "pts/1\talice\t1783418400\tTue Jul  7 10:00:00 2026\n";
        const string Second = "pts/2\tj.doe\t1783418400\tTue Jul  7 10:00:00 2026\n";
        Assert.Equal((ExitCode.Done, First + Second, ""), run.Run("acctcon1", file.Bytes, "-p"));
        Assert.Equal(
            (ExitCode.Failure, $"{First}bad wtmpx: offset 384.\nbad record is:  {Second}", ""),
            run.Run("acctcon1", file.Bytes, "-p", "--compat"));
    }

    [Fact]
    public void Acctcon2_OfWhatAcctcon1Wrote()
    {
        using var run = new ConnectRun();
        var sessions = run.Run("acctcon1", LoginFile.Crash.Bytes, "--compat").Output + "no session\n\n";
        var (code, output, errors) = run.Run("acctcon2", System.Text.Encoding.UTF8.GetBytes(sessions));

        Assert.Equal(ExitCode.BadRecords, code);
        Assert.Equal("acctcon2: standard input: line 7 is not what acctcon1 writes: left out\n", errors);
        Assert.Equal(6, output.Split('\n').Length - 1);
        Assert.Contains(
            "1001\talice\t0.000000e+00 0.000000e+00 0.000000e+00 0.000000e+00 3.900000e+02 3.000000e+01 0.000000e+00 "
            + "0 1\t0\t0\n", output, StringComparison.Ordinal);
        Assert.Contains(
            "1001,alice,3600,36000,1\r\n",
            run.Run("acctcon2", System.Text.Encoding.UTF8.GetBytes(sessions), "--format", "csv").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void LongNames_AreCutByTheClassicCommandsOnly()
    {
        using var run = new ConnectRun();
        var file = new LoginFile("2026-07-07").Login("10:00", "longusername", "pts/1").Logout("11:00", "pts/1");
        Assert.StartsWith(
            "4294967295\tlongusername\t", run.Run("acctcon", file.Bytes).Output, StringComparison.Ordinal);
        Assert.StartsWith(
            "4294967295\tlonguser\t", run.Run("acctcon", file.Bytes, "--compat").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void UsersWithoutANumber_AreKeptApart_ButByTheClassicCommand()
    {
        using var run = new ConnectRun();
        var file = new LoginFile("2026-07-07").Login("10:00", "zoe", "pts/1").Login("10:00", "yan", "pts/2")
            .Logout("11:00", "pts/1").Logout("12:00", "pts/2");
        Assert.Equal(
            "uid,user,prime_connect_seconds,nonprime_connect_seconds,sessions\r\n,yan,7200,0,1\r\n,zoe,3600,0,1\r\n",
            run.Run("acctcon", file.Bytes, "--format", "csv").Output);
        Assert.EndsWith(
            "\r\n,zoe,10800,0,2\r\n", run.Run("acctcon", file.Bytes, "--compat", "--format", "csv").Output,
            StringComparison.Ordinal);
    }
}
