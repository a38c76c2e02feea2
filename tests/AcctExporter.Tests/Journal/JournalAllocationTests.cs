// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;

namespace AcctExporter.Tests.Journal;

public class JournalAllocationTests
{
    [Fact]
    public void AppendAndRead_AllocateNothing_OnceTheyHaveGrown()
    {
        const int blocks = 50;
        using var journal = new TestJournal();
        using var writer = journal.Open();
        var block = TestJournal.Block(JournalBlock.MaxExits, seed: 1);
        writer.Append(block);
        writer.Append(block);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < blocks; i++)
        {
            writer.Append(block);
        }

        var appending = GC.GetAllocatedBytesForCurrentThread() - before;
        using var reader = journal.Reader();
        var read = new JournalBlock();
        reader.SeekToStart();
        Assert.True(reader.TryReadNext(read));
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < blocks; i++)
        {
            Assert.True(reader.TryReadNext(read));
        }

        var reading = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < blocks; i++)
        {
            TestJournal.Fill(block, 1000, seed: 1);
            TestJournal.Fill(block, JournalBlock.MaxExits, seed: 2);
        }

        var filling = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((0, 0, 0), (appending, reading, filling));
    }
}
