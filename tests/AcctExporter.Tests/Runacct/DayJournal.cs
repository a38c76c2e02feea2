// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Records;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Runacct;

/// <summary>An exit that a test puts into a journal: its record, and what taskstats knew of it, if anything.</summary>
internal sealed record TestExit(
    string Command, uint Uid, uint Gid, long Begin, ulong ElapsedTicks, ulong UserTicks, ulong SystemTicks,
    ulong MemoryKib)
{
    /// <summary>What taskstats knew.</summary>
    public ExitTruth? Truth { get; init; }

    /// <summary>The name of the leader, where the record has another thread's.</summary>
    public string? TrueCommand { get; init; }
}

/// <summary>A storage folder with a journal and a suite, gone with the test.</summary>
internal sealed class DayJournal : IDisposable
{
    private JournalWriter? writer;
    private ulong blocks;

    public DayJournal(long fileBytes = 16 << 20)
    {
        Storage = Directory.CreateTempSubdirectory("suite-test").FullName;
        FileBytes = fileBytes;
        Paths = new(Path.Combine(Storage, SuitePaths.FolderName));
        Paths.MakeFolders();
    }

    public string Storage { get; }

    public string Folder => Path.Combine(Storage, "journal");

    public long FileBytes { get; }

    public SuitePaths Paths { get; }

    public List<string> Said { get; } = [];

    /// <summary>When the next block is counted; each is a second later.</summary>
    public long UnixMicroseconds { get; set; } = 1_783_000_000_000_000;

    /// <summary>Appends exits in blocks of so many.</summary>
    public void Append(IEnumerable<TestExit> exits, int perBlock = 100)
    {
        writer ??= JournalWriter.Open(
            new JournalOptions { Directory = Folder, FileBytes = FileBytes }, out _);
        foreach (var some in exits.Chunk(perBlock))
        {
            var block = new JournalBlock { UnixMicroseconds = UnixMicroseconds };
            foreach (var exit in some)
            {
                Add(block, exit);
            }

            writer.Append(block);
            blocks++;
            UnixMicroseconds += 1_000_000;
        }
    }

    /// <summary>Lets go of the journal, so that it can be moved or damaged.</summary>
    public void Close()
    {
        writer?.Dispose();
        writer = null;
    }

    public string[] Files => [.. JournalFiles.List(Folder).Select(file => file.Path)];

    public ProcessStage Stage(bool byGroup = false, int workers = 2) => new(Paths, Folder, Said.Add)
    {
        ByGroup = byGroup,
        Workers = workers,
        UserNameOf = uid => System.Text.Encoding.ASCII.GetBytes($"u{uid}"),
        GroupNameOf = gid => System.Text.Encoding.ASCII.GetBytes($"g{gid}"),
    };

    /// <summary>What all files of a day say together.</summary>
    public Dictionary<(uint, string), TacctSums> Sums(ProcessStage stage, string name, DateOnly day)
    {
        var table = new UserTable<TacctSums>();
        foreach (var (_, path) in stage.Files(name, day))
        {
            using var file = File.OpenRead(path);
            Assert.Equal(default, TacctFile.Read(file, table));
        }

        return table.Sorted().ToDictionary(
            row => (row.Uid, System.Text.Encoding.ASCII.GetString(row.Name)), row => row.Sums);
    }

    public Dictionary<string, CommandSums> Commands(ProcessStage stage, DateOnly day)
    {
        var summary = new CommandSummary(LifeSplit.Of(Holidays.None, TimeZoneInfo.Utc));
        foreach (var (_, path) in stage.Files(ProcessStage.CommandsName, day))
        {
            using var file = File.OpenRead(path);
            Assert.Equal(default, CmsFile.Read(file, null, summary));
        }

        return Enumerable.Range(0, summary.Count).ToDictionary(
            number => Text(summary.Name(number)), number => summary.Sums(number));
    }

    public void Dispose()
    {
        Close();
        Directory.Delete(Storage, recursive: true);
    }

    private static string Text(CommandName name)
    {
        var bytes = new byte[CommandName.Size];
        return System.Text.Encoding.ASCII.GetString(bytes, 0, name.CopyTo(bytes));
    }

    private static void Add(JournalBlock block, TestExit exit)
    {
        Span<byte> raw = stackalloc byte[AcctRecord.Size];
        AcctEncoder.Write(
            new AcctRecord
            {
                Version = 3,
                Uid = exit.Uid,
                Gid = exit.Gid,
                Pid = (uint)block.Count + 1,
                BeginUnixSeconds = (uint)exit.Begin,
                ElapsedTicks = exit.ElapsedTicks,
                UserTicks = exit.UserTicks,
                SystemTicks = exit.SystemTicks,
                MemoryKib = exit.MemoryKib,
                TicksPerSecond = 100,
                Command = CommandName.From(System.Text.Encoding.ASCII.GetBytes(exit.Command)),
            },
            raw);
        // Newer kernels leave CPU time there: it must not come out as I/O.
        raw[38] = 77;
        Span<byte> supplement = stackalloc byte[ExitSupplement.MaxBytes];
        var length = 0;
        if (exit.Truth is { } truth)
        {
            var name = CommandName.From(System.Text.Encoding.ASCII.GetBytes(exit.TrueCommand ?? exit.Command));
            length = ExitSupplement.Write(
                new ProcessExit
                {
                    UserMicroseconds = truth.UserMicroseconds,
                    SystemMicroseconds = truth.SystemMicroseconds,
                    ElapsedMicroseconds = truth.ElapsedMicroseconds,
                    CommandLow = name.Low,
                    CommandHigh = name.High,
                },
                new TaskFigures
                {
                    ReadBytes = truth.CallBytes / 2,
                    WrittenBytes = truth.CallBytes - (truth.CallBytes / 2),
                    StorageReadBytes = truth.StorageBytes / 3,
                    StorageWrittenBytes = truth.StorageBytes - (truth.StorageBytes / 3),
                    PeakResidentBytes = 4096,
                    Knowledge = TaskKnowledge.Joined
                        | (exit.TrueCommand is null ? TaskKnowledge.None : TaskKnowledge.Renamed),
                },
                supplement);
        }

        block.Add(raw, JournalBlock.OtherPair, supplement[..length]);
    }
}
