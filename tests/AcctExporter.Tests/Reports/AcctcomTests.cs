// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// <c>acctcom</c> on the System V vectors T-P: what it must print was worked out by hand and in exact fractions.
/// </summary>
public sealed class AcctcomTests : IDisposable
{
    private const string Headings =
        """
        COMMAND                           START    END          REAL     CPU    MEAN
        NAME       USER     TTYNAME       TIME     TIME       (SECS)  (SECS) SIZE(K)

        """;

    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheList_IsThatOfTheVectors() => Assert.Equal(
        Headings +
        """
        cc1        root      pts/1        17:59:50 18:00:10    20.00    4.00 1000.00
        ls         root      ?            10:00:00 10:00:00     0.50    0.04 1200.00
        #sim       4000000001 ?           10:00:00 11:00:00  3600.00  959.84 2048.00
        true       root      ?            12:00:00 12:00:00     0.10    0.00    0.00

        """, Run(SystemVVectors.All).Text);

    /// <summary>A tick of CPU time where there was none, names cut, numbers as C's int.</summary>
    [Fact]
    public void Compat_ListsAsTheClassicCommand() => Assert.Equal(
        Headings +
        """
        cc1        root      pts/1        17:59:50 18:00:10    20.00    4.00 1000.00
        ls         root      ?            10:00:00 10:00:00     0.50    0.04 1200.00
        #sim       -294967295 ?            10:00:00 11:00:00  3600.00  959.84 2048.00
        true       root      ?            12:00:00 12:00:00     0.10    0.01    0.00

        """, Run(SystemVVectors.All, "--compat").Text);

    [Fact]
    public void EveryColumn_HasItsNumberAndItsPlace()
    {
        var lines = Run([.. SystemVVectors.P1, .. SystemVVectors.P2, .. SystemVVectors.P4], "-tirhmkf").Text
            .Split('\n');
        Assert.Equal(
            ["COMMAND                           START    END          REAL", "NAME       USER     TTYNAME       TIME",
                "cc1        root      pts/1        17:59:50 18:00:10    20.00",
                "ls         root      ?            10:00:00 10:00:00     0.50",
                "true       root      ?            12:00:00 12:00:00     0.10", ""],
            lines.Select((line, i) => line[..Math.Min(line.Length, i == 1 ? 38 : 60)]));
        Assert.Equal(
            """
                 CPU  (SECS)   CHARS  BLOCKS     CPU     HOG    MEAN   KCORE
                 SYS    USER  TRNSFD    READ  FACTOR  FACTOR SIZE(K)     MIN  F STAT
                1.00    3.00    8192      12    0.75    0.20 1000.00   66.69  40   0
                0.01    0.03    4096       3    0.75    0.08 1200.00    0.80  40   0
                0.00    0.00       0       0    0.00    0.00    0.00    0.00  40   0

            """, string.Join('\n', lines.Select(line => line.Length > 60 ? line[60..] : "")));
    }

    [Theory]
    [InlineData("-r", "    0.94")]
    [InlineData("-h", "    0.27")]
    [InlineData("-k", " 32768.00")]
    [InlineData("-i", "  999936    2500")]
    public void OneOfTheFive_StandsInsteadOfTheSize(string column, string expected) =>
        Assert.EndsWith($"  959.84{expected}\n", Run(SystemVVectors.P3, column).Text, StringComparison.Ordinal);

    [Fact]
    public void ATickThatTheClassicCommandForces_CountsInItsFactor() => Assert.EndsWith(
        "     0.10    0.01    0.10\n", Run(SystemVVectors.P4, "-h", "--compat").Text, StringComparison.Ordinal);

    [Fact]
    public void Averages_AreThoseOfTheVectors()
    {
        const string line = "cmds=2 Real=10.25  CPU=2.02   USER=1.51   SYS=0.51   CHAR=6144.00  BLK=7.50     "
            + "USR/TOT=0.75 HOG=0.20";
        byte[] two = [.. SystemVVectors.P1, .. SystemVVectors.P2];

        Assert.Equal(line + "\n", Run(two, "-q").Text);
        Assert.Equal(line + " \n", Run(two, "-q", "--compat").Text);
        Assert.EndsWith($" 1200.00\n{line}\n", Run(two, "-a").Text, StringComparison.Ordinal);
        Assert.Equal("\nNo commands matched\n", Run(two, "-q", "-n", "nothing").Text);
        Assert.Equal("", Run(two, "-n", "nothing").Text);
    }

