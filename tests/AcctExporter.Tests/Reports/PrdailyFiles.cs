// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Runacct;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// The suite's files behind the runs of the 1st and the 2nd of July 2026, at 04:00 in UTC, as the daily run leaves
/// them.
/// </summary>
internal sealed class PrdailyFiles : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public PrdailyFiles()
    {
        Paths.MakeFolders();
        Write(Path.Combine(Paths.Nite, "reboots"), "from Wed Jul  1 04:00:00 2026\nto   Thu Jul  2 04:00:00 2026\n"
            + "2\tsystem boot\n1\tacctg on\n");
        Write(Path.Combine(Paths.Nite, "lineuse"), """
            TOTAL DURATION IS 1440 MINUTES
            LINE         MINUTES  PERCENT  # SESS  # ON  # OFF
            console      90       6        1       1     1    
            pts/1        1080     75       2       2     2    
            TOTALS       1170     --       3       3     3    

            """);
        Write(Paths.LoginLog, "never       daemon\n2026-06-30  bob\n2026-07-02  alice\n");
        Write(Paths.LastDate, "2026-07-02\n");
        Write(Paths.StateFile, "COMPLETE\n2026-07-02\n");
        PutDay(First, Usage(1), Commands(("make", 60, 100), ("sh", 1, 1)));
        PutDay(Second, Usage(2), Commands(("make", 30, 50), ("cc1", 600, 2000)));
    }

    public static DateOnly First { get; } = new(2026, 7, 1);

    public static DateOnly Second { get; } = new(2026, 7, 2);

    public SuitePaths Paths => new(folder.Of("suite"));

    public static void Write(string path, string text) => File.WriteAllText(path, text);

    /// <summary>A finished day; the last one that is put is that of <c>nite</c>.</summary>
    public void PutDay(DateOnly day, UserTable<TacctSums> users, CommandSummary commands)
    {
        Put(Paths.OfSum("tacct", day), file => TacctFile.Write(file, users));
        Put(Paths.DayTacct, file => TacctFile.Write(file, users));
        Put(Paths.OfSum("cms", day), file => CmsFile.Write(file, commands));
        Put(Paths.DayCms, file => CmsFile.Write(file, commands));
        var period = new CommandSummary(DividedExits.NoSplit());
        foreach (var path in Directory.EnumerateFiles(Paths.Sum, "cms0???"))
        {
            using var file = File.OpenRead(path);
            Assert.Equal(default, CmsFile.Read(file, null, period));
        }

        Put(Paths.SumCms, file => CmsFile.Write(file, period));
        var record = new DayRecord
        {
            Day = day,
            CutOff = new(day, new(4, 0), TimeSpan.Zero),
            States = [new("PROCESS", StateOutcome.Ok, 0), new("FEES", StateOutcome.Empty, 0)],
        };
        record.Save(Paths.OfSum("day", day));
        Put(Paths.OfSum("rprt", day), file => file.Write(
            Encoding.UTF8.GetBytes($"the report of {SuitePaths.MonthAndDay(day)}\n")));
    }

    /// <summary>Users of a day.</summary>
    public static UserTable<TacctSums> Usage(int times)
    {
        var users = new UserTable<TacctSums>();
        users.Of(0, "root"u8).Processes = 5;
        users.Of(1001, "alice"u8).Add(new()
        {
            Prime = new() { CpuMicroseconds = 120_000_000 * times, ConnectMicroseconds = 7_800_000_000 },
            NonPrime = new() { CpuMicroseconds = 60_000_000, KibMicroseconds = 600_000_000 },
            DiskBytes = 512 * 1000,
            DiskSamples = 2,
            PrintedPages = 3,
            FeeMilliunits = 2500,
            Processes = 7,
            Sessions = 1,
        });
        return users;
    }

    /// <summary>Commands with seconds of CPU and kcore-minutes.</summary>
    public static CommandSummary Commands(params (string Name, double Seconds, double Kcore)[] commands)
    {
        var summary = new CommandSummary(DividedExits.NoSplit());
        foreach (var (name, seconds, kcore) in commands)
        {
            summary.Add(CommandName.From(Encoding.UTF8.GetBytes(name.PadRight(CommandName.Size, '\0'))), new()
            {
                NonPrime = new()
                {
                    Processes = 2,
                    CpuMicroseconds = (ulong)Math.Round(seconds * 1e6),
                    ElapsedMicroseconds = (ulong)Math.Round(seconds * 2e6),
                    KibMicroseconds = (UInt128)Math.Round(kcore * 60e6),
                },
            });
        }

        return summary;
    }

    public ToolResult Run(params string[] arguments) => Applet.Run(
        "prdaily", [$"--suite.path={Paths.Root}", .. arguments], SystemVVectors.Seconds("2026-07-02T12:00:00Z"));

    public void Dispose() => folder.Dispose();

    private static void Put(string path, Action<Stream> write)
    {
        using var file = File.Create(path);
        write(file);
    }
}
