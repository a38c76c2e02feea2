// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Tests.Logins;

namespace AcctExporter.Tests.Reports;

/// <summary>The bytes of acctcon, acctcon1 and their reports, on days whose figures were worked out by hand.</summary>
public class AcctconTests
{
    private const string Zeros = "0.000000e+00 0.000000e+00 0.000000e+00 0.000000e+00 ";

    private const string LineUse = """
        TOTAL DURATION IS 1320 MINUTES
        LINE         MINUTES  PERCENT  # SESS  # ON  # OFF
        console      90       7        1       1     1    
        pts/1        1080     82       2       2     2    
        pts/2        165      12       3       2     4    
        TOTALS       1335     --       6       5     7    

        """;

    private const string SaneLineUse = """
        TOTAL DURATION IS 1320 MINUTES
        LINE         MINUTES  PERCENT  # SESS  # ON  # OFF
        console      0        0        1       1     1    
        pts/1        990      75       2       2     2    
        pts/2        165      12       3       2     3    
        TOTALS       1155     --       6       5     6    

        """;

    private const string Reboots = """
        from Thu Jul  2 06:00:00 2026
        to   Fri Jul  3 04:00:01 2026
        2	system boot
        2	run-level 3
        2	acctg on
        1	runacct
        1	acctcon

        """;

    [Fact]
    public void Acctcon_Compat_OfACrash()
    {
        using var run = new ConnectRun();
        var (code, output, errors) = run.Run(
            "acctcon", LoginFile.Crash.Bytes, "--compat", "-l", run.Of("lineuse"), "-o", run.Of("reboots"));

        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Equal(
            Tacct(1001, "alice", "4.500000e+02", "6.300000e+02", 2)
            + Tacct(1002, "bob", "1.050000e+02", "0.000000e+00", 2)
            + Tacct(1003, "carol", "6.000000e+01", "0.000000e+00", 1)
            + Tacct(1004, "dave", "9.000000e+01", "0.000000e+00", 1), output);
        Assert.Equal(LineUse, run.Text("lineuse"));
        Assert.Equal(Reboots, run.Text("reboots"));
    }

    /// <summary>Nobody knows when the crash was; at 13:00 alice and dave were there.</summary>
    [Fact]
    public void Acctcon_OfACrash()
    {
        using var run = new ConnectRun();
        var (code, output, errors) = run.Run(
            "acctcon", LoginFile.Crash.Bytes, "-l", run.Of("lineuse"), "-o", run.Of("reboots"));

        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Equal(
            Tacct(1001, "alice", "3.600000e+02", "6.300000e+02", 2)
            + Tacct(1002, "bob", "1.050000e+02", "0.000000e+00", 2)
            + Tacct(1003, "carol", "6.000000e+01", "0.000000e+00", 1)
            + Tacct(1004, "dave", "0.000000e+00", "0.000000e+00", 1), output);
        Assert.Equal(SaneLineUse, run.Text("lineuse"));
        Assert.Equal(Reboots, run.Text("reboots"));
    }

    [Fact]
    public void Acctcon1_Compat_OfACrash()
    {
        using var run = new ConnectRun();
        var (code, output, _) = run.Run("acctcon1", LoginFile.Crash.Bytes, "--compat", "-t");

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(
            """
            34818	1002	bob	2700	0	1782980100	Thu Jul  2 08:15:00 2026
            34818	1003	carol	3600	0	1782986400	Thu Jul  2 10:00:00 2026
            34818	1002	bob	3600	0	1782990000	Thu Jul  2 11:00:00 2026
            34817	1001	alice	23400	1800	1782977400	Thu Jul  2 07:30:00 2026
            4294967295	1004	dave	5400	0	1782997200	Thu Jul  2 13:00:00 2026
            34817	1001	alice	3600	36000	1783011600	Thu Jul  2 17:00:00 2026

            """, output);
    }

    [Theory]
    [InlineData(true)] // acctcon alone is right
    [InlineData(false)]
    public void ARecordedChangeOfTheClock_MovesWhatIsOpen(bool compat)
    {
        using var run = new ConnectRun();
        var (code, output, _) = Run(run, LoginFile.ClockForward, compat);

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(Tacct(1001, "alice", Minutes(7200), "0.000000e+00", 1), output);
        Assert.StartsWith("TOTAL DURATION IS 300 MINUTES", run.Text("lineuse"), StringComparison.Ordinal);
        Assert.Contains("120      40 ", run.Text("lineuse"), StringComparison.Ordinal);
        Assert.Contains("1\tdate change\n", run.Text("reboots"), StringComparison.Ordinal);
    }

