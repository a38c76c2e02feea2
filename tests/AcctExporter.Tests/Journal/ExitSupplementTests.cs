// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Journal;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Journal;

public class ExitSupplementTests
{
    [Fact]
    public void TryApply_GivesBackWhatWasWritten()
    {
        var numbers = Gen.OneOf(
            Gen.Constant(0UL), Gen.Choose(0, 300).Select(n => (ulong)n), Gen.Choose(0, int.MaxValue)
                .Select(n => (ulong)n * 0x1_0000_0000UL), Gen.Constant(ulong.MaxValue));
        var all = Gen.Zip(numbers.ArrayOf(23), Gen.Choose(0, 15));
        Holds.ForAll(all, 300, given =>
        {
            var (figures, exit) = Made(given.Item1, (TaskKnowledge)given.Item2 | TaskKnowledge.Joined);
            var bytes = new byte[ExitSupplement.MaxBytes];
            var length = ExitSupplement.Write(exit, figures, bytes);
            var record = new ProcessExit { CommandLow = 7, CommandHigh = 8, UserMicroseconds = 9, Uid = 10 };
            var expected = exit with { Uid = 10 };
            if ((figures.Knowledge & TaskKnowledge.Renamed) == 0)
            {
                (expected.CommandLow, expected.CommandHigh) = (7, 8);
            }

            return ExitSupplement.TryApply(bytes.AsSpan(0, length), ref record, out var read)
                && Same(read, figures) && record.Equals(expected)
                && ExitSupplement.TryReadTruth(bytes.AsSpan(0, length), out var truth, out var name)
                && truth.Equals(new ExitTruth
                {
                    UserMicroseconds = exit.UserMicroseconds,
                    SystemMicroseconds = exit.SystemMicroseconds,
                    ElapsedMicroseconds = exit.ElapsedMicroseconds,
                    CallBytes = unchecked(figures.ReadBytes + figures.WrittenBytes),
                    StorageBytes = unchecked(figures.StorageReadBytes + figures.StorageWrittenBytes),
                    IsKnown = true,
                })
                && (name ?? new(7, 8)) == new CommandName(expected.CommandLow, expected.CommandHigh);
        });
    }

    [Fact]
    public void Write_SaysNothing_OfAnExitWithoutMessages()
    {
        var exit = new ProcessExit { UserMicroseconds = 10_000 };
        Assert.Equal(0, ExitSupplement.Write(exit, default, new byte[ExitSupplement.MaxBytes]));
        Assert.True(ExitSupplement.TryApply([], ref exit, out var figures));
        Assert.False(figures.IsKnown);
        Assert.Equal(10_000u, exit.UserMicroseconds);
    }

    [Fact]
    public void TryApply_RefusesWhatIsCutShort_AndChangesNothing()
    {
        var (figures, exit) = Made([.. Enumerable.Range(1, 23).Select(n => (ulong)n << 20)], (TaskKnowledge)15);
        var bytes = new byte[ExitSupplement.MaxBytes];
        var length = ExitSupplement.Write(exit, figures, bytes);
        for (var cut = 1; cut < length; cut++)
        {
            var record = default(ProcessExit);
            Assert.False(ExitSupplement.TryApply(bytes.AsSpan(0, cut), ref record, out var read), $"cut at {cut}");
            Assert.False(read.IsKnown);
            Assert.Equal(default, record);
            Assert.False(ExitSupplement.TryReadTruth(bytes.AsSpan(0, cut), out _, out _));
        }
    }

    [Fact]
    public void TryApply_TakesAnyBytes() => Holds.ForAll(Gen.Choose(0, 255).ArrayOf(), 2000, given =>
    {
        var record = default(ProcessExit);
        byte[] bytes = [.. given.Select(number => (byte)number)];
        _ = ExitSupplement.TryApply(bytes, ref record, out _);
        return true;
    });

    [Fact]
    public void TryApply_StopsAtTheLastNumberThatItKnows()
    {
        // Joined; a mask with number 0 and one of a newer agent; both numbers.
        byte[] newer = [1, 0x81, 0x80, 0x80, 0x80, 0x08, 5, 99];
        var record = default(ProcessExit);
        Assert.True(ExitSupplement.TryApply(newer, ref record, out var figures));
        Assert.True(figures.IsKnown);
        Assert.Equal(5u, record.UserMicroseconds);
    }

    [Fact]
    public void ABlockFullOfTheLongest_Fits() =>
        Assert.True(ExitSupplement.MaxBytes * JournalBlock.MaxExits <= JournalBlock.MaxExtensionBytes);

    private static bool Same(TaskFigures one, TaskFigures other) =>
        MemoryMarshal.AsBytes([one]).SequenceEqual(MemoryMarshal.AsBytes([other]));

    private static (TaskFigures Figures, ProcessExit Exit) Made(ulong[] numbers, TaskKnowledge knowledge)
    {
        var figures = new TaskFigures
        {
            ReadBytes = numbers[0],
            WrittenBytes = numbers[1],
            StorageReadBytes = numbers[2],
            StorageWrittenBytes = numbers[3],
            StorageCancelledBytes = numbers[4],
            ResidentMebibyteMicroseconds = numbers[5],
            PeakResidentBytes = numbers[6],
            PeakVirtualBytes = numbers[7],
            ExecutableDevice = numbers[8],
            ExecutableInode = numbers[9],
            Knowledge = knowledge,
        };
        numbers.AsSpan(10, DelayFigures.Count).CopyTo(figures.DelayMicroseconds);
        return (figures, new ProcessExit
        {
            UserMicroseconds = numbers[18],
            SystemMicroseconds = numbers[19],
            ElapsedMicroseconds = numbers[20],
            CommandLow = numbers[21],
            CommandHigh = numbers[22],
        });
    }
}