    [Fact]
    public void WithoutCpuTime_FactorsAreNothing_AndForTheClassicCommandNoNumber()
    {
        Assert.EndsWith("USR/TOT=0.00 HOG=0.00\n", Run(SystemVVectors.P4, "-q").Text, StringComparison.Ordinal);
        Assert.EndsWith("nan HOG=0.00 \n", Run(SystemVVectors.P4, "-q", "--compat").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-C 4", "sim", null)]
    [InlineData("-C 3.99", "cc1 sim", null)]
    [InlineData("-C 0", "cc1 ls sim", "cc1 ls sim true")]
    [InlineData("-C 0.005", "cc1 ls sim", "cc1 ls sim true")]
    [InlineData("-O 0.5", "cc1 sim", null)]
    [InlineData("-H 0.2", "sim", null)]
    [InlineData("-I 8192", "sim", "cc1 sim")]
    [InlineData("-I 8191.5", "cc1 sim", null)]
    [InlineData("-u root", "cc1 ls true", null)]
    [InlineData("-u 4000000001", "sim", null)]
    [InlineData("-u bin -u root", "cc1 ls true", null)]
    [InlineData("-u #", "sim", "")]
    [InlineData("-u ?", "sim", null)]
    [InlineData("-g root", "cc1 ls sim true", null)]
    [InlineData("-g 4711", "", null)]
    [InlineData("-l pts/1", "cc1", null)]
    [InlineData("-l /dev/pts/1", "cc1", null)]
    [InlineData("-l ?", "ls sim true", null)]
    [InlineData("-n s", "ls sim", null)]
    [InlineData("-n ^s", "sim", null)]
    [InlineData("-n c+1$", "cc1", null)]
    [InlineData("-S 12:00", "cc1 true", null)]
    [InlineData("-S 12:00:01", "cc1", null)]
    [InlineData("-e 10", "ls sim", null)]
    [InlineData("-s 18:00:10", "cc1", null)]
    [InlineData("-s 18:00:11", "", null)]
    [InlineData("-E 12:00", "ls sim true", "")]
    [InlineData("-s 17:59:55 -e 17:59:55", "cc1", null)]
    [InlineData("-S 17 -E 11", "cc1", null)]
    [InlineData("-S 24:00", "", null)]
    [InlineData("-b", "true sim ls cc1", null)]
    [InlineData("-b -s 11", "true cc1", "true")]
    [InlineData("-b -S 12:00", "true cc1", null)]
    [InlineData("-C 0.01 -u root -n l", "ls", null)]
    [InlineData("--min-cpu 1s", "cc1 sim", null)]
    [InlineData("--command l*", "ls", null)]
    public void ASelection_KeepsWhatItSays(string arguments, string kept, string? keptByClassic)
    {
        Assert.Equal(kept, Names(arguments.Split(' ')));
        Assert.Equal(keptByClassic ?? kept, Names([.. arguments.Split(' '), "--compat"]));
    }

    [Fact]
    public void Bounds_AreSaid() => Assert.StartsWith(
        """
        START AFT: Tue Jul  7 09:00:00 2026
        START BEF: Tue Jul  7 19:30:00 2026
        END AFTER: Tue Jul  7 10:00:00 2026
        END BEFOR: Wed Jul  8 08:00:05 2026
        COMMAND
        """, Run(SystemVVectors.All, "-S9", "-e", "19:30", "-s", "10:0:0", "-E8:00:05").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-07-08T10:00:00Z", true, true)]
    [InlineData("2026-07-08T01:00:00Z", false, true)]
    [InlineData("2026-07-07T23:00:00Z", false, false)]
    public void RecordsOfADayBefore_AreSaidToBe_ByTheLocalDay(string now, bool isBefore, bool isBeforeInUtc)
    {
        const string heading = "\nACCOUNTING RECORDS FROM:  Tue Jul  7 13:59:50 2026\n";
        var file = Write(SystemVVectors.All);
        Assert.Equal(isBefore, At().StartsWith(heading, StringComparison.Ordinal));
        Assert.Equal(isBeforeInUtc, At("--compat").StartsWith(heading, StringComparison.Ordinal));
        Assert.DoesNotContain("ACCOUNTING", At("-v"), StringComparison.Ordinal);
        Assert.DoesNotContain("ACCOUNTING", At("-q"), StringComparison.Ordinal);

        string At(params string[] arguments) => Applet.Run(
            "acctcom", ["--svr4", .. arguments, file], SystemVVectors.Seconds(now), "America/New_York").Text;
    }

    /// <summary>Each file has its own day, and headings stand above the first row alone.</summary>
    [Fact]
    public void SeveralFiles_HaveEachTheirDay()
    {
        var text = Applet.Run(
            "acctcom", ["--svr4", "-S", "9", Write(SystemVVectors.P3, "a"), Write(SystemVVectors.P1, "b")],
            SystemVVectors.Now).Text;
        Assert.Equal(
            $"""

             ACCOUNTING RECORDS FROM:  Sat Jul  4 10:00:00 2026
             START AFT: Sat Jul  4 09:00:00 2026
             {Headings}#sim       4000000001 ?           10:00:00 11:00:00  3600.00  959.84 2048.00
             START AFT: Tue Jul  7 09:00:00 2026
             cc1        root      pts/1        17:59:50 18:00:10    20.00    4.00 1000.00

             """, text);
    }

    [Fact]
    public void Output_HasTheRecordsThatWereChosen()
    {
        var run = Run(SystemVVectors.All, "-o", folder.Of("some"), "-u", "root", "-S", "9");

        Assert.Equal((0, ""), (run.ExitCode, run.Text));
        Assert.Equal(
            [.. SystemVVectors.P1, .. SystemVVectors.P2, .. SystemVVectors.P4], File.ReadAllBytes(folder.Of("some")));
    }

    [Fact]
    public void Rows_SayWhatIsKnown() => Assert.Equal(
        "ls,root,0,root,0,,,,2026-07-07T10:00:00Z,2026-07-07T10:00:00Z,0.5,0.03,0.01,,,,4096,1536,0,,false,false,false",
        Run(SystemVVectors.P2, "--format", "csv").Text.Split("\r\n")[1]);

    [Theory]
    [InlineData("-S 25", "--start-after: '25' is no time of day")]
    [InlineData("-e 12:60", "--start-before: '12:60' is no time of day")]
    [InlineData("-s 24:01", "--end-after: '24:01' is no time of day")]
    [InlineData("-E 1:2:3:4", "--end-before: '1:2:3:4' is no time of day")]
    [InlineData("-C -1", "--cpu-over: '-1' is no number")]
    [InlineData("-u no-such", "--owner: there is no user 'no-such'")]
    [InlineData("-g no-such", "--owner-group: there is no group 'no-such'")]
    [InlineData("-l no-such", "--line: 'no-such' is no terminal")]
    [InlineData("-n a[b", "--name: 'a[b' is no pattern: there is a [ without a ]")]
    [InlineData("-q --format json", "--averages and --quiet go with --format=table only")]
    [InlineData("-Z", "-Z: there is no such flag")]
    public void AWrongCommandLine_IsSaid(string arguments, string fault)
    {
        var run = Run(SystemVVectors.All, arguments.Split(' '));
        Assert.Equal((2, ""), (run.ExitCode, run.Text));
        Assert.Contains(fault, run.Errors, StringComparison.Ordinal);
    }

    private string Names(params string[] arguments) => string.Join(' ', Run(SystemVVectors.All, [.. arguments, "-v"])
        .Text.Split('\n').Where(line => line.Length > 0 && !line.Contains("2026", StringComparison.Ordinal))
        .Select(line => line.Split(' ')[0].TrimStart('#')));

    private ToolResult Run(byte[] records, params string[] arguments) =>
        Applet.Run("acctcom", ["--svr4", .. arguments, Write(records)], SystemVVectors.Now);

    private string Write(byte[] records, string name = "pacct")
    {
        File.WriteAllBytes(folder.Of(name), records);
        return folder.Of(name);
    }
}
