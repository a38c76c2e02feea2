// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Tests.Ledger;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>
/// What <c>replay</c> counts of a file is what <c>serve</c> counts of it when the kernel has left it.
/// </summary>
public sealed class FileReplayTests
{
    [Theory]
    [InlineData("", 2, 0)]
    [InlineData("77", 2, 1)]
    [InlineData("77 77", 2, 2)]
    [InlineData("77 78", 3, 1)]
    [InlineData("77 77 77", 3, 2)]
    public void LastRecords_OfTheLeavingShape_AreDropped_AsTheLivePipelineDoes(string pids, int counted, int dropped)
    {
        var bytes = new List<byte>([.. Pipeline.Ordinary("sh"), .. Pipeline.Ordinary("ls")]);
        using var live = new Pipeline();
        live.Append([.. bytes]);
        foreach (var pid in pids.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.AddRange(Pipeline.Leaving(uint.Parse(pid)));
            live.Append(Pipeline.Leaving(uint.Parse(pid)));
        }

        live.Recorder.Drain(live.File, FileEnd.Final);
        Assert.Equal(((ulong)counted, (ulong)dropped), Replayed([.. bytes]));
        Assert.Equal(Replayed([.. bytes]), (live.HostExits, live.Tallies[Tallies.LeavingRecords]));
    }

    [Fact]
    public void RecordOfTheLeavingShape_IsAnExit_WhenARejectedSlotStandsBehindIt() => Assert.Equal(
        (2UL, 0UL), Replayed([.. Pipeline.Ordinary("sh"), .. Pipeline.Leaving(77), .. new byte[64]]));

    [Fact]
    public void File_LargerThanTheBuffer_IsCountedWhole()
    {
        var generator = new AcctFileGenerator(7);
        Assert.Equal(20_000UL, Replayed(generator.File(20_000)).Exits);
    }

    private static (ulong Exits, ulong Dropped) Replayed(byte[] bytes)
    {
        using var ledger = new TestLedger();
        var replay = new FileReplay(ledger.Ledger, 1_000_000);
        replay.Read(new MemoryStream(bytes));
        return (ledger.Snapshot().Host.Exits, ledger.Snapshot().Tallies[Tallies.LeavingRecords]);
    }
}
