// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Records;

public sealed class ProcessEventTests
{
    /// <summary>By the layouts of linux/connector.h and linux/cn_proc.h: thread 4243 of 4242 makes 5001.</summary>
    [Fact]
    public void Fork_IsRead()
    {
        var happened = ProcessEvent.Read(Message(1, 77, 4243, 4242, 5001, 5001));
        Assert.Equal((ProcessEventKind.Fork, 5001u, 5001u, 4242u), Of(happened));
        Assert.Equal(77, happened.MonotonicNanoseconds);
        Assert.True(happened.IsProcess);
    }

    [Fact]
    public void Thread_IsNoProcess() =>
        Assert.False(ProcessEvent.Read(Message(1, 0, 4242, 4242, 5002, 5001)).IsProcess);

    [Fact]
    public void ExecAndExit_AreRead()
    {
        Assert.Equal((ProcessEventKind.Exec, 7u, 7u, 0u), Of(ProcessEvent.Read(Message(2, 0, 7, 7))));
        Assert.Equal((ProcessEventKind.Exit, 8u, 7u, 0u),
            Of(ProcessEvent.Read(Message(0x8000_0000, 0, 8, 7, 256, 17, 1, 1))));
        // Kernels before 4.17 did not tell the parent.
        Assert.Equal((ProcessEventKind.Exit, 8u, 7u, 0u),
            Of(ProcessEvent.Read(Message(0x8000_0000, 0, 8, 7, 256, 17))));
    }

    [Fact]
    public void Answer_HasItsErrno() =>
        Assert.Equal((ProcessEventKind.Answer, 1u, 0u, 0u), Of(ProcessEvent.Read(Message(0, 0, 1))));

    /// <summary>Changes of ids, sessions, names, tracers, cores, and what may come one day.</summary>
    [Theory]
    [InlineData(4u)]
    [InlineData(0x40u)]
    [InlineData(0x80u)]
    [InlineData(0x100u)]
    [InlineData(0x200u)]
    [InlineData(0x4000_0000u)]
    [InlineData(0x1000u)]
    public void OtherKinds_ArePassedOver(uint what) =>
        Assert.Equal(ProcessEventKind.Other, ProcessEvent.Read(Message(what, 0, 7, 7, 0, 0)).Kind);

    [Fact]
    public void AnyTruncation_IsMalformed()
    {
        foreach (var message in (byte[][])[Message(1, 0, 1, 2, 3, 4), Message(2, 0, 1, 2), Message(0, 0, 1)])
        {
            for (var length = 0; length < message.Length; length++)
            {
                Assert.Equal(ProcessEventKind.Malformed, ProcessEvent.Read(message.AsSpan(0, length)).Kind);
            }
        }

        // The message is whole, and its part for the kind is not.
        Assert.Equal(ProcessEventKind.Malformed, ProcessEvent.Read(Message(1, 0, 1, 2, 3)).Kind);
        Assert.Equal(ProcessEventKind.Malformed, ProcessEvent.Read(Message(0x8000_0000, 0, 1)).Kind);
    }

    [Fact]
    public void OtherConnector_IsMalformed()
    {
        var message = Message(1, 0, 1, 2, 3, 4);
        message[0] = 3;
        Assert.Equal(ProcessEventKind.Malformed, ProcessEvent.Read(message).Kind);
    }

    [Fact]
    public void AnyBytes_GiveAKind() => Holds.ForAll(
        from bytes in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().Resize(80)
        from head in Gen.Choose(0, 60)
        select bytes.Length < head ? bytes : [.. Message(1, 0, 1, 2, 3, 4)[..Math.Min(head, 52)], .. bytes],
        20_000,
        bytes => Enum.IsDefined(ProcessEvent.Read(bytes).Kind));

    /// <summary>cn_msg: idx, val, seq, ack, len, flags; proc_event: what, cpu, time; the part for the kind.</summary>
    internal static byte[] Message(uint what, ulong nanoseconds, params ReadOnlySpan<uint> part)
    {
        var bytes = new byte[36 + (4 * part.Length)];
        var span = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(span, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(span[16..], (ushort)(16 + (4 * part.Length)));
        BinaryPrimitives.WriteUInt32LittleEndian(span[20..], what);
        BinaryPrimitives.WriteUInt64LittleEndian(span[28..], nanoseconds);
        for (var i = 0; i < part.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(span[(36 + (4 * i))..], part[i]);
        }

        return bytes;
    }

    private static (ProcessEventKind, uint, uint, uint) Of(ProcessEvent happened) =>
        (happened.Kind, happened.Thread, happened.Process, happened.Parent);
}
