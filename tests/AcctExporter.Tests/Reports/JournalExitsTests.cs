// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Journal;

namespace AcctExporter.Tests.Reports;

/// <summary>Reports over the agent's journal.</summary>
public sealed class JournalExitsTests : IDisposable
{
    private readonly TestJournal journal = new();

    private ExitInputOptions Options => new() { StoragePath = Path.GetDirectoryName(journal.Options.Directory)! };

    public void Dispose() => journal.Dispose();

    [Fact]
    public void Exits_ComeInTheirOrder_OrTheOtherWayRound()
    {
        var written = Fill(files: 4);
        var read = ExitsRead.Of(Options);
        Assert.Equal(written, read.Records);
        Assert.Equal((ReadResult.Whole, ""), (read.Result, read.Errors));
        written.Reverse();
        Assert.Equal(written, ExitsRead.Of(Options with { NewestFirst = true }).Records);
    }

    [Fact]
    public void WhatTaskstatsKnow_CorrectsTheRecord_UnlessItIsWantedAsRecorded()
    {
        var block = TestJournal.Block(3, seed: 1);
        var exit = new ProcessExit
        {
            UserMicroseconds = 12_345, SystemMicroseconds = 678, ElapsedMicroseconds = 9_876_543,
            CommandLow = BitConverter.ToUInt64("leader-n"u8), CommandHigh = BitConverter.ToUInt64("ame\0\0\0\0\0"u8),
        };
        var figures = new TaskFigures
        {
            ReadBytes = 1024, WrittenBytes = 4096, StorageReadBytes = 512, StorageWrittenBytes = 8192,
            Knowledge = TaskKnowledge.Joined | TaskKnowledge.Renamed,
        };
        var supplement = new byte[ExitSupplement.MaxBytes];
        block.Add(block.RecordOf(0), 0, supplement.AsSpan(0, ExitSupplement.Write(exit, figures, supplement)));
        using (var writer = journal.Open())
        {
            writer.Append(block);
        }

        var read = ExitsRead.Of(Options);
        Assert.Equal("leader-name", read.Names.Last());
        Assert.All(read.Truths[..3], truth => Assert.False(truth.IsKnown));
        Assert.Equal(
            new ExitTruth
            {
                UserMicroseconds = 12_345, SystemMicroseconds = 678, ElapsedMicroseconds = 9_876_543,
                CallBytes = 5120, StorageBytes = 8704, IsKnown = true,
            },
            read.Truths[3]);
        var recorded = ExitsRead.Of(Options with { AsRecorded = true });
        Assert.Equal(recorded.Records[0], recorded.Records[3]);
        Assert.All(recorded.Truths, truth => Assert.False(truth.IsKnown));
    }

    /// <summary>
    /// Kernels write 0 there, or the CPU time in microseconds: shown as I/O it would be added to the true one.
    /// </summary>
    [Fact]
    public void WhatTheKernelWritesAsIo_IsNone_UnlessItIsWantedAsRecorded()
    {
        var record = TestJournal.Block(1, seed: 2).RecordOf(0).ToArray();
        (record[38], record[40]) = (77, 88);
        var block = TestJournal.Block(0, seed: 2);
        block.Add(record, 0, []);
        using (var writer = journal.Open())
        {
            writer.Append(block);
        }

        var shown = Convert.FromHexString(ExitsRead.Of(Options).Records.Single());
        Assert.Equal(new byte[4], shown[38..42]);
        Assert.Equal(record, Convert.FromHexString(ExitsRead.Of(Options with { AsRecorded = true }).Records.Single()));
    }

    [Fact]
    public void ItsFolder_IsTheAgents() =>
        Assert.Equal(AcctExporter.Capture.CaptureStore.JournalName, JournalExits.FolderName);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ANewerRelease_IsTold_AndNothingIsRead(bool newestFirst)
    {
        Fill(files: 1);
        var bytes = File.ReadAllBytes(journal.NewestFile);
        bytes[8] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(60), Crc32C.Of(bytes.AsSpan(0, 60)));
        File.WriteAllBytes(journal.NewestFile, bytes);

