// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Runacct;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Runacct;

/// <summary>What a scrape shows of files that runs left.</summary>
public sealed class SuiteWatchTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly Said said = new();
    private readonly FakeLive live = new();
    private readonly SuitePaths paths;
    private SuiteOptions options = new();
    private SuiteWatch? watch;

    public SuiteWatchTests() => paths = new SuitePaths(folder.Of("suite"));

    private SuiteWatch Watch =>
        watch ??= new(
            new RunOptions { Suite = options, StoragePath = folder.Path }, [live], null, TimeProvider.System, said);

    public void Dispose()
    {
        watch?.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void WhereTheSuiteNeverWas_NothingIsShown()
    {
        Watch.Turn();
        Assert.Null(Watch.Suite);
        Assert.False(Directory.Exists(paths.Root));
    }

    [Fact]
    public void AFreshFolder_ShowsNothingThatIsNotKnown()
    {
        paths.MakeFolders();
        Watch.Turn();
        var shown = Watch.Suite!;
        Assert.Equal(
            (null, 0, -1, 0),
            (shown.State, shown.LastSuccessUnixMicroseconds, shown.LastExitCode, shown.FileBytes));
        Assert.Empty(shown.Users);
        Assert.Empty(said.Lines);
    }

    [Fact]
    public void FilesOfARun_AreShown_AndThoseOfTheNext()
    {
        paths.MakeFolders();
        File.WriteAllText(paths.StateFile, "COMPLETE\n2026-07-02\n");
        var ended = DateTimeOffset.Parse("2026-07-02T04:01:02Z");
        LastRuns.Save(paths, new DateOnly(2026, 7, 2), ended, RunCode.WithWarnings);
        Write(paths.SumTacct, (1000, "ann", 5_000_000), (1001, "bob", 1_000_000), (1002, "", 7));
        live.Sums = [("ann", Cpu(3))];
        Watch.Turn();
        var shown = Watch.Suite!;
        Assert.Equal(RunState.Complete, shown.State);
        Assert.Equal(ended.ToUnixTimeMilliseconds() * 1000, shown.LastSuccessUnixMicroseconds);
        Assert.Equal(2, shown.LastExitCode);
        Assert.Equal(
            ["user=\"ann\",scope=\"day\" 3", "user=\"1002\",scope=\"fiscal\" 7",
                "user=\"ann\",scope=\"fiscal\" 5000000", "user=\"bob\",scope=\"fiscal\" 1000000"],
            shown.Users.Select(Text));
        Write(paths.SumTacct, (1000, "ann", 6_000_000));
        live.Sums = [];
        Watch.Turn();
        Assert.Equal(["user=\"ann\",scope=\"fiscal\" 6000000"], Watch.Suite!.Users.Select(Text));
    }

    /// <summary>Two numbers of one name are one series: else a scrape would have it twice.</summary>
    [Fact]
    public void Names_AreOneToOneWithSeries()
    {
        paths.MakeFolders();
        Write(paths.SumTacct, (1000, "ann", 1), (1001, "ann", 2), (7, "12", 4), (8, "other", 8), (9, "a\nb", 16),
            (10, "?", 32));
        Watch.Turn();
        Assert.Equal(
            ["user=\"10\",scope=\"fiscal\" 32", "user=\"7\",scope=\"fiscal\" 4",
                "user=\"\\\\x6fther\",scope=\"fiscal\" 8", "user=\"a\\\\x0ab\",scope=\"fiscal\" 16",
                "user=\"ann\",scope=\"fiscal\" 3"],
            Watch.Suite!.Users.Select(Text));
    }

    [Fact]
    public void UsersOverTheLimit_AreSummedUp_AndNobodyIsLost()
    {
        options = options with { UsersLimit = 2 };
        paths.MakeFolders();
        Write(paths.SumTacct, (1, "a", 10), (2, "b", 20), (3, "c", 30), (4, "d", 40));
        live.Sums = [("a", Cpu(100)), ("b", Cpu(1))];
        Watch.Turn();
        Assert.Equal(
            ["user=\"a\",scope=\"day\" 100", "user=\"other\",scope=\"day\" 1", "user=\"a\",scope=\"fiscal\" 10",
                "user=\"d\",scope=\"fiscal\" 40", "user=\"other\",scope=\"fiscal\" 50"],
            Watch.Suite!.Users.Select(Text));
    }

    [Fact]
    public void Fees_AreThoseOfThePeriod_AndThoseThatWait()
    {
        paths.MakeFolders();
        var table = new UserTable<TacctSums>();
        table.Of(1, "ann"u8).FeeMilliunits = 1500;
        table.Of(2, "bob"u8).Processes = 1;
        using (var file = File.Create(paths.SumTacct))
        {
            TacctFile.Write(file, table);
        }

        live.Sums = [("ann", new TacctSums { FeeMilliunits = -2000 })];
        Watch.Turn();
        Assert.Equal(["user=\"ann\" -500"], Watch.Suite!.Fees.Select(
            row => $"{Encoding.UTF8.GetString(row.Labels)} {row.Value}"));
    }

    [Fact]
    public void ThePageLog_IsShown_OnceThereIsOne()
    {
        paths.MakeFolders();
        using var follower = new PageLogFollower(paths, folder.Of("page_log"), _ => null, said);
        using var shown = new SuiteWatch(
            new RunOptions { StoragePath = folder.Path }, [new PagesLive(paths, follower, 10)], null,
            TimeProvider.System, said);
        shown.Turn();
        Assert.Null(shown.Suite!.PageLog);
        File.WriteAllText(folder.Of("page_log"), "rubbish\n");
        shown.Turn();
        Assert.Equal((true, 0UL, 1UL), Figures());
        File.Delete(folder.Of("page_log"));
        shown.Turn();
        Assert.Equal((false, 0UL, 1UL), Figures());

        (bool, ulong, ulong) Figures()
        {
            var figures = shown.Suite!.PageLog!;
            return (figures.Up, figures.Lines, figures.BadLines);
        }
    }

    [Fact]
    public void ADamagedFile_KeepsWhatWasShown_AndIsSaidOnce()
    {
        paths.MakeFolders();
        Write(paths.SumTacct, (1000, "ann", 1));
        Watch.Turn();
        File.WriteAllText(paths.SumTacct, "no table of ours");
        Watch.Turn();
        Watch.Turn();
        Assert.Equal(["user=\"ann\",scope=\"fiscal\" 1"], Watch.Suite!.Users.Select(Text));
        Assert.Equal(2, Watch.Suite!.ReadFailures);
        Assert.Contains(paths.SumTacct, Assert.Single(said.Lines), StringComparison.Ordinal);
        Write(paths.SumTacct, (1000, "ann", 2), (1001, "bob", 2));
        Watch.Turn();
        Assert.Equal(2, Watch.Suite!.Users.Length);
    }

    /// <summary>What dodisk found waits for the next run: until then it is of the running day.</summary>
    [Fact]
    public void Disks_AreOfTheDay_UntilARunTakesThem()
    {
        paths.MakeFolders();
        var table = new UserTable<TacctSums>();
        table.Of(1, "ann"u8).Add(new TacctSums { DiskBytes = 1024, DiskSamples = 1 });
        using (var file = File.Create(paths.DiskTacct))
        {
            TacctFile.Write(file, table);
        }

        Watch.Turn();
        Assert.Equal(1024, Assert.Single(Watch.Suite!.Users).Sums.DiskBytes);
        Assert.Contains("scope=\"day\"", Text(Watch.Suite!.Users[0]), StringComparison.Ordinal);
        File.Move(paths.DiskTacct, paths.SumTacct);
        Watch.Turn();
        Assert.Contains(
            "scope=\"fiscal\"", Text(Assert.Single(Watch.Suite!.Users)), StringComparison.Ordinal);
    }

    /// <summary>A file of the same length is another when it was written later.</summary>
    [Fact]
    public void AFileOfTheSameLength_IsReadAgain()
    {
        paths.MakeFolders();
        Write(paths.SumTacct, (1000, "ann", 5));
        Watch.Turn();
        Write(paths.SumTacct, (1000, "ann", 6));
        File.SetLastWriteTimeUtc(paths.SumTacct, DateTime.UtcNow.AddSeconds(5));
        Watch.Turn();
        Assert.Equal(["user=\"ann\",scope=\"fiscal\" 6"], Watch.Suite!.Users.Select(Text));
    }

    [Fact]
    public void GroupsOverTheLimit_AreSummedUp()
    {
        options = options with { UsersLimit = 1 };
        paths.MakeFolders();
        Write(Path.Combine(paths.Sum, "gtacct"), (1, "a", 10), (2, "b", 20), (3, "c", 5));
        Watch.Turn();
        Assert.Equal(
            ["group=\"b\",scope=\"fiscal\" 20", "group=\"other\",scope=\"fiscal\" 15"],
            Watch.Suite!.Groups.Select(Text));
    }

    private static TacctSums Cpu(long microseconds) => new() { Prime = new() { CpuMicroseconds = microseconds } };

    private static string Text(SuiteTotalsRow row) =>
        $"{Encoding.UTF8.GetString(row.Labels)} {row.Sums.Prime.CpuMicroseconds}";

    private static void Write(string path, params (uint Uid, string Name, long Cpu)[] users)
    {
        var table = new UserTable<TacctSums>();
        foreach (var (uid, name, cpu) in users)
        {
            table.Of(uid, Encoding.UTF8.GetBytes(name)).Add(Cpu(cpu));
        }

        using var file = File.Create(path);
        TacctFile.Write(file, table);
    }

    private sealed class FakeLive : ISuiteLive
    {
        public (string User, TacctSums Sums)[] Sums { get; set; } = [];

        public void AddTo(SuiteTotals totals)
        {
            foreach (var (user, sums) in Sums)
            {
                totals.Add(user, sums);
            }
        }
    }
}
