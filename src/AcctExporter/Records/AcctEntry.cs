// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AcctExporter.Records;

/// <summary>
/// One ended process as the process reports see it: an accounting record in the form of v3, whatever its form in the
/// file was, and what the journal knows better. Numbers are decoded when they are asked for, as doubles, since the
/// classic commands count in them and their last digits depend on it.
/// </summary>
internal readonly ref struct AcctEntry
{
    /// <summary>Bytes of a block, of which <see cref="Blocks"/> counts.</summary>
    public const int BlockBytes = 512;

    private const double MicrosecondsPerTick = 1_000_000.0 / AcctRecord.DefaultTicksPerSecond;

    private readonly ref readonly ExitTruth truth;

    /// <summary>Puts the parts together.</summary>
    /// <param name="record">The record. Its version is that which it had in the file.</param>
    /// <param name="ticksPerSecond">Of its times: 100 but for old records that say otherwise.</param>
    /// <param name="truth">What is known better; a null reference for nothing.</param>
    public AcctEntry(ref readonly RawV3 record, ushort ticksPerSecond, ref readonly ExitTruth truth)
    {
        Record = ref record;
        TicksPerSecond = ticksPerSecond;
        this.truth = ref truth;
    }

    /// <summary>The record: ids, flags, begin, terminal, exit code and name are read from it.</summary>
    public readonly ref readonly RawV3 Record;

    /// <summary>
    /// Ticks a second of <see cref="UserTicks"/>, <see cref="SystemTicks"/> and <see cref="ElapsedTicks"/>.
    /// </summary>
    public ushort TicksPerSecond { get; }

    /// <summary>True when CPU time, elapsed time and I/O are those of taskstats.</summary>
    public bool IsTrue => !Unsafe.IsNullRef(in truth) && truth.IsKnown;

    /// <summary>What is known better, in its own units; only to be asked when <see cref="IsTrue"/>.</summary>
    public ref readonly ExitTruth Truth => ref truth;

    /// <summary>The name.</summary>
    public CommandName Command => new(Record.CommandLow, Record.CommandHigh);

    /// <summary>CPU time in user mode, in ticks; with a fraction where it is true.</summary>
    public double UserTicks =>
        IsTrue ? truth.UserMicroseconds / MicrosecondsPerTick : CompT.Decode(Record.UserTicks);

    /// <summary>CPU time in the kernel, likewise.</summary>
    public double SystemTicks =>
        IsTrue ? truth.SystemMicroseconds / MicrosecondsPerTick : CompT.Decode(Record.SystemTicks);

    /// <summary>Time from start to end, likewise.</summary>
    public double ElapsedTicks =>
        IsTrue ? truth.ElapsedMicroseconds / MicrosecondsPerTick : Record.ElapsedTicks;

    /// <summary>
    /// <c>ac_mem</c>: the address space at exit in KiB (System V: resident pages summed over CPU ticks).
    /// </summary>
    public double Memory => CompT.Decode(Record.MemoryKib);

    /// <summary>
    /// True when I/O is known. What kernels write into their records is none: mostly 0, whatever a process did, and on
    /// some the CPU time in microseconds. (Of System V's records readers know that it is I/O.)
    /// </summary>
    public bool HasIo => IsTrue;

    /// <summary>Bytes that system calls read and wrote (<c>ac_io</c>).</summary>
    public double Characters => IsTrue ? truth.CallBytes : CompT.Decode(Record.IoCharacters);

    /// <summary>Blocks of 512 bytes that storage read and must write (<c>ac_rw</c>).</summary>
    public double Blocks =>
        IsTrue ? truth.StorageBytes / BlockBytes : CompT.Decode(Record.BlocksReadOrWritten);

    /// <summary>Page faults served without reading from storage.</summary>
    public double MinorFaults => CompT.Decode(Record.MinorFaults);

    /// <summary>Page faults that waited for storage.</summary>
    public double MajorFaults => CompT.Decode(Record.MajorFaults);

    /// <summary><c>ac_swaps</c>: 0 on Linux.</summary>
    public double Swaps => CompT.Decode(Record.Swaps);

    /// <summary>How the process ended.</summary>
    public ExitStatus Status => new(Record.ExitCode);

    /// <summary>When it ended, in seconds since 1970: exact, see <see cref="ProcessExit.EndUnixSeconds"/>.</summary>
    public long EndUnixSeconds =>
        Record.BeginUnixSeconds + (long)Math.Floor((double)Record.ElapsedTicks / TicksPerSecond);
}
