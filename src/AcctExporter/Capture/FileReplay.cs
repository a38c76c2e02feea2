// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>Reads whole accounting files into a ledger at full speed, without a journal: what <c>replay</c> does.</summary>
internal sealed class FileReplay(ExitLedger ledger, long unixMicroseconds)
{
    /// <summary>Large enough that a system call is nothing, small enough to stay in the processor's second cache.</summary>
    private const int BufferBytes = 256 << 10;

    private readonly byte[] buffer = new byte[BufferBytes];
    private readonly ProcessExit[] exits = new ProcessExit[ExitTable.BatchExits];
    private readonly int[] offsets = new int[ExitTable.BatchExits];
    private readonly int[] pairs = new int[ExitTable.BatchExits];
    private readonly ulong[] rejected = new ulong[RejectReason.Count];
    private readonly ArrayBufferWriter<byte> decisions = new();

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
            var used = CountAll(buffer.AsSpan(0, held), final: read == 0);
            if (read == 0)
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
            var count = AcctScanner.Read(data[used..], final, exits, offsets, rejected, out var consumed);
            used += consumed;
            if (consumed == 0)
            {
                return used;
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

        ledger.Apply(decisions.WrittenSpan);
        decisions.ResetWrittenCount();
        Array.Clear(rejected);
    }
}
