// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AcctExporter.Records;

/// <summary>
/// What a task waited for, as the kernel's delay accounting tells it apart (<c>include/uapi/linux/taskstats.h</c>). In
/// the order of the fields of struct taskstats; the numbers are part of the journal's format.
/// </summary>
internal enum DelayReason : byte
{
    /// <summary>Ready to run, but no CPU was free. The one reason known without <c>kernel.task_delayacct</c>.</summary>
    Cpu = 0,

    /// <summary>Synchronous block I/O.</summary>
    BlockIo = 1,

    /// <summary>Pages read back from swap.</summary>
    SwapIn = 2,

    /// <summary>Direct reclaim of memory.</summary>
    Reclaim = 3,

    /// <summary>Pages read again that had been evicted a moment before. Since version 9.</summary>
    Thrashing = 4,

    /// <summary>Direct compaction of memory. Since version 11.</summary>
    Compaction = 5,

    /// <summary>Copies of pages at a write. Since version 13.</summary>
    WriteProtectCopy = 6,

    /// <summary>Interrupts; only with CONFIG_IRQ_TIME_ACCOUNTING. Since version 14.</summary>
    Irq = 7,
}

/// <summary>One figure for each <see cref="DelayReason"/>.</summary>
[InlineArray(Count)]
internal struct DelayFigures
{
    /// <summary>Number of reasons.</summary>
    public const int Count = 8;

    private ulong first;
}