        var read = ExitsRead.Of(Options with { NewestFirst = newestFirst });
        Assert.Equal((0, ReadResult.NotRead), (read.Records.Count, read.Result));
        Assert.Contains("was written by a newer release: ", read.Errors, StringComparison.Ordinal);
        Assert.Contains(journal.NewestFile, read.Errors, StringComparison.Ordinal);

        string[] line = ["--storage.path", Options.StoragePath];
        Assert.Equal(3, Applet.Run("lastcomm", line, 0).ExitCode);
        Assert.Equal(3, Applet.Run("acctcms", ["-a", .. line], 0).ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MissingFile_IsTold_AndTheRestIsRead(bool newestFirst)
    {
        var written = Fill(files: 4);
        File.Delete(journal.Files[1]);
        var read = ExitsRead.Of(Options with { NewestFirst = newestFirst });
        Assert.Equal(written[..50].Concat(written[100..]).Order(), read.Records.Order());
        Assert.Equal(ReadResult.WithFlaws, read.Result);
        Assert.Contains("blocks are missing", read.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DamagedFile_IsTold_AndTheOthersAreRead(bool newestFirst)
    {
        var written = Fill(files: 4);
        var bytes = File.ReadAllBytes(journal.Files[2]);
        bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(journal.Files[2], bytes);
        var read = ExitsRead.Of(Options with { NewestFirst = newestFirst });
        Assert.Equal(written[..100].Concat(written[150..]).Order(), read.Records.Order());
        Assert.Equal(ReadResult.WithFlaws, read.Result);
        // From its end, a file without a whole block is one that was cut off.
        Assert.Contains(
            newestFirst ? "1 blocks are missing" : $"tool: journal file {journal.Files[2]} is damaged", read.Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public void NoJournalAndNoFile_NamesBoth()
    {
        var read = ExitsRead.Of(new ExitInputOptions { StoragePath = "/none/a", FallbackFile = "/none/pacct" });
        Assert.Equal(ReadResult.NotRead, read.Result);
        Assert.Equal("tool: there is no journal in /none/a, and no /none/pacct: name an accounting file, start the "
            + "agent (acct-exporter serve), or switch accounting on (accton)\n", read.Errors);
    }

    [Fact]
    public void IsJournal_IsKnownBeforeTheFirstRead()
    {
        using var writer = journal.Open();
        var io = new ReportIo(Stream.Null, Stream.Null, TextWriter.Null, TimeProvider.System);
        using var from = ExitInput.Open(Options, io, "tool");
        using var other = ExitInput.Open(Options with { Files = ["-"] }, io, "tool");
        Assert.True(from.IsJournal);
        Assert.False(other.IsJournal);
    }

    [Fact]
    public void Followed_GivesWhatIsAppendedFromNowOn()
    {
        Fill(files: 2);
        using var writer = journal.Open();
        var io = new ReportIo(Stream.Null, Stream.Null, TextWriter.Null, TimeProvider.System);
        using var input = ExitInput.Open(Options with { Follow = true }, io, "tool");
        using var stop = new CancellationTokenSource();
        var batch = new ExitBatch();
        Assert.False(input.Read(batch));
        for (var i = 1; i <= 3; i++)
        {
            journal.Append(writer, i, seed: 80 + i);
            Assert.True(input.WaitForMore(stop.Token));
            Assert.True(input.Read(batch));
            Assert.Equal(i, batch.Count);
            Assert.False(input.Read(batch));
        }

        stop.Cancel();
        Assert.False(input.WaitForMore(stop.Token));
    }

    /// <summary>Files of one block of 50 exits each; returns the records.</summary>
    private List<string> Fill(int files)
    {
        journal.Options = journal.Options with { FileBytes = 1 };
        using var writer = journal.Open();
        var written = new List<string>();
        for (var i = 0; i < files; i++)
        {
            var block = TestJournal.Block(50, seed: i);
            writer.Append(block);
            written.AddRange(Enumerable.Range(0, 50).Select(at => Convert.ToHexString(block.RecordOf(at))));
        }

        return written;
    }
}
