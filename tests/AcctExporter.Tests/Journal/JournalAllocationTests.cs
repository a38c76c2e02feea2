// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Journal;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Journal;

public class JournalAllocationTests
{
    [Fact]
    public void AppendAndRead_AllocateNothing_OnceTheyHaveGrown()
    {
        using var journal = new TestJournal();
        using var writer = journal.Open();
        var block = TestJournal.Block(JournalBlock.MaxExits, seed: 1);
        writer.Append(block);
        writer.Append(block);
        Action append = () => writer.Append(block);
        var appending = Allocated.By(() => Repeat(append));

        using var reader = journal.Reader();
        var read = new JournalBlock();
        reader.SeekToStart();
        Assert.True(reader.TryReadNext(read));
        Assert.True(reader.TryReadNext(read));
        Action readNext = () => Assert.True(reader.TryReadNext(read));
        var reading = Allocated.By(() => Repeat(readNext));
        Action fill = () =>
        {
            TestJournal.Fill(block, 1000, seed: 1);
            TestJournal.Fill(block, JournalBlock.MaxExits, seed: 2);
        };
        var filling = Allocated.By(() => Repeat(fill));
        Assert.Equal((0, 0, 0), (appending, reading, filling));
    }

    [Fact]
    public void BlocksThatDoNotBecomeShorter_AllocateNothingEither()
    {
        using var journal = new TestJournal();
        using var writer = journal.Open();
        var block = new JournalBlock();
        var noise = new byte[8192];
        new Random(1).NextBytes(noise);
        block.Decisions.Write(noise);
        writer.Append(block);
        Action append = () => writer.Append(block);
        Assert.Equal(0, Allocated.By(() => Repeat(append)));
    }

    private static void Repeat(Action work)
    {
        for (var i = 0; i < 10; i++)
        {
            work();
        }
    }
}
