// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Reads whole accounting files into a ledger at full speed, without a journal: what <c>replay</c> does.
/// </summary>
internal sealed class FileReplay(ExitLedger ledger, long unixMicroseconds)
{
    /// <summary>
    /// Large enough that a system call is nothing, small enough to stay in the processor's second cache.
    /// </summary>
    private const int BufferBytes = 256 << 10;

    private readonly byte[] buffer = new byte[BufferBytes];
    private readonly ProcessExit[] exits = new ProcessExit[ExitTable.BatchExits];
    private readonly int[] offsets = new int[ExitTable.BatchExits];
    private readonly int[] pairs = new int[ExitTable.BatchExits];
    private readonly ulong[] rejected = new ulong[RejectReason.Count];
    private readonly ArrayBufferWriter<byte> decisions = new();
    private ulong leaving;

    /// <summary>Exits counted so far.</summary>
    public ulong Exits { get; private set; }

    /// <summary>Slots rejected so far, for all reasons together.</summary>
    public ulong Rejected { get; private set; }

    /// <summary>Counts everything in a file or a pipe.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(Stream file)
    {
        var held = 0;
        while (true)
        {
            var read = file.Read(buffer, held, buffer.Length - held);
            held += read;
            var final = read == 0;
            // The last records wait for the end of the file: there they may be those that the kernel writes when it
            // leaves.
            var judged = final ? held : Math.Max(0, held - (LeavingRecords.Most * AcctRecord.Size));
            var used = CountAll(buffer.AsSpan(0, judged), final);
            if (final)
            {
                break;
            }

            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
        }

        TallyRejected();
    }

    private int CountAll(ReadOnlySpan<byte> data, bool final)
    {
        var used = 0;
        while (true)
        {
            var rest = data[used..];
            var count = AcctScanner.Read(rest, final, exits, offsets, rejected, out var consumed);
            used += consumed;
            if (consumed == 0)
            {
                return used;
            }

            if (final && used == data.Length)
            {
                var left = LeavingRecords.CountAtEnd(exits.AsSpan(0, count), offsets, rest, consumed);
                count -= left;
                leaving += (ulong)left;
            }

            ledger.Plan(exits.AsSpan(0, count), pairs, decisions, unixMicroseconds);
            decisions.ResetWrittenCount();
            ledger.Count(exits.AsSpan(0, count), pairs, unixMicroseconds);
            Exits += (ulong)count;
        }
    }

    private void TallyRejected()
    {
        foreach (var reason in RejectReason.All)
        {
            Rejected += rejected[(int)reason];
            Decisions.WriteTally(decisions, Tallies.Rejected(reason), rejected[(int)reason]);
        }

        Decisions.WriteTally(decisions, Tallies.LeavingRecords, leaving);
        leaving = 0;
        ledger.Apply(decisions.WrittenSpan);
        decisions.ResetWrittenCount();
        Array.Clear(rejected);
    }
}