    /// <summary>What the classic wtmpfix has moved already is moved again.</summary>
    [Fact]
    public void AMendedFile_IsMendedTwice()
    {
        using var run = new ConnectRun();
        var (_, output, _) = Run(run, LoginFile.ClockForwardMended, compat: true);

        Assert.Equal(Tacct(1001, "alice", Minutes(3600), "0.000000e+00", 1), output);
        Assert.StartsWith("TOTAL DURATION IS 240 MINUTES", run.Text("lineuse"), StringComparison.Ordinal);
        Assert.Contains("60       25 ", run.Text("lineuse"), StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnrecordedStepBack_Compat_GoesOnWithWhoWasOn()
    {
        using var run = new ConnectRun();
        var (code, output, errors) = Run(run, LoginFile.ClockBack, compat: true);

        Assert.Equal(ExitCode.Failure, code);
        Assert.Equal(
            "acctcon: bad times: old: Tue Jul  7 10:00:00 2026\nnew: Tue Jul  7 09:30:00 2026\n", errors);
        Assert.Equal(
            Tacct(1001, "alice", Minutes(900), "0.000000e+00", 1)
            + Tacct(1002, "bob", Minutes(1800), "0.000000e+00", 1),
            output);
        Assert.Contains(
            "pts/1        45       15       2       1     1    \n", run.Text("lineuse"), StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnrecordedStepBack_HasNoLength()
    {
        using var run = new ConnectRun();
        var (code, output, errors) = Run(run, LoginFile.ClockBack, compat: false);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("the clock went back 1 times", errors, StringComparison.Ordinal);
        Assert.Equal(
            Tacct(1001, "alice", Minutes(0), "0.000000e+00", 1) + Tacct(1002, "bob", Minutes(1800), "0.000000e+00", 1),
            output);
    }

    [Theory]
    [InlineData("acctcon", "-root", false)]
    [InlineData("acctcon", "j.doe", true)]
    [InlineData("acctcon1", "j.doe", false)]
    [InlineData("acctcon", "bob+x", false)]
    [InlineData("acctcon1", "a_b-c$ d", true)]
    public void NamesOfTheClassicCommands(string name, string user, bool isValid)
    {
        using var run = new ConnectRun();
        var file = new LoginFile("2026-07-07").Accounting("09:00", "begin")
            .Login("10:00", user, "pts/1").Logout("11:00", "pts/1").Accounting("14:00", "end");
        var (code, output, errors) = run.Run(name, file.Bytes, "--compat");

        Assert.Equal(isValid ? ExitCode.Done : ExitCode.Failure, code);
        Assert.Equal(isValid, output.Length > 0);
        Assert.Equal(
            isValid ? ""
                : $"bad wtmpx: offset 384.\nbad record is:  pts/1\t{user}\t1783418400\tTue Jul  7 10:00:00 2026\n",
            errors);
        Assert.Equal(ExitCode.Done, run.Run(name, file.Bytes).Code);
    }

    [Fact]
    public void WhatIsOpenAtTheEnd()
    {
        using var run = new ConnectRun();
        Assert.Equal("", Run(run, LoginFile.Unfinished, compat: true).Output);
        Assert.Equal(
            Tacct(1001, "alice", Minutes(14400), "0.000000e+00", 1),
            Run(run, LoginFile.Unfinished, compat: false).Output);

        // acctcon1 charges up to now: midnight.
        Assert.StartsWith(
            "34817\t1001\talice\t28800\t21600\t",
            run.Run("acctcon1", LoginFile.Unfinished.Bytes).Output, StringComparison.Ordinal);
        Assert.StartsWith(
            "34817\t1001\talice\t14400\t0\t",
            run.Run("acctcon1", LoginFile.Unfinished.Bytes, "-t").Output, StringComparison.Ordinal);
        Assert.Equal("", run.Run("acctcon1", LoginFile.Unfinished.Bytes, "--compat").Output);
    }

    /// <summary>A getty's record: acctcon loses the time so far; acctcon1 and we take it for a logout.</summary>
    [Theory]
    [InlineData("acctcon", true, 3600, "1       1     1")]
    [InlineData("acctcon1", true, 7200, "1       1     2")]
    [InlineData("acctcon", false, 7200, "1       1     2")]
    public void AGettysRecord(string name, bool compat, int seconds, string uses)
    {
        using var run = new ConnectRun();
        var file = new LoginFile("2026-07-07").Login("10:00", "alice", "tty1").Getty("12:00", "tty1")
            .Logout("13:00", "tty1").Accounting("14:00", "end");
        var (_, output, _) = run.Run(
            name, file.Bytes, [.. compat ? ["--compat"] : (string[])[], "-l", run.Of("l"), "--format", "csv"]);
        Assert.Contains($",{seconds},0,", output, StringComparison.Ordinal);
        run.Run(name, file.Bytes, [.. compat ? ["--compat"] : (string[])[], "-l", run.Of("l")]);
        Assert.Contains(uses, run.Text("l"), StringComparison.Ordinal);
    }

    [Fact]
    public void AnyLayout_GivesTheSame()
    {
        using var run = new ConnectRun();
        var expected = run.Run("acctcon", LoginFile.Crash.Bytes).Output;
        foreach (var (isWide, isBig) in ((bool, bool)[])[(true, false), (false, true), (true, true)])
        {
            Assert.Equal(expected, run.Run("acctcon", LoginFile.Crash.BytesIn(new(isWide, isBig))).Output);
        }
    }

    private static (int Code, string Output, string Errors) Run(ConnectRun run, LoginFile file, bool compat) => run.Run(
        "acctcon", file.Bytes,
        [.. compat ? ["--compat"] : (string[])[], "-l", run.Of("lineuse"), "-o", run.Of("reboots")]);

    private static string Minutes(int seconds) =>
        (seconds / 60.0).ToString("0.000000e+00", System.Globalization.CultureInfo.InvariantCulture);

    private static string Tacct(int uid, string name, string prime, string nonPrime, int sessions) =>
        $"{uid}\t{name}\t{Zeros}{prime} {nonPrime} 0.000000e+00 0 {sessions}\t0\t0\n";
}
