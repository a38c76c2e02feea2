// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Takes the records that need a closer look out of a file's bytes: <see cref="AcctScanner"/> finds them, and they are
/// brought into the form of the batch.
/// </summary>
/// <param name="assumedTicks">Ticks a second of records that do not say it.</param>
internal sealed class OddRecords(ushort assumedTicks)
{
    private const int Step = 512;

    private ProcessExit[]? exits;
    private readonly int[] offsets = new int[Step];

    /// <summary>Adds the exits in some bytes to a batch, as many as it has room for.</summary>
    /// <param name="data">The bytes, from where a record begins or is looked for.</param>
    /// <param name="final">Nothing follows them.</param>
    /// <param name="place">Where in the file they begin.</param>
    /// <param name="flaws">Where what is no record is counted.</param>
    /// <param name="batch">Where the exits go.</param>
    /// <param name="until">Records from this offset on are left alone.</param>
    /// <returns>How many bytes are done with.</returns>
    public int Read(ReadOnlySpan<byte> data, bool final, long place, InputFlaws flaws, ExitBatch batch,
        int until = int.MaxValue)
    {
        exits ??= new ProcessExit[Step];
        var judged = 0;
        var consumed = 1;
        while (batch.Count < ExitBatch.Capacity && judged < Math.Min(data.Length, until) && consumed > 0)
        {
            var here = data[judged..];
            var room = Math.Min(Step, ExitBatch.Capacity - batch.Count);
            var before = flaws.Total;
            var count = AcctScanner.Read(here, final, exits.AsSpan(0, room), offsets, flaws.Counts, out consumed);
            if (flaws.Total > before)
            {
                flaws.NoteGap(here, place + judged, offsets.AsSpan(0, count));
            }

            for (var i = 0; i < count && judged + offsets[i] < until; i++)
            {
                var ticks = HostRecord.Write(here[offsets[i]..], batch.Slot(batch.Count), assumedTicks);
                batch.SetTicks(batch.Count++, ticks);
            }

            judged += consumed;
        }

        return judged;
    }
}
