// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Properties;

/// <summary>What holds for every record, every slot and every number.</summary>
public sealed class RecordProperties
{
    [Fact]
    public void AnyBytes_GiveAStatus_AndTheFastReaderSaysTheSame() => Holds.ForAll(RecordGen.Slots, 100_000, bytes =>
    {
        var status = AcctRecord.TryRead(bytes, out var record);
        var fast = AcctRecord.TryReadExit(bytes, out var exit);
        return status == fast && Enum.IsDefined(status)
            && (status == DecodeStatus.NeedMoreData) == (bytes.Length < 2 || bytes.Length < AcctRecord.SizeOf(bytes[1]))
            && (status == DecodeStatus.Ok ? exit.Equals(record.ToExit()) : exit.Equals(default(ProcessExit)));
    });

    [Fact]
    public void AnyBytesAtAll_GiveAStatus() => Prop.ForAll<byte[]>(bytes =>
        AcctRecord.TryRead(bytes, out _) == AcctRecord.TryReadExit(bytes, out _)).QuickCheckThrowOnFailure();

    [Fact]
    public void WrittenAndReadAgain_IsTheSame() => Holds.ForAll(RecordGen.Records(RecordGen.AllKinds), 50_000, record =>
        AcctRecord.TryRead(Slot.Of(record), out var again) == DecodeStatus.Ok && again.Equals(record));

    /// <summary>What has no room in a version is left out, never put elsewhere.</summary>
    [Fact]
    public void ReadAndWrittenAgain_HasTheSameBytes() => Holds.ForAll(
        RecordGen.Good(RecordGen.AllKinds), 20_000, piece =>
        AcctRecord.TryRead(piece.Bytes, out var record) == DecodeStatus.Ok
        && Slot.Of(record).AsSpan().SequenceEqual(piece.Bytes));

    [Fact]
    public void Exit_HasTheRecordsNumbers_InBaseUnits() => Holds.ForAll(
        RecordGen.Records(RecordGen.AllKinds), 20_000, record =>
        {
            var exit = record.ToExit();
            return exit.UserMicroseconds == record.UserTicks * 10_000
                && exit.SystemMicroseconds == record.SystemTicks * 10_000
                && exit.ElapsedMicroseconds == record.ElapsedTicks * 10_000
                && exit.VirtualMemoryBytes == record.MemoryKib * 1024
                && (exit.MinorFaults, exit.MajorFaults) == (record.MinorFaults, record.MajorFaults)
                && (exit.Uid, exit.Gid, exit.Pid, exit.Ppid) == (record.Uid, record.Gid, record.Pid, record.Ppid)
                && (exit.ExitCode, exit.BeginUnixSeconds) == (record.ExitCode, record.BeginUnixSeconds)
                && (exit.Tty, exit.Flags, exit.Version) == (record.Tty, record.Flags, record.Version)
                && exit.Command == record.Command;
        });

    [Fact]
    public void EveryCompT_ComesBackByItsValue()
    {
        for (var raw = 0; raw <= ushort.MaxValue; raw++)
        {
            var value = CompT.Decode((ushort)raw);
            Assert.Equal(value, CompT.Decode(CompT.Encode(value)));
            Assert.InRange(value, 0UL, CompT.Largest);
        }
    }

    [Fact]
    public void EveryComp2T_ComesBackByItsValue()
    {
        for (var raw = 0U; raw <= 0xffffff; raw++)
        {
            var value = Comp2T.Decode(raw);
            if (Comp2T.Decode(Comp2T.Encode(value)) != value)
            {
                Assert.Fail($"{raw:x6} is {value}, and comes back as {Comp2T.Decode(Comp2T.Encode(value))}");
            }
        }
    }

    /// <summary>At most 4 in 8196 off up to the largest, and 1 in 2^20 for the long form.</summary>
    [Fact]
    public void Numbers_AreOffByLittle_AndKeepTheirOrder() => Holds.ForAll(
        RecordGen.Seeds.Select(seed => (Bits: new AcctFileGenerator(seed).Bits(), Shift: (int)(seed % 64))),
        200_000,
        pair =>
        {
            var value = pair.Bits >> pair.Shift;
            var comp = CompT.Decode(CompT.Encode(value));
            var comp2 = Comp2T.Decode(Comp2T.Encode(value));
            var elapsed = AcctEncoder.EncodeElapsed(value);
            var next = value == ulong.MaxValue ? value : value + 1;
            return (value > CompT.Largest ? comp == CompT.Largest : Off(comp, value) * 8196 <= value * (UInt128)4)
                && (value >= 1UL << 50 ? comp2 == 0xfffffUL << 30 : Off(comp2, value) << 20 <= value)
                && elapsed <= value && value - (double)elapsed <= value / 8_388_608.0
                && CompT.Decode(CompT.Encode(next)) >= comp
                && Comp2T.Decode(Comp2T.Encode(next)) >= comp2
                && AcctEncoder.EncodeElapsed(next) >= elapsed;
        });

    [Fact]
    public void ReadingRecords_AllocatesNothing()
    {
        foreach (var kind in RecordGen.AllKinds)
        {
            var slot = Slot.Of(new AcctFileGenerator(1) { Kinds = [kind] }.Next());
            ulong sum = 0;
            Assert.Equal(0, Allocated.By(() =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    AcctRecord.TryReadExit(slot, out var exit);
                    sum += exit.ElapsedMicroseconds + exit.Uid;
                }
            }));
            GC.KeepAlive(sum);
        }
    }

    private static UInt128 Off(ulong a, ulong b) => a > b ? a - b : b - a;
}
