// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Kernel;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>The files that a disk run leaves, and when it leaves those of the last one.</summary>
public sealed class DodiskTests : IDisposable
{
    private const long Now = 1_782_964_800;

    private readonly TemporaryDirectory folder = new();
    private readonly SuitePaths paths;

    public DodiskTests()
    {
        paths = new(folder.Of("storage/suite"));
        Directory.CreateDirectory(folder.Of("data/sub"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ARun_LeavesTheSameFiguresInEachFile()
    {
        File.WriteAllBytes(folder.Of("data/sub/file"), new byte[100_000]);
        var ran = Run("--format", "csv", folder.Of("data"));
        Assert.Equal(("", ExitCode.Done), (ran.Errors, ran.ExitCode));
        var row = Assert.Single(DiskAppletTests.Rows(ran));
        var bytes = long.Parse(row[4], CultureInfo.InvariantCulture);
        Assert.InRange(bytes, 100_000, 200_000);
        Assert.Equal(["2026-07-02T04:00:00Z", folder.Of("data")], row[..2]);

        var sample = Assert.Single(DiskSampleFile.Parse(File.ReadAllBytes(paths.DiskSample), out _));
        Assert.Equal((Now, folder.Of("data"), bytes),
            (sample.TakenUnixSeconds, Encoding.UTF8.GetString(sample.FileSystem), sample.Bytes));
        var (uid, name, sums) = Assert.Single(Tacct());
        Assert.Equal(new TacctSums { DiskBytes = bytes, DiskSamples = 1 }, sums);
        Assert.Equal((sample.Uid, row[2], row[3]), (uid, $"{uid}", Encoding.UTF8.GetString(name)));
        Assert.Equal($"{row[2]}\t{row[3]}\t{bytes / 512}\n", File.ReadAllText(paths.Dtmp));
        Assert.Equal("", File.ReadAllText(paths.DiskDiag));
        foreach (var file in (string[])[paths.Dtmp, paths.DiskDiag, paths.DiskSample, paths.DiskTacct])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal("", Run(folder.Of("data")).Text);
    }

    /// <summary>
    /// T-D4: the samples of a period are added up, and their number with them: 100, 110 and 120 are 330 of 3.
    /// </summary>
    [Fact]
    public void Samples_AreAddedUp()
    {
        var period = new UserTable<TacctSums>();
        var each = new List<long>();
        for (var run = 0; run < 3; run++)
        {
            File.WriteAllBytes(folder.Of("data/file"), new byte[40_960 * (run + 1)]);
            Run(folder.Of("data"));
            each.Add(Assert.Single(Tacct(period)).Sums.DiskBytes);
        }

        Assert.Equal(each[0] + 40_960, each[1]);
        var (_, _, sums) = Assert.Single(period.Sorted());
        Assert.Equal((each.Sum(), 3L), (sums.DiskBytes, sums.DiskSamples));

        var vector = new TacctSums();
        foreach (var blocks in (long[])[100, 110, 120])
        {
            vector.Add(new TacctSums { DiskBytes = blocks * TacctSums.BlockBytes, DiskSamples = 1 });
        }

        Assert.Equal((330L * 512, 3L), (vector.DiskBytes, vector.DiskSamples));
    }

    [Fact]
    public void AFailedRun_LeavesTheLastSample()
    {
        Run(folder.Of("data"));
        var before = Files();
        var ran = Run(folder.Of("data"), "/nowhere");
        Assert.Equal(ExitCode.Failure, ran.ExitCode);
        Assert.Equal("dodisk: cannot walk from /nowhere: No such file or directory\n"
            + "dodisk: nothing was charged: the files of the last disk run stand\n", ran.Errors);
        Assert.Equal(before, Files());
        Assert.Equal(ran.Errors.Replace("dodisk: ", "", StringComparison.Ordinal), File.ReadAllText(paths.DiskDiag));
    }

    [Fact]
    public void ASecondRun_IsRefused_WhileOneIsAtWork()
    {
        Run(folder.Of("data"));
        var before = Files();
        File.WriteAllText(folder.Of("data/new"), "x");
        using (AccountingLock.TryTake(paths.DiskLock, out _))
        {
            var ran = Run(folder.Of("data"));
            Assert.Equal(ExitCode.Failure, ran.ExitCode);
            Assert.Equal($"dodisk: {paths.DiskLock} is held by process {Environment.ProcessId}: a disk run is at work. "
                + "Nothing was changed; wait for its end\n", ran.Errors);
            Assert.Equal(before, Files());
        }

        Assert.Equal(ExitCode.Done, Run(folder.Of("data")).ExitCode);
        Assert.NotEqual(before, Files());
    }

    /// <summary>
    /// Killed at each file in turn: each is the old one or the new one, whole, and the next run is a good one.
    /// </summary>
    [Theory]
    [InlineData("suite-before-write:1")]
    [InlineData("suite-before-rename:1")]
    [InlineData("suite-before-rename:2")]
    [InlineData("suite-before-rename:3")]
    [InlineData("suite-after-rename:3")]
    public void AKilledRun_LeavesWholeFiles(string point)
    {
        Run(folder.Of("data"));
        var before = Files();
        File.WriteAllBytes(folder.Of("data/new"), new byte[40_960]);
        var program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");
        var killed = ClassicTool.Run("/usr/bin/env",
        [
            $"{CrashPoint.Variable}={point}", program, "dodisk", "--storage.path", folder.Of("storage"),
            folder.Of("data"),
        ], 0);
        Assert.Equal(128 + 9, killed.ExitCode);
        var after = Files();
        Run(folder.Of("data"));
        var whole = Files();
        for (var file = 0; file < whole.Length; file++)
        {
            // The killed one had the real time; the other figures are the same.
            Assert.Contains(
                WithoutTime(after[file]), new List<string> { WithoutTime(before[file]), WithoutTime(whole[file]) });
        }

        Assert.NotEqual(before[2], whole[2]);
    }

    [Fact]
    public void TheSettings_SayWhereToWalk_AndNothingIsNoDisk()
    {
        var said = new List<string>();
        var run = new AcctExporter.Runacct.DiskRun(
            new()
            {
                StoragePath = folder.Of("storage"), Suite = new() { DiskPaths = [folder.Of("data/sub")] },
            },
            new(), TimeProvider.System, said.Add);
        Assert.Equal(AcctExporter.Runacct.DiskRunResult.Done, run.Run(CancellationToken.None));
        Assert.All(
            run.Samples, sample => Assert.Equal(folder.Of("data/sub"), Encoding.UTF8.GetString(sample.FileSystem)));
        Assert.Empty(said);
    }

    /// <summary>
    /// Who is not known is charged by number; with --compat with nothing. A silent directory server is told.
    /// </summary>
    [Theory]
    [InlineData(false, true, 1)]
    [InlineData(false, false, 1)]
    [InlineData(true, true, 0)]
    public void OwnersWithoutAName(bool compat, bool isCertain, int expected)
    {
        var said = new List<string>();
        var run = new AcctExporter.Runacct.DiskRun(
            new() { StoragePath = folder.Of("storage") },
            new() { Compat = compat, Paths = [Encoding.UTF8.GetBytes(folder.Of("data"))] },
            TimeProvider.System, said.Add)
        {
            Owners = new(_ => (null, isCertain)),
        };
        run.Run(CancellationToken.None);
        Assert.Equal(expected, Tacct().Count);
        Assert.All(Tacct(), user => Assert.Equal($"{user.Uid}", Encoding.ASCII.GetString(user.Name)));
        Assert.Equal(isCertain ? 0 : 1, said.Count);
        Assert.Equal(expected, run.Samples.Count(sample => sample.Bytes > 0));
    }

    private ToolResult Run(params string[] arguments) =>
        Applet.Run("dodisk", ["--storage.path", folder.Of("storage"), .. arguments], Now);

    private string[] Files() =>
    [
        File.ReadAllText(paths.Dtmp), File.ReadAllText(paths.DiskSample),
        Convert.ToHexString(File.ReadAllBytes(paths.DiskTacct)),
    ];

    private static string WithoutTime(string lines) => string.Join(
        '\n', lines.Split('\n').Select(line => line.Contains("\t/", StringComparison.Ordinal) ? line[10..] : line));

    private List<(uint Uid, byte[] Name, TacctSums Sums)> Tacct(UserTable<TacctSums>? into = null)
    {
        var table = new UserTable<TacctSums>();
        using var file = new MemoryStream(File.ReadAllBytes(paths.DiskTacct));
        Assert.Equal(default, TacctFile.Read(file, table));
        file.Position = 0;
        _ = into is null ? default : TacctFile.Read(file, into);
        return [.. table.Sorted()];
    }
}
