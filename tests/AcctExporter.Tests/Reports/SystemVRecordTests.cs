// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Records;
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>Records of System V: both sizes, both byte orders.</summary>
public sealed class SystemVRecordTests
{
    private const uint Begin = 1_783_447_190; // Tue 2026-07-07 17:59:50

    [Theory]
    [InlineData(40, false)]
    [InlineData(40, true)]
    [InlineData(32, false)]
    [InlineData(32, true)]
    public void Fields_AreThoseOfTheLayout(int size, bool bigEndian)
    {
        byte[] file =
        [
            .. Record(size, bigEndian, 0x02, "cc1", 1001, Begin), .. Record(size, bigEndian, 0x41, "ckpt", 0, Begin),
            .. Record(size, bigEndian, 0x01, "longname", 0, Begin + 5),
        ];
        foreach (var newestFirst in new[] { false, true })
        {
            var options = new ExitInputOptions
            {
                Files = ["-"], StoragePath = "/none", SystemV = true, NewestFirst = newestFirst,
            };
            using var input = ExitInput.Open(
                options, new ReportIo(new MemoryStream(file), Stream.Null, Console.Error, TimeProvider.System), "tool");
            var batch = new ExitBatch();
            Assert.True(input.Read(batch));
            Assert.True(batch.IsSystemV);
            Assert.False(batch.IsPlain);
            Assert.Equal(2, batch.Count);
            var first = batch[newestFirst ? 1 : 0];
            Assert.Equal("cc1", System.Text.Encoding.ASCII.GetString(batch.Slot(newestFirst ? 1 : 0)[48..51]));
            Assert.Equal("longname\0", System.Text.Encoding.ASCII.GetString(batch.Slot(newestFirst ? 0 : 1)[48..57]));
            Assert.Equal((1001u, 100u, 9u), (first.Record.Uid, first.Record.Gid, first.Record.ExitCode));
            Assert.Equal((0u, 0u, 0x8803), (first.Record.Pid, first.Record.Ppid, (int)first.Record.Tty));
            Assert.Equal((300.0, 100.0, 2000.0), (first.UserTicks, first.SystemTicks, first.ElapsedTicks));
            Assert.Equal((100_032.0, 8192.0, 12.0), (first.Memory, first.Characters, first.Blocks));
            Assert.Equal(Begin, first.Record.BeginUnixSeconds);
            Assert.Equal(0x22, first.Record.Flags);
            Assert.Equal(0, batch[newestFirst ? 0 : 1].Record.Tty);
            Assert.False(input.Read(batch));
            Assert.Equal(1ul, input.OtherRecords);
            Assert.Equal(ReadResult.Whole, input.Result);
        }
    }

    [Fact]
    public void LessThanARecord_IsTold()
    {
        var file = Record(40, false, 0, "sh", 0, Begin);
        var options = new ExitInputOptions { Files = ["-"], StoragePath = "/none", SystemV = true };
        var read = ExitsRead.Of(options, [.. file, .. file[..15]]);
        Assert.Single(read.Records);
        Assert.Equal(ReadResult.WithFlaws, read.Result);
        Assert.Equal("tool: standard input: 15 bytes at its end are less than a record: left out\n", read.Errors);
    }

    private static byte[] Record(int size, bool bigEndian, int flags, string name, uint uid, uint begin)
    {
        var bytes = new byte[size];
        (bytes[0], bytes[1]) = ((byte)(flags | (size == 40 ? 0x20 : 0)), 9);
        var isNone = uid == 0;
        if (size == 40)
        {
            U32(4, uid);
            U32(8, 100);
            U32(12, isNone ? uint.MaxValue : (136u << 18) | 3);
            U32(16, begin);
        }
        else
        {
            U16(2, (ushort)uid);
            U16(4, 100);
            U16(6, (ushort)(isNone ? 0xffff : 0x8803));
            U32(8, begin);
        }

        ushort[] numbers = [300, 100, 2000, CompT.Encode(100_001), 8192, 12];
        for (var i = 0; i < numbers.Length; i++)
        {
            U16((size == 40 ? 20 : 12) + (2 * i), i == 4 ? CompT.Encode(numbers[i]) : numbers[i]);
        }

        System.Text.Encoding.ASCII.GetBytes(name).CopyTo(bytes, size - 8);
        return bytes;

        void U16(int at, ushort value)
        {
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);
            }
        }

        void U32(int at, uint value)
        {
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
            }
        }
    }
}
