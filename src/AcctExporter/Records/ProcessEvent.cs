// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace AcctExporter.Records;

/// <summary>What a message of the process connector is about.</summary>
internal enum ProcessEventKind : byte
{
    /// <summary>The bytes are no such message: too short, or of another connector.</summary>
    Malformed,

    /// <summary>A message of the process connector that says nothing we ask for.</summary>
    Other,

    /// <summary>The kernel's answer to a request to listen.</summary>
    Answer,

    /// <summary>A thread was made; the first of a process when <see cref="ProcessEvent.IsProcess"/>.</summary>
    Fork,

    /// <summary>A process runs another program.</summary>
    Exec,

    /// <summary>A thread ended; sent after the accounting record of the process, if this thread was its last.</summary>
    Exit,
}

/// <summary>
/// One message of the kernel's process connector: <c>struct cn_msg</c> (20 bytes, <c>linux/connector.h</c>) with a
/// <c>struct proc_event</c> behind it (<c>linux/cn_proc.h</c>: 16 bytes, then 4 to 24 by kind), in the byte order of
/// the host, which is little endian. Pids are those of the first PID namespace.
/// </summary>
internal readonly struct ProcessEvent
{
    /// <summary>CN_IDX_PROC and CN_VAL_PROC: index, value and multicast group of the connector.</summary>
    public const uint Connector = 1;

    /// <summary>Bytes before the part that differs by kind.</summary>
    public const int HeaderSize = MessageHeaderSize + 16;

    private const int MessageHeaderSize = 20;
    private const int LengthOffset = 16;
    private const uint None = 0;
    private const uint ForkBit = 1;
    private const uint ExecBit = 2;
    private const uint ExitBit = 0x8000_0000;

    /// <summary>The kinds that are read here, as a mask for kernels that can leave out the others (6.6).</summary>
    public const uint Wanted = ForkBit | ExecBit | ExitBit;

    private ProcessEvent(ProcessEventKind kind, ulong time, uint pid, uint tgid, uint parent)
    {
        Kind = kind;
        MonotonicNanoseconds = (long)time;
        Thread = pid;
        Process = tgid;
        Parent = parent;
    }

    /// <summary>What happened.</summary>
    public ProcessEventKind Kind { get; }

    /// <summary>When, by CLOCK_MONOTONIC.</summary>
    public long MonotonicNanoseconds { get; }

    /// <summary>The thread that was made, runs another program, or ended. Of an answer: the errno.</summary>
    public uint Thread { get; }

    /// <summary>Its process.</summary>
    public uint Process { get; }

    /// <summary>The process id of the parent of a fork.</summary>
    public uint Parent { get; }

    /// <summary>True for the thread that gave the process its id.</summary>
    public bool IsProcess => Thread == Process;

    /// <summary>Reads a message: what stands behind the netlink header.</summary>
    public static ProcessEvent Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderSize || UInt32(message, 0) != Connector || UInt32(message, 4) != Connector)
        {
            return default;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(message[LengthOffset..]);
        if (length > message.Length - MessageHeaderSize || length < HeaderSize - MessageHeaderSize)
        {
            return default;
        }

        var what = UInt32(message, MessageHeaderSize);
        var time = BinaryPrimitives.ReadUInt64LittleEndian(message[(MessageHeaderSize + 8)..]);
        var part = message.Slice(HeaderSize, length - (HeaderSize - MessageHeaderSize));
        return what switch
        {
            None when part.Length >= 4 => new(ProcessEventKind.Answer, time, UInt32(part, 0), 0, 0),
            ForkBit when part.Length >= 16 =>
                new(ProcessEventKind.Fork, time, UInt32(part, 8), UInt32(part, 12), UInt32(part, 4)),
            ExecBit when part.Length >= 8 => new(ProcessEventKind.Exec, time, UInt32(part, 0), UInt32(part, 4), 0),
            ExitBit when part.Length >= 8 => new(ProcessEventKind.Exit, time, UInt32(part, 0), UInt32(part, 4), 0),
            None or ForkBit or ExecBit or ExitBit => default,
            _ => new(ProcessEventKind.Other, time, 0, 0, 0),
        };
    }

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
